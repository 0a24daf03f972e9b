import { arg, defineModule, fn, form, type FunctionDef } from '../../define/define.ts'
import { LogLevel } from '../../base/log.ts'
import { coreParams } from '../../runtime/settings.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { executeCommand } from './exec.ts'
import { forwardBy, mayForwardWait, prepareForwardHost, prepareForwardPort } from './forward.ts'
import { rewrite, stripUser } from './rewrite.ts'
import { prepareSocket } from '../../runtime/socket-name.ts'
import { withUserPhone } from './uri-rewriting.ts'
import { coreKemi } from './kemi.ts'
import { coreRpc } from './rpc.ts'
import { coreSelects } from './selects.ts'
import { coreVariables } from './variables.ts'

const forwardHost = arg.custom('host', 'Name, address or `uri:host`.', prepareForwardHost)
const forwardPort = arg.custom('port', 'Port, or `uri:port`; 0 for the usual one.', prepareForwardPort)

const forwarding = (transport: 'udp' | 'tcp' | 'tls' | 'sctp' | undefined): FunctionDef<Host> => ({
  summary:
    transport === undefined
      ? 'Sends the request without state: to a host, or to its destination or Request-URI.'
      : `Sends the request without state by ${transport.toUpperCase()}.`,
  returns: { 1: 'sent', [-477]: 'sending failed', [-478]: 'the host cannot be resolved', [-479]: 'the URI cannot be read' },
  forms: [
    form({
      routes: 'any',
      mayWait: true,
      mayWaitWith: mayForwardWait,
      args: [arg.optional(forwardHost), arg.optional(forwardPort)],
      run: (context, _host: Host, host, port) => forwardBy(context, transport, host, port),
    }),
  ],
})

const flag = arg.constant('flag', 'Number of the flag, 0 to 31.', { min: 0, max: 31 })
const count = arg.constant('count', 'How many characters.', { min: 0 })
const text = (summary: string) => arg.literal('text', summary)

/** A function that sets bits of the message. */
const marking = (summary: string, bit: number): FunctionDef<Host> =>
  fn({
    summary,
    routes: 'any',
    args: [],
    run: (context) => {
      context.message.msgFlags |= bit
      return 1
    },
  })

const rewriting = (
  summary: string,
  part: 'host' | 'hostport' | 'hostporttrans' | 'port' | 'user' | 'userpass' | 'prefix',
): FunctionDef<Host> =>
  fn({
    summary,
    routes: 'any',
    args: [text('The new text, as it is written.')],
    run: (context, _host: Host, value) => rewrite(context, { part, value }),
  })

function setUri(context: RouteContext, uri: string | { readonly reason: string }): number {
  if (typeof uri !== 'string') return -1
  context.message.setUri(uri)
  return 1
}

