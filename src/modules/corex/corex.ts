import { corexKemi } from './kemi.ts'
import { arg, defineModule, fn, form, param, type FunctionDef } from '../../define/define.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { forwardReply } from '../../runtime/forward.ts'
import { appendBranch } from './append-branch.ts'
import { readInto, writeFile } from './files.ts'
import { isIncoming } from './network-io.ts'
import { corexRpc } from './rpc.ts'
import { sendData, sendOriginal } from './send.ts'
import { setReceivingSocket, setSendingSocket, setSource } from './sockets.ts'
import { setUp, watchForRoute, type Corex } from './state.ts'
import { sockTransformations } from './transformations.ts'
import { corexVariables } from './variables.ts'

const uri = arg.str('uri', 'SIP URI.')
const socket = arg.str('socket', 'proto:address:port of a listening socket.')
const socketName = arg.str('name', 'Name of a listening socket.')
const xflag = arg.int('flag', 'Number of the flag, 0 to 63.', { min: 0, max: 63 })
const onOff = arg.int('flags', '1 for on, 0 for off.')
const hostPort = arg.optional(arg.str('target', 'host or host:port; the destination or Request-URI when absent.'))

const INTERNAL_FLAGS: Readonly<Record<string, number>> = {
  USE_UAC_FROM: MessageFlag.useUacFrom,
  USE_UAC_TO: MessageFlag.useUacTo,
  UAC_AUTH: MessageFlag.uacAuth,
}

const internalFlag = arg.custom('flag', 'USE_UAC_FROM, USE_UAC_TO or UAC_AUTH.', (text) => {
  const bit = INTERNAL_FLAGS[text]
  return bit === undefined ? `'${text}' is no internal flag: there are ${Object.keys(INTERNAL_FLAGS).join(', ')}` : { fixed: bit }
})

/** Turns a bit of the message on with an odd argument, off with an even one. */
const switching = (summary: string, bit: number): FunctionDef<Corex> =>
  fn({
    summary,
    routes: 'any',
    args: [onOff],
    run: ({ message }, _state: Corex, flags) => {
      message.msgFlags = flags & 1 ? message.msgFlags | bit : message.msgFlags & ~bit
      return 1
    },
  })

const extendedFlag = (summary: string, run: (word: number, bit: number) => number | boolean): FunctionDef<Corex> =>
  fn({
    summary,
    routes: 'any',
    args: [xflag],
    run: ({ message }, _state: Corex, number) => {
      if (number < 0 || number > 63) return -1
      const words = (message.xflags ??= [0, 0])
      const at = number >> 5
      const result = run(words[at] ?? 0, 1 << (number & 31))
      if (typeof result === 'boolean') return result ? 1 : -1
      words[at] = result
      return 1
    },
  })

const markingFlag = (summary: string, run: (flags: number, bit: number) => number | boolean): FunctionDef<Corex> =>
  fn({
    summary,
    returns: { 1: 'done, or set', [-2]: 'not set' },
    routes: 'any',
    args: [internalFlag],
    run: ({ message }, _state: Corex, bit) => {
      const result = run(message.msgFlags, bit)
      if (typeof result === 'boolean') return result ? 1 : -2
      message.msgFlags = result
      return 1
    },
  })

const sendingOriginal = (transport: 'udp' | 'tcp'): FunctionDef<Corex> =>
  fn({
    summary: `Sends the message as it came by ${transport.toUpperCase()}, without a Via of this server.`,
    routes: ['request', 'failure'],
    mayWait: true,
    args: [hostPort],
    run: (context, _state: Corex, target) => sendOriginal(context, transport, target),
  })

