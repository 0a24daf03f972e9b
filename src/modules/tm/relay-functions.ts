import { arg, fn, form, type FunctionDef } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { TransportName } from '../../sip/endpoint.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { queryOfUri } from '../../runtime/forward.ts'
import { canceledInviteOf } from './cancel.ts'
import { transactionOf } from './server-side.ts'
import { forwardNonAck, relay, RelayFlag, type RelayOptions } from './relay.ts'
import { TmError } from './send.ts'
import type { Tm } from './state.ts'

const REQUEST: readonly RouteName[] = ['request']
const RELAYING: readonly RouteName[] = ['request', 'failure']
const RETURNS = { 1: 'sent, or a copy that was answered again', [-1]: 'not sent; the request gets an error reply when the script ends' }

const host = arg.str('host', 'Name or address.')
const port = arg.int('port', 'Port; 0 for the usual one.', { min: 0, max: 65535 })

/** `transport:host:port`, as t_relay_to() and t_replicate() take it. */
function proxyOf(text: string): RelayOptions {
  const parts = /^(?:(udp|tcp|tls|sctp):)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/i.exec(text)
  if (parts === null) return {}
  const [, transport, name = '', digits] = parts
  return { host: name.replace(/^\[|\]$/g, ''), port: Number(digits ?? 0), transport: transportOf(transport) }
}

function transportOf(text: string | undefined): TransportName | undefined {
  const name = text?.toLowerCase()
  return name === 'udp' || name === 'tcp' || name === 'tls' || name === 'sctp' ? name : undefined
}

/** Without a host, to where the destination or the Request-URI says, by that transport. */
const relayingBy = (transport: TransportName | undefined): FunctionDef<Tm> => ({
  summary: `Sends the request on${transport === undefined ? '' : ` by ${transport.toUpperCase()}`}, with a transaction.`,
  returns: RETURNS,
  forms: [
    form({ routes: RELAYING, mayWait: true, args: [], run: (context, tm: Tm) => relay(tm, context, { transport }) }),
    form({
      routes: RELAYING,
      mayWait: true,
      args: [host, port],
      run: (context, tm: Tm, name, number) => relay(tm, context, { host: name, port: number, transport }),
    }),
  ],
})

const nonAckBy = (transport: TransportName | undefined): FunctionDef<Tm> =>
  fn({
    summary: 'Sends the request of the transaction to a host.',
    routes: REQUEST,
    mayWait: true,
    args: [host, port],
    run: (context, tm: Tm, name, number) => forwardMade(tm, context, { host: name, port: number, transport }),
  })

function forwardMade(tm: Tm, context: RouteContext, options: RelayOptions): number | Promise<number> {
  const transaction = transactionOf(tm, context)
  if (transaction === undefined) {
    tm.host.log.error('tm', 't_forward_nonack(): no transaction found')
    return -1
  }
  const said = (result: number): number => (result === TmError.noBranch ? TmError.unspecified : result)
  const forwarded = forwardNonAck(tm, context, transaction, options)
  return forwarded instanceof Promise ? forwarded.then(said) : said(forwarded)
}

const replicatingBy = (transport: TransportName | undefined): FunctionDef<Tm> =>
  fn({
    summary: 'Sends a copy of the request to a host; what it answers goes nowhere.',
    routes: REQUEST,
    mayWait: true,
    args: [host, port],
    run: (context, tm: Tm, name, number) => relay(tm, context, { host: name, port: number, transport, replicates: true }),
  })

function replicateTo(tm: Tm, context: RouteContext, text: string | undefined): number | Promise<number> {
  if (text === undefined || text === '') return relay(tm, context, { replicates: true })
  const uri = /^sips?:/i.test(text) ? parseUri(text) : undefined
  if (uri instanceof ParseError) return -1
  if (uri === undefined) return relay(tm, context, { ...proxyOf(text), replicates: true })
  const query = queryOfUri(uri)
  return relay(tm, context, { host: query.host, port: query.port, transport: query.transport, replicates: true })
}

