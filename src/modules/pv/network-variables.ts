/** Where the message came from, by which socket, and where it goes. */
import { variable, variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { Packet, RouteContext, Sending } from '../../runtime/context.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import { addressUri, bracketed, FAMILY_IDS, findSocket, socketText, TRANSPORT_IDS } from './socket-text.ts'
import type { PvState } from './state.ts'

const socketOf = (context: RouteContext): ListenSocket => context.message.received.socket

/** The address told to others where there is one, else the real one; its port is 0 where `advertise` has none. */
function advertised(socket: ListenSocket): { readonly host: string; readonly port: number } {
  return socket.advertise ?? { host: socket.address, port: socket.port }
}

const source = (context: RouteContext, always: boolean): string => {
  const { received } = context.message
  return addressUri(received.socket.transport, received.sourceAddress, received.sourcePort, always)
}

const receivedOn = (context: RouteContext, always: boolean): string => {
  const socket = socketOf(context)
  return addressUri(socket.transport, socket.address, socket.port, always)
}

const advertisedUri = (context: RouteContext, always: boolean): string => {
  const socket = socketOf(context)
  const { host, port } = advertised(socket)
  return addressUri(socket.transport, host, port, always)
}

function setSocket(context: RouteContext, value: PvValue, byName: boolean): boolean {
  const { message, host } = context
  if (value === null) {
    message.forceSocket = undefined
    return true
  }
  if (typeof value !== 'string' || value === '') {
    host.log.error('pv', 'a text is needed to set the socket to send from')
    return false
  }
  const socket = byName ? host.network.socketNamed(value) : findSocket(context, value)
  if (socket === null) {
    host.log.error('pv', `${value} is no socket`)
    return false
  }
  if (socket) message.forceSocket = socket
  else host.log.warning('pv', `no socket found to match ${byName ? 'name ' : ''}[${value}]`)
  return true
}

const SENDING: Readonly<Record<string, (sending: Sending) => PvValue>> = {
  ip: (sending) => sending.address,
  af: (sending) => FAMILY_IDS[sending.socket.family],
  port: (sending) => sending.port,
  proto: (sending) => TRANSPORT_IDS[sending.socket.transport],
  sproto: (sending) => sending.socket.transport,
  buf: (sending) => sending.text,
  len: (sending) => sending.text.length,
}

const SENDING_FROM: Readonly<Record<string, (sending: Sending) => PvValue>> = {
  ...SENDING,
  ip: (sending) => sending.socket.address,
  port: (sending) => sending.socket.port,
}

const PACKET: Readonly<Record<string, (packet: Packet) => PvValue>> = {
  af: ({ received }) => FAMILY_IDS[received.socket.family],
  buf: ({ text }) => text,
  len: ({ text }) => text.length,
  proto: ({ received }) => TRANSPORT_IDS[received.socket.transport],
  srcip: ({ received }) => received.sourceAddress,
  rcvip: ({ received }) => received.socket.address,
  sproto: ({ received }) => received.socket.transport,
  srcport: ({ received }) => received.sourcePort,
  rcvport: ({ received }) => received.socket.port,
}

function sendingFamily(
  summary: string,
  table: Readonly<Record<string, (sending: Sending) => PvValue>>,
): VariableDef<PvState> {
  return variableFamily<PvState>(summary, { inner: 'required' }, (inner) => {
    const read = table[inner ?? '']
    if (!read) return `${inner} is none of ${Object.keys(table).join(', ')}`
    return { get: ({ sending }) => (sending ? read(sending) : null) }
  })
}

function packetFamily(): VariableDef<PvState> {
  return variableFamily<PvState>(
    'Bytes that just came, in event routes of the network: buf (may be written), len, srcip, srcport, rcvip ...',
    { inner: 'required', writable: true },
    (inner) => {
      const read = PACKET[inner ?? '']
      if (!read) return `${inner} is none of ${Object.keys(PACKET).join(', ')}`
      return {
        get: ({ packet }) => (packet ? read(packet) : null),
        set({ packet }, _state, value) {
          if (!packet) return false
          if (inner !== 'buf') return true
          if (typeof value === 'number') return false
          packet.text = value ?? ''
          return true
        },
      }
    },
  )
}

const CONSTANTS: Readonly<Record<string, number>> = {
  IPv4: FAMILY_IDS[4],
  INET: FAMILY_IDS[4],
  IPv6: FAMILY_IDS[6],
  INET6: FAMILY_IDS[6],
  UDP: TRANSPORT_IDS.udp,
  TCP: TRANSPORT_IDS.tcp,
  TLS: TRANSPORT_IDS.tls,
  SCTP: TRANSPORT_IDS.sctp,
  WS: TRANSPORT_IDS.ws,
  WSS: TRANSPORT_IDS.wss,
}

const sourceAddress = (context: RouteContext): string => context.message.received.sourceAddress
const transport = (context: RouteContext): string => context.message.received.socket.transport
const transportId = (context: RouteContext): number => TRANSPORT_IDS[context.message.received.socket.transport]

const received = variable<PvState>('Transport the message came by, such as udp.', transport, { int: transportId })

export const networkVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  si: variable('Address the message came from.', sourceAddress),
  src_ip: variable('Address the message came from.', sourceAddress),
  siz: variable('Address the message came from, IPv6 in brackets.', (context) => bracketed(sourceAddress(context))),
  sp: variable('Port the message came from.', (context) => context.message.received.sourcePort),
  su: variable('Where the message came from, as URI.', (context) => source(context, false)),
  sut: variable('Where the message came from, as URI with transport.', (context) => source(context, true)),
  sas: variable('Where the message came from, as transport:address:port.', (context) => {
    const from = context.message.received
    return `${from.socket.transport}:${bracketed(from.sourceAddress)}:${from.sourcePort}`
  }),
  Ri: variable('Address the message came to.', (context) => socketOf(context).address),
  Rp: variable('Port the message came to.', (context) => socketOf(context).port),
  Rn: variable('Name of the socket the message came to.', (context) => socketOf(context).name ?? null),
  Ru: variable('Where the message came to, as URI.', (context) => receivedOn(context, false)),
  Rut: variable('Where the message came to, as URI with transport.', (context) => receivedOn(context, true)),
  Ras: variable('Where the message came to, as transport:address:port.', (context) => socketText(socketOf(context))),
  RAi: variable('Advertised address of the socket the message came to.', (context) => advertised(socketOf(context)).host),
  RAp: variable('Advertised port of the socket the message came to.', (context) => advertised(socketOf(context)).port),
  RAu: variable('Advertised socket the message came to, as URI.', (context) => advertisedUri(context, false)),
  RAut: variable('Advertised socket the message came to, as URI with transport.', (context) => advertisedUri(context, true)),
  pr: received,
  proto: received,
  prid: variable('Number of the transport the message came by.', transportId),
  conid: variable('Connection the message came by; $null for datagrams.', (context) =>
    context.message.received.connectionId || null),
  af: variableFamily('Address family the message came by: id or name.', { inner: 'required' }, (inner) => {
    if (inner === 'id') return { get: (context) => FAMILY_IDS[socketOf(context).family] }
    if (inner === 'name') return { get: (context) => (socketOf(context).family === 6 ? 'IPv6' : 'IPv4') }
    return '$af is id or name'
  }),
  K: variableFamily('Numbers of address families and transports.', { inner: 'required' }, (inner) => {
    const value = CONSTANTS[inner ?? '']
    return value === undefined ? `${inner} is none of ${Object.keys(CONSTANTS).join(', ')}` : { get: () => value }
  }),
  fs: variable('Socket to send from, as transport:address:port.', ({ message }) =>
    message.forceSocket ? socketText(message.forceSocket) : null, {
    set: (context, _state, value) => setSocket(context, value, false),
  }),
  fsn: variable('Socket to send from, by name.', ({ message }) => message.forceSocket?.name ?? null, {
    set: (context, _state, value) => setSocket(context, value, true),
  }),
  fsp: variable('Port of the socket to send from; 0 when none is set.', ({ message }) => message.forceSocket?.port ?? 0),
  snd: sendingFamily('Where a message is sent to, in onsend_route.', SENDING),
  sndto: sendingFamily('Where a message is sent to, in onsend_route.', SENDING),
  sndfrom: sendingFamily('Socket a message is sent from, in onsend_route.', SENDING_FROM),
  rcv: packetFamily(),
  recv: packetFamily(),
}