export default defineModule({
  name: 'corex',
  summary: 'What the core has late: branches, sockets, files, sending data, extended flags.',
  area: 'core',
  params: {
    alias_subdomains: param.list('Domain whose subdomains are this server: [proto:]domain[:port].'),
    dns_cache: param.list('A DNS record: `name=...;type=A;addr=...;ttl=...;flags=...`.'),
    dns_file: param.list('File with such records, one a line.'),
    nio_intercept: param.int(0, 'Run event_route[network:msg] for what comes and goes.'),
    nio_min_msg_len: param.int(32, 'Shortest message for which that route runs.'),
    nio_msg_avp: param.str('', 'AVP from which the changed message is taken, such as $avp(msg).'),
    evcb_reply_out: param.str('', 'KEMI function for replies that leave.'),
  },
  setup: setUp,
  start: watchForRoute,
  reloaded: watchForRoute,
  kemi: corexKemi,
  functions: {
    append_branch: fn({
      summary: 'Adds a destination: a URI, or the Request-URI as it is now.',
      routes: ['request', 'failure'],
      args: [arg.optional(arg.str('uri', 'SIP URI.')), arg.optional(arg.str('q', 'Priority from 0 to 1.'))],
      run: (context, _state: Corex, target, q) => appendBranch(context, target, q),
    }),
    send_udp: sendingOriginal('udp'),
    send_tcp: sendingOriginal('tcp'),
    send_data: fn({
      summary: 'Sends any text to the address of a SIP URI.',
      routes: 'any',
      mayWait: true,
      args: [uri, arg.str('data', 'What to send.')],
      run: (context, _state: Corex, target, data) => sendData(context, target, undefined, data),
    }),
    sendx: fn({
      summary: 'Sends any text to the address of a SIP URI from a given socket.',
      routes: 'any',
      mayWait: true,
      args: [uri, socket, arg.str('data', 'What to send.')],
      run: (context, _state: Corex, target, from, data) => sendData(context, target, from, data),
    }),
    forward_reply: fn({
      summary: 'Passes the reply on now.',
      routes: ['coreReply'],
      mayWait: true,
      args: [],
      run: (context) => {
        const sent = forwardReply(context)
        const result = (problem: string | undefined): number => (problem === undefined ? 1 : -1)
        return sent instanceof Promise ? sent.then(result) : result(sent)
      },
    }),
    is_incoming: fn({
      summary: 'In event_route[network:msg]: tells whether the bytes came, rather than leave.',
      routes: 'any',
      args: [],
      run: (context) => (isIncoming(context) ? 1 : -1),
    }),
    is_faked_msg: fn({
      summary: 'Tells whether the message was made by the server for an event route.',
      routes: 'any',
      args: [],
      run: ({ message }) => ((message.msgFlags & MessageFlag.faked) !== 0 ? 1 : -1),
    }),
    is_socket_name: fn({
      summary: 'Tells whether a listening socket has that name.',
      routes: 'any',
      args: [socketName],
      run: (_context, { host }: Corex, name) => (host.network.socketNamed(name) ? 1 : -1),
    }),
    msg_iflag_set: markingFlag('Sets an internal flag of the message.', (flags, bit) => flags | bit),
    msg_iflag_reset: markingFlag('Clears an internal flag of the message.', (flags, bit) => flags & ~bit),
    msg_iflag_is_set: markingFlag('Tells whether an internal flag of the message is set.', (flags, bit) => (flags & bit) !== 0),
    file_read: fn({
      summary: 'Reads a file into a variable.',
      routes: 'any',
      args: [arg.str('path', 'The file.'), arg.writable('variable', 'Where to.')],
      run: (context, _state: Corex, path, target) => readInto(context, path, target),
    }),
    file_write: fn({
      summary: 'Writes a text to a file.',
      routes: 'any',
      args: [arg.str('path', 'The file.'), arg.str('content', 'The text.')],
      run: (context, _state: Corex, path, content) => writeFile(context, path, content),
    }),
    setxflag: extendedFlag('Sets an extended flag of the message.', (word, bit) => word | bit),
    resetxflag: extendedFlag('Clears an extended flag of the message.', (word, bit) => word & ~bit),
    isxflagset: extendedFlag('Tells whether an extended flag of the message is set.', (word, bit) => (word & bit) !== 0),
    set_send_socket: fn({
      summary: 'Sends this message from that listening socket.',
      routes: 'any',
      args: [socket],
      run: (context, _state: Corex, text) => setSendingSocket(context, text),
    }),
    set_send_socket_name: fn({
      summary: 'Sends this message from the listening socket of that name.',
      routes: 'any',
      args: [socketName],
      run: (context, _state: Corex, name) => setSendingSocket(context, name, true),
    }),
    set_recv_socket: fn({
      summary: 'Treats the message as if it had come on that listening socket.',
      routes: 'any',
      args: [socket],
      run: (context, _state: Corex, text) => setReceivingSocket(context, text),
    }),
    set_recv_socket_name: fn({
      summary: 'Treats the message as if it had come on the listening socket of that name.',
      routes: 'any',
      args: [socketName],
      run: (context, _state: Corex, name) => setReceivingSocket(context, name, true),
    }),
    set_source_address: fn({
      summary: 'Treats the message as if it had come from that address.',
      routes: 'any',
      args: [arg.str('address', 'proto:address:port')],
      run: (context, _state: Corex, text) => setSource(context, text),
    }),
    via_add_srvid: switching('Adds srvid with server_id to the own Via.', MessageFlag.viaServerId),
    via_add_xavp_params: switching('Adds the fields of xavp_via_params to the own Via.', MessageFlag.viaXavpParams),
    via_use_xavp_fields: switching('Takes host and port of the own Via from xavp_via_fields.', MessageFlag.viaXavpFields),
    add_tcp_alias: {
      summary: 'Uses this connection for requests to another port of its peer.',
      forms: [
        form({
          routes: 'any',
          args: [arg.int('port', 'The alias port.', { min: 1, max: 65535 })],
          run: (context, { host }: Corex, port) => (host.network.addAlias(context.message.received.connectionId, port) ? 1 : -1),
        }),
      ],
    },
  },
  variables: corexVariables,
  transformations: sockTransformations,
  rpc: corexRpc,
  events: {
    'network:msg': 'Bytes came or are about to leave, with nio_intercept on.',
    'corex:reply-out': 'A reply is about to leave; in Kamailio 5.6 only for replies of transactions (tm).',
  },
})