export default defineModule({
  name: 'core',
  summary: "The core's own functions, variables and selects: always there.",
  area: 'core',
  params: coreParams,
  setup: (host) => host,
  functions: {
    forward: forwarding(undefined),
    forward_udp: forwarding('udp'),
    forward_tcp: forwarding('tcp'),
    forward_tls: forwarding('tls'),
    forward_sctp: forwarding('sctp'),
    setflag: fn({
      summary: 'Sets a flag of the message.',
      routes: 'any',
      args: [flag],
      run: (context, _host: Host, number) => {
        context.message.flags = (context.message.flags | (1 << number)) >>> 0
        return 1
      },
    }),
    resetflag: fn({
      summary: 'Clears a flag of the message.',
      routes: 'any',
      args: [flag],
      run: (context, _host: Host, number) => {
        context.message.flags = (context.message.flags & ~(1 << number)) >>> 0
        return 1
      },
    }),
    isflagset: fn({
      summary: 'Tells whether a flag of the message is set.',
      routes: 'any',
      args: [flag],
      run: (context, _host: Host, number) => ((context.message.flags >>> number) & 1 ? 1 : -1),
    }),
    rewriteuri: fn({
      summary: 'Sets the Request-URI.',
      routes: 'any',
      args: [text('The new URI.')],
      run: (context, _host: Host, uri) => setUri(context, uri),
    }),
    rewritehost: rewriting('Sets the host of the Request-URI.', 'host'),
    rewritehostport: rewriting('Sets host and port of the Request-URI.', 'hostport'),
    rewritehostporttrans: rewriting('Sets host, port and transport of the Request-URI.', 'hostporttrans'),
    rewriteport: rewriting('Sets the port of the Request-URI.', 'port'),
    rewriteuser: rewriting('Sets the user of the Request-URI.', 'user'),
    rewriteuserpass: rewriting('Sets user and password of the Request-URI.', 'userpass'),
    prefix: rewriting('Puts a text in front of the user of the Request-URI.', 'prefix'),
    strip: fn({
      summary: 'Takes characters off the start of the user of the Request-URI.',
      routes: 'any',
      args: [count],
      run: (context, _host: Host, characters) => stripUser(context, 'strip', characters),
    }),
    strip_tail: fn({
      summary: 'Takes characters off the end of the user of the Request-URI.',
      routes: 'any',
      args: [count],
      run: (context, _host: Host, characters) => stripUser(context, 'strip_tail', characters),
    }),
    userphone: fn({
      summary: 'Adds user=phone to the Request-URI.',
      routes: 'any',
      args: [],
      run: (context) => setUri(context, withUserPhone(context.message.uri)),
    }),
    revert_uri: fn({
      summary: 'Goes back to the Request-URI that came.',
      routes: 'any',
      args: [],
      run: (context) => {
        context.message.newUri = undefined
        return 1
      },
    }),
    remove_branch: fn({
      summary: 'Removes a further branch by its number; a negative one counts from the end.',
      routes: 'any',
      args: [arg.optional(arg.constant('branch', 'Its number, the first is 0.'))],
      run: (context, _host: Host, index = 0) => {
        const { list } = context.branches
        return list.splice(index < 0 ? list.length + index : index, 1).length > 0 ? 1 : -1
      },
    }),
    clear_branches: fn({
      summary: 'Removes all further branches.',
      routes: 'any',
      args: [],
      run: (context) => {
        context.branches.clear()
        return 1
      },
    }),
    force_rport: marking('Answers to the address and port the request came from (RFC 3581).', MessageFlag.forceRport),
    add_local_rport: marking('Asks for rport in the own Via.', MessageFlag.localRport),
    set_forward_close: marking('Closes the connection once the request is forwarded.', MessageFlag.forwardClose),
    set_forward_no_connect: marking('Forwards only over a connection that stands.', MessageFlag.forwardNoConnect),
    set_reply_close: marking('Closes the connection once the reply is sent.', MessageFlag.replyClose),
    set_reply_no_connect: marking('Replies only over a connection that stands.', MessageFlag.replyNoConnect),
    force_tcp_alias: fn({
      summary: 'Uses this connection for requests to the address in Via (RFC 5923).',
      routes: 'any',
      args: [arg.optional(arg.constant('port', 'The alias port; the one in Via when absent.', { min: 0, max: 65535 }))],
      run: (context, host: Host, port) => {
        const via = context.message.via(0)
        return host.network.addAlias(context.message.received.connectionId, port ?? via?.port ?? 0) ? 1 : -1
      },
    }),
    udp_mtu_try_proto: fn({
      summary: 'Names the transport of this request when it is larger than udp_mtu.',
      routes: 'any',
      args: [text('UDP, TCP, TLS or SCTP.')],
      run: (context, _host: Host, protocol) => {
        // As in Kamailio, UDP does not take back what udp_mtu_try_proto says for all.
        const transport = protocol.toLowerCase()
        if (transport !== 'udp') context.message.mtuTransport = transport
        return 1
      },
    }),
    set_advertised_address: fn({
      summary: 'Names this host in the Via of this message.',
      routes: 'any',
      args: [text('Host or address.')],
      run: (context, _host: Host, address) => {
        context.message.advertisedAddress = address
        return 1
      },
    }),
    set_advertised_port: fn({
      summary: 'Names this port in the Via of this message.',
      routes: 'any',
      args: [arg.constant('port', 'The port.', { min: 1, max: 65535 })],
      run: (context, _host: Host, port) => {
        context.message.advertisedPort = port
        return 1
      },
    }),
    force_send_socket: fn({
      summary: 'Sends this message from that listening socket.',
      routes: 'any',
      args: [arg.custom('socket', 'proto:address:port', prepareSocket)],
      run: (context, host: Host, wanted) => {
        const socket = host.network.socketOf(wanted.host, wanted.port, wanted.transport)
        if (socket === undefined) {
          host.log.error('<core>', `force_send_socket(): ${wanted.text} is no socket this server listens on`)
          return -1
        }
        context.message.forceSocket = socket
        return 1
      },
    }),
    log: {
      summary: 'Logs a text as it is written.',
      forms: [
        form({
          routes: 'any',
          args: [text('The text.')],
          run: (_context, host: Host, line) => {
            // One level below debug, as in Kamailio.
            if (host.log.level > LogLevel.dbg) {
              host.log.write({ level: LogLevel.dbg, origin: '<script>: ', text: line, isVerbatim: true })
            }
            return 1
          },
        }),
        form({
          routes: 'any',
          args: [arg.constant('level', 'From -5 (alert) to 3 (debug).'), text('The text.')],
          run: (_context, host: Host, level, line) => {
            const known = Object.values(LogLevel).find((candidate) => candidate === level)
            host.log.write({ level: known ?? LogLevel.dbg, origin: '<script>: ', text: line, isVerbatim: true })
            return 1
          },
        }),
      ],
    },
    cfg_select: fn({
      summary: "Lets this message read a group's parameters from one of its instances, `group[id]`.",
      returns: { 1: 'always; the log says when there is no such instance' },
      routes: 'any',
      args: [text('The group.'), arg.int('id', 'The number of the instance.')],
      run: (context, host: Host, group, id) => {
        if (host.parameters.hasInstance(group, id)) context.cfgInstances = new Map(context.cfgInstances).set(group, id)
        else host.log.error('<core>', `cfg_select(): group instance '${group}[${id}]' does not exist`)
        return 1
      },
    }),
    cfg_reset: fn({
      summary: "Lets this message read the group's own parameters again.",
      routes: 'any',
      args: [text('The group.')],
      run: (context, _host: Host, group) => {
        if (context.cfgInstances?.has(group) !== true) return 1
        const left = new Map(context.cfgInstances)
        left.delete(group)
        context.cfgInstances = left
        return 1
      },
    }),
    error: fn({
      summary: 'Logs an error class and its text.',
      routes: 'any',
      args: [text('The class.'), text('The text.')],
      run: (_context, host: Host, kind, line) => {
        host.log.notice('<core>', `error(): ${kind}, ${line}`)
        return 1
      },
    }),
    exec: fn({
      summary: 'Runs a command; its output is dropped and it may take ten seconds.',
      returns: { 1: 'it left with status 0', [-1]: 'it failed or took too long' },
      routes: 'any',
      mayWait: true,
      args: [text('The command for the shell.')],
      run: (_context, host: Host, command) => executeCommand(host, command),
    }),
  },
  kemi: coreKemi,
  variables: coreVariables,
  selects: coreSelects,
  rpc: coreRpc,
})