export const relayFunctions = {
  t_relay: relayingBy(undefined),
  t_relay_to_udp: relayingBy('udp'),
  t_relay_to_tcp: relayingBy('tcp'),
  t_relay_to_tls: relayingBy('tls'),
  t_relay_to_sctp: relayingBy('sctp'),
  t_relay_to: {
    summary: 'Sends the request on: to a proxy, with flags, or as t_relay().',
    returns: RETURNS,
    forms: [
      form({
        routes: RELAYING,
        mayWait: true,
        args: [
          arg.optional(arg.str('proxy', '`transport:host:port`, or the flags.')),
          arg.optional(arg.int('flags', '1 no 100, 2 no error reply, 4 no further address of a name.')),
        ],
        run: (context, tm: Tm, proxy, flags) => {
          const areFlags = proxy !== undefined && flags === undefined && /^(?:0x)?[0-9a-f]+$/i.test(proxy)
          // As in Kamailio, no 100 is kept back when there are flags only.
          if (areFlags) return relay(tm, context, { flags: Number(proxy) & ~RelayFlag.no100 })
          return relay(tm, context, { ...(proxy ? proxyOf(proxy) : {}), flags: flags ?? 0 })
        },
      }),
    ],
  },
  t_relay_to_proxy: fn({
    summary: 'Sends the request on to a proxy.',
    returns: RETURNS,
    routes: RELAYING,
    mayWait: true,
    args: [arg.str('proxy', '`transport:host:port`')],
    run: (context, tm: Tm, proxy) => relay(tm, context, proxyOf(proxy)),
  }),
  t_relay_to_avp: fn({
    summary: 'Sends the request on to the host in a variable.',
    returns: RETURNS,
    routes: REQUEST,
    mayWait: true,
    args: [host, port],
    run: (context, tm: Tm, name, number) => relay(tm, context, { host: name, port: number }),
  }),
  t_relay_cancel: fn({
    summary: 'Sends a CANCEL on, if its INVITE is there.',
    returns: { 0: 'sent; the script ends', 1: 'no CANCEL, or there is no such INVITE', [-1]: 'not sent' },
    routes: REQUEST,
    mayWait: true,
    args: [],
    run: (context, tm: Tm) => {
      if (context.message.method !== 'CANCEL') return 1
      if (canceledInviteOf(tm, context.message) === undefined) return 1
      const relayed = relay(tm, context)
      const ended = (result: number): number => (result > 0 ? 0 : result)
      return relayed instanceof Promise ? relayed.then(ended) : ended(relayed)
    },
  }),
  t_lookup_cancel: {
    summary: 'Tells whether the INVITE of a CANCEL is there.',
    forms: [
      form({
        routes: REQUEST,
        args: [arg.optional(arg.int('flags', '1: take over the flags of the INVITE.'))],
        run: (context, tm: Tm, flags) => {
          const { message } = context
          if (message.method !== 'CANCEL') {
            tm.host.log.warning('tm', 't_lookup_cancel(): not a CANCEL')
            return -1
          }
          const invite = canceledInviteOf(tm, message)
          if (invite === undefined) return -1
          if (flags !== undefined && (flags & 1) !== 0) message.flags = invite.flags
          return 1
        },
      }),
    ],
  },
  t_forward_nonack: nonAckBy(undefined),
  t_forward_nonack_to: nonAckBy(undefined),
  t_forward_nonack_udp: nonAckBy('udp'),
  t_forward_nonack_tcp: nonAckBy('tcp'),
  t_forward_nonack_tls: nonAckBy('tls'),
  t_forward_nonack_sctp: nonAckBy('sctp'),
  t_forward_nonack_uri: fn({
    summary: 'Sends the request of the transaction to its Request-URI.',
    routes: REQUEST,
    mayWait: true,
    args: [],
    run: (context, tm: Tm) => forwardMade(tm, context, {}),
  }),
  t_replicate: {
    summary: 'Sends a copy of the request; what is answered goes nowhere.',
    forms: [
      form({
        routes: REQUEST,
        mayWait: true,
        args: [arg.optional(arg.str('target', 'SIP URI or host.')), arg.optional(port)],
        run: (context, tm: Tm, target, number) =>
          number === undefined
            ? replicateTo(tm, context, target)
            : relay(tm, context, { host: target ?? '', port: number, replicates: true }),
      }),
    ],
  },
  t_replicate_to: replicatingBy(undefined),
  t_replicate_udp: replicatingBy('udp'),
  t_replicate_tcp: replicatingBy('tcp'),
  t_replicate_tls: replicatingBy('tls'),
  t_replicate_sctp: replicatingBy('sctp'),
} satisfies Record<string, FunctionDef<Tm>>
