/** KSR's own functions: KSR.is_INVITE(), KSR.setflag() ... */
import { LogLevel } from '../../base/log.ts'
import { isIPv4 } from 'node:net'
import { kemi, type KemiDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { Flow } from '../../runtime/context.ts'
import { runTopRoute } from '../../runtime/flow.ts'
import { forwardTo, forwardToUri, queryOfUri } from '../../runtime/forward.ts'
import type { Host } from '../../runtime/host.ts'
import { isOwn } from '../../runtime/expression-operand.ts'
import { isOwnAddress } from '../../runtime/own-address.ts'
import type { TransportName } from '../../sip/endpoint.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { methodId, METHOD_OTHER } from '../../sip/method.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { rewrite } from './rewrite.ts'
import { headerKemi } from './kemi-headers.ts'
import { variableKemi } from './kemi-variables.ts'

type Kemi = KemiDef<Host>

const logging = (summary: string, level: LogLevel): Kemi =>
  kemi({
    summary,
    args: ['text'],
    returns: 'none',
    run: (_context, host: Host, text) => writeLine(host, level, text),
  })

function writeLine(host: Host, level: LogLevel, text: string): undefined {
  if (host.log.isEnabled(level)) host.log.write({ level, origin: '<core>: ', text, isVerbatim: true })
  return undefined
}

/** What KSR.log() calls its levels; any other word is an error. */
const levelNames: Readonly<Record<string, LogLevel>> = {
  dbg: LogLevel.dbg, info: LogLevel.info, notice: LogLevel.notice, warn: LogLevel.warn, crit: LogLevel.crit,
}

const test = (summary: string, run: (context: RouteContext, host: Host) => boolean): Kemi =>
  kemi({ summary, args: [], returns: 'bool', run: (context, host: Host) => run(context, host) })

/** The method of a request, or the one in CSeq that a reply belongs to. */
function methodOf({ message }: RouteContext): string {
  return message.isRequest ? message.method : (message.cseq()?.method ?? '')
}

const METHODS = [
  'INVITE', 'ACK', 'BYE', 'CANCEL', 'REGISTER', 'MESSAGE', 'SUBSCRIBE', 'PUBLISH', 'NOTIFY', 'OPTIONS', 'INFO', 'UPDATE', 'PRACK', 'REFER',
  'KDMQ', 'GET', 'POST', 'PUT', 'DELETE',
]

const methodTests = Object.fromEntries(METHODS.map((method) => [
  `is_${method}`,
  test(`Tells whether the method is ${method}; of a reply, that of its request.`, (context) => methodOf(context) === method),
]))

const methodLetters: Readonly<Record<string, string>> = {
  I: 'INVITE', A: 'ACK', B: 'BYE', C: 'CANCEL', R: 'REGISTER', M: 'MESSAGE', S: 'SUBSCRIBE', N: 'NOTIFY', P: 'PUBLISH', O: 'OPTIONS',
  U: 'UPDATE', E: 'PRACK', F: 'REFER', K: 'KDMQ', G: 'GET', T: 'POST', V: 'PUT', D: 'DELETE',
}

function isMethodIn(context: RouteContext, host: Host, letters: string): boolean {
  const own = methodOf(context)
  for (let at = 0; at < letters.length; at++) {
    const letter = letters.charAt(at)
    const method = methodLetters[letter] ?? methodLetters[letter.toUpperCase()]
    if (method === own) return true
    if (method === undefined) host.log.warning('<core>', `unsupported method flag: ${letter}`)
  }
  return false
}

/** One method, or a list of known ones with bars between, in any case. */
function isMethod(context: RouteContext, host: Host, text: string): boolean {
  if (text === '') {
    host.log.warning('<core>', 'invalid parameters')
    return false
  }
  const own = methodOf(context)
  if (own === text) return true
  const id = methodId(own)
  const names = text.toUpperCase().split('|')
  return id === METHOD_OTHER ? names.includes(own.toUpperCase()) : names.some((name) => methodId(name.trim()) === id)
}

const transportOf = ({ message }: RouteContext): TransportName => message.received.socket.transport

const byTransport = (name: string, transports: readonly TransportName[]): Readonly<Record<string, Kemi>> => ({
  [`is_${name}`]: test(`Tells whether the message came by ${name}.`, (context) => transports.includes(transportOf(context))),
  [`to_${name}`]: test(`Tells whether the message goes out by ${name}, in onsend_route.`, ({ sending }) =>
    sending !== undefined && transports.includes(sending.socket.transport)),
})

const transportLetters: Readonly<Record<string, TransportName>> = { U: 'udp', T: 'tcp', E: 'tls', S: 'sctp', W: 'ws', V: 'wss' }

const marking = (summary: string, bit: number): Kemi =>
  test(summary, ({ message }) => {
    message.msgFlags |= bit
    return true
  })

const FLAG_MAX = 31

function isFlag(host: Host, flag: number): boolean {
  if (flag >= 0 && flag <= FLAG_MAX) return true
  host.log.error('<core>', `message flag ${flag} too high; MAX=${FLAG_MAX}`)
  host.log.error('<core>', `invalid flag parameter ${flag}`)
  return false
}

type Change = 'set' | 'reset' | 'is'

function changed(flags: number, flag: number, change: Change): number | boolean {
  if (change === 'is') return ((flags >>> flag) & 1) === 1
  return (change === 'set' ? flags | (1 << flag) : flags & ~(1 << flag)) >>> 0
}

/** Flags of the message, and of the script. */
const flagOf = (summary: string, where: 'message' | 'script', change: Change): Kemi =>
  kemi({
    summary,
    args: ['flag:int'],
    returns: 'bool',
    run(context, host: Host, flag) {
      if (!isFlag(host, flag)) return false
      const result = changed(where === 'message' ? context.message.flags : context.scriptFlags, flag, change)
      if (typeof result === 'boolean') return result
      if (where === 'message') context.message.flags = result
      else context.scriptFlags = result
      return true
    },
  })

function changeBranchFlag(context: RouteContext, host: Host, flag: number, branch: number, change: Change): boolean {
  if (!isFlag(host, flag)) return false
  const owner = branch === 0 ? undefined : context.branches.list[branch - 1]
  // As in Kamailio: a branch that is not there takes the flag without a word.
  if (branch !== 0 && owner === undefined) return change !== 'is'
  const result = changed(owner ? owner.flags : context.message.branchFlags, flag, change)
  if (typeof result === 'boolean') return result
  if (owner) owner.flags = result
  else context.message.branchFlags = result
  return true
}

const branchFlags = (name: string, verb: string, change: Change): Readonly<Record<string, Kemi>> => {
  const one = name.replace('bi', 'b')
  return {
    [one]: kemi({
      summary: `${verb} a flag of the request's own branch.`,
      args: ['flag:int'],
      returns: 'bool',
      run: (context, host: Host, flag) => changeBranchFlag(context, host, flag, 0, change),
    }),
    [name]: kemi({
      summary: `${verb} a flag of a branch by its number; 0 is the Request-URI itself.`,
      args: ['flag:int', 'branch:int'],
      returns: 'bool',
      run: (context, host: Host, flag, branch) => changeBranchFlag(context, host, flag, branch, change),
    }),
  }
}

const part = (what: 'user' | 'host'): Kemi =>
  kemi({
    summary: `Sets the ${what} of the Request-URI.`,
    args: [what],
    returns: 'bool',
    run: (context, _host: Host, value) => rewrite(context, { part: what, value }) > 0,
  })

const ownUri = (name: string, what: string): Kemi => test(`Tells whether ${what} is this server.`, (context) => isOwn(context, name))

export const coreKemi: Readonly<Record<string, Kemi>> = {
  dbg: logging('Logs a text for debugging.', LogLevel.dbg),
  info: logging('Logs a text at level info.', LogLevel.info),
  notice: logging('Logs a text at level notice.', LogLevel.notice),
  warn: logging('Logs a warning.', LogLevel.warn),
  err: logging('Logs an error.', LogLevel.err),
  crit: logging('Logs a critical error.', LogLevel.crit),
  log: kemi({
    summary: 'Logs a text at a level: dbg, info, notice, warn, crit; any other is err.',
    args: ['level', 'text'],
    returns: 'none',
    run: (_context, host: Host, level, text) => writeLine(host, levelNames[level] ?? LogLevel.err, text),
  }),
  get_debug: kemi({ summary: 'The level of the log.', args: [], run: (_context, host: Host) => host.log.level }),
  ...methodTests,
  is_method: kemi({
    summary: 'Tells whether the method is that one, or one of a list such as INVITE|ACK.',
    args: ['methods'], returns: 'bool', run: isMethod,
  }),
  is_method_in: kemi({
    summary:
      'Tells whether the method is one of those with these letters: I INVITE, A ACK, B BYE, C CANCEL, R REGISTER, M MESSAGE, ' +
      'S SUBSCRIBE, ' +
      'N NOTIFY, P PUBLISH, O OPTIONS, U UPDATE, E PRACK, F REFER, K KDMQ, G GET, T POST, V PUT, D DELETE.',
    args: ['letters'], returns: 'bool', run: isMethodIn,
  }),
  ...byTransport('UDP', ['udp']),
  ...byTransport('TCP', ['tcp']),
  ...byTransport('TLS', ['tls']),
  ...byTransport('SCTP', ['sctp']),
  ...byTransport('WS', ['ws']),
  ...byTransport('WSS', ['wss']),
  ...byTransport('WSX', ['ws', 'wss']),
  is_TCPX: test('Tells whether the message came by TCP, or by what runs over it.', (context) =>
    !/^(udp|sctp)$/.test(transportOf(context))),
  is_IPv4: test('Tells whether the message came by IPv4.', ({ message }) => isIPv4(message.received.sourceAddress)),
  is_IPv6: test('Tells whether the message came by IPv6.', ({ message }) => !isIPv4(message.received.sourceAddress)),
  to_IPv4: test('Tells whether the message goes out by IPv4, in onsend_route.', ({ sending }) =>
    sending !== undefined && isIPv4(sending.address)),
  to_IPv6: test('Tells whether the message goes out by IPv6, in onsend_route.', ({ sending }) =>
    sending !== undefined && !isIPv4(sending.address)),
  is_src_port: kemi({
    summary: 'Tells whether the message came from that port.', args: ['port:int'], returns: 'bool',
    run: ({ message }, _host: Host, port) => message.received.sourcePort === port,
  }),
  is_dst_port: kemi({
    summary: 'Tells whether the message came to that port.', args: ['port:int'], returns: 'bool',
    run: ({ message }, _host: Host, port) => message.received.socket.port === port,
  }),
  is_proto: kemi({
    summary: 'Tells whether the message came by one of the transports with these letters: U UDP, T TCP, E TLS, S SCTP, W WS, V WSS.',
    args: ['letters'], returns: 'bool',
    run: (context, _host: Host, letters) => [...letters.toUpperCase()].some((letter) => transportLetters[letter] === transportOf(context)),
  }),
  is_myself: kemi({
    summary: 'Tells whether a URI or host is this server.', args: ['uri'], returns: 'bool',
    run: (_context, host: Host, uri) => isOwnAddress(host.network, uri),
  }),
  is_myself_ruri: ownUri('uri', 'the Request-URI'),
  is_myself_furi: ownUri('from_uri', "From's URI"),
  is_myself_turi: ownUri('to_uri', "To's URI"),
  is_myself_srcip: ownUri('src_ip', 'where the message came from'),
  is_myself_duri: test('Tells whether the destination URI is this server.', ({ message, host }) =>
    message.dstUri !== undefined && isOwnAddress(host.network, message.dstUri)),
  is_myself_nhuri: test('Tells whether the next hop (the destination, or else the Request-URI) is this server.', ({ message, host }) =>
    isOwnAddress(host.network, message.dstUri ?? message.uri)),
  is_myself_suri: test('Tells whether where the message came from, with its port and transport, is this server.', ({ message, host }) => {
    const { sourceAddress, sourcePort, socket } = message.received
    return host.network.isMyself(sourceAddress, sourcePort, socket.transport)
  }),
  setflag: flagOf('Sets a flag of the message.', 'message', 'set'),
  resetflag: flagOf('Clears a flag of the message.', 'message', 'reset'),
  isflagset: flagOf('Tells whether a flag of the message is set.', 'message', 'is'),
  setsflag: flagOf('Sets a flag of the script.', 'script', 'set'),
  resetsflag: flagOf('Clears a flag of the script.', 'script', 'reset'),
  issflagset: flagOf('Tells whether a flag of the script is set.', 'script', 'is'),
  ...branchFlags('setbiflag', 'Sets', 'set'),
  ...branchFlags('resetbiflag', 'Clears', 'reset'),
  ...branchFlags('isbiflagset', 'Tells about', 'is'),
  seturi: kemi({
    summary: 'Sets the Request-URI.', args: ['uri'], returns: 'bool',
    run: ({ message }, _host: Host, uri) => {
      message.setUri(uri)
      return true
    },
  }),
  setuser: part('user'),
  sethost: part('host'),
  setdsturi: kemi({
    summary: 'Sets the destination: where the request is sent.', args: ['uri'], returns: 'bool',
    run: ({ message }, _host: Host, uri) => {
      message.setDestination(uri)
      return true
    },
  }),
  resetdsturi: test('Clears the destination.', ({ message }) => {
    message.setDestination(undefined)
    return true
  }),
  isdsturiset: test('Tells whether a destination is set.', ({ message }) => message.dstUri !== undefined && message.dstUri !== ''),
  force_rport: marking('Answers to the address and port the request came from (RFC 3581).', MessageFlag.forceRport),
  add_local_rport: marking('Asks for rport in the own Via.', MessageFlag.localRport),
  set_forward_close: marking('Closes the connection once the request is forwarded.', MessageFlag.forwardClose),
  set_forward_no_connect: marking('Forwards only over a connection that stands.', MessageFlag.forwardNoConnect),
  set_reply_close: marking('Closes the connection once the reply is sent.', MessageFlag.replyClose),
  set_reply_no_connect: marking('Replies only over a connection that stands.', MessageFlag.replyNoConnect),
  set_advertised_address: kemi({
    summary: 'Names this host in the Via of this message.', args: ['address'],
    run: ({ message }, _host: Host, address) => {
      message.advertisedAddress = address
      return 1
    },
  }),
  set_advertised_port: kemi({
    summary: 'Names this port in the Via of this message.', args: ['port'],
    run: ({ message }, _host: Host, port) => {
      message.advertisedPort = Number.parseInt(port, 10) || 0
      return 1
    },
  }),
  add_tcp_alias: kemi({
    summary: 'Uses this connection for requests to that port of the peer (RFC 5923).', args: ['port:int'],
    run: (context, host: Host, port) => addAlias(context, host, port),
  }),
  add_tcp_alias_via: kemi({
    summary: 'Uses this connection for requests to the port in Via (RFC 5923).', args: [],
    run: (context, host: Host) => addAlias(context, host, context.message.via(0)?.port ?? 0),
  }),
  forward: kemi({
    summary: 'Sends the request without state to its destination, or else to its Request-URI.', args: [], mayWait: true,
    run: (context) => forwardToUri(context),
  }),
  forward_uri: kemi({
    summary: 'Sends the request without state to a URI.', args: ['uri'], mayWait: true,
    run(context, host: Host, text) {
      const uri = parseUri(text)
      if (!(uri instanceof ParseError)) return forwardTo(context, queryOfUri(uri))
      host.log.error('<core>', 'forward - bad_uri dropping packet')
      return -1
    },
  }),
  route: kemi({
    summary: 'Runs a route[NAME] of the native script; the answer is what it returns.', args: ['name'], mayWait: true,
    run: (context, host: Host, name) => runNative(context, host, name),
  }),
  set_drop: kemi({
    summary: 'Drops the message when the route has ended: in reply, branch and event routes.', args: [], returns: 'none',
    run: (context) => {
      context.flow |= Flow.drop
      return undefined
    },
  }),
  ...headerKemi,
  ...variableKemi,
}

/** True on UDP too, where there is nothing to do. */
function addAlias({ message }: RouteContext, host: Host, port: number): number {
  const { connectionId } = message.received
  return connectionId === 0 || host.network.addAlias(connectionId, port) ? 1 : -1
}

/** The script goes on behind it whatever the route did to itself. */
function runNative(context: RouteContext, host: Host, name: string): number | Promise<number> {
  const route = host.nativeRoutes.request(name)
  if (route === undefined) return -1
  const end = (result: number): number => {
    context.flow &= Flow.drop
    return result
  }
  const running = runTopRoute(context, route)
  return running instanceof Promise ? running.then(end) : end(running)
}
