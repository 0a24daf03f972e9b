/** The own Via, and what a server notes in the sender's (RFC 3261 §18.2.1, RFC 3581). */
import { defaultPort, type ListenSocket, type TransportName } from './endpoint.ts'
import type { Via } from './headers/via.ts'
import type { SipMessage } from './message.ts'
import { MessageFlag } from './message-flag.ts'
import { withBrackets } from '../base/address.ts'

const VIA_STARTS: Readonly<Record<TransportName, string>> = {
  udp: 'Via: SIP/2.0/UDP ',
  tcp: 'Via: SIP/2.0/TCP ',
  tls: 'Via: SIP/2.0/TLS ',
  sctp: 'Via: SIP/2.0/SCTP ',
  ws: 'Via: SIP/2.0/WS ',
  wss: 'Via: SIP/2.0/WSS ',
}

export interface OwnVia {
  readonly transport: TransportName
  readonly socket: ListenSocket
  readonly branch: string
  /** set_advertised_address(), set_advertised_port(). */
  readonly advertisedAddress?: string | undefined
  readonly advertisedPort?: number
  /** add_local_rport(). */
  readonly asksRport: boolean
  /** The connection the request came by; 0 for none. */
  readonly connectionId: number
  /** Further parameters, each with its semicolon. */
  readonly params?: string
}

/** `Via: SIP/2.0/UDP host[:port];branch=...[;rport][;i=connection]` with its line end. */
export function buildVia(via: OwnVia): string {
  const { socket } = via
  const host = via.advertisedAddress ?? socket.advertise?.host ?? socket.address
  const port = via.advertisedPort || (socket.advertise ? socket.advertise.port : socket.port)
  let text = VIA_STARTS[via.transport] + withBrackets(host)
  if (port !== 0 && port !== defaultPort(via.transport)) text += `:${port}`
  text += `;branch=${via.branch}`
  if (via.asksRport) text += ';rport'
  if (via.connectionId !== 0) text += `;i=${via.connectionId.toString(16)}`
  if (via.params) text += via.params
  return `${text}\r\n`
}

/** True when received= belongs into the sender's Via: it asks by rport, or its host is not where the message came from. */
export function needsReceived(message: SipMessage, via: Via): boolean {
  const { rportStart, receivedStart } = via
  return rportStart >= 0 || receivedStart >= 0 || differsFromSource(message, via)
}

export function differsFromSource(message: SipMessage, via: Via): boolean {
  const source = message.received.sourceAddress
  const { host } = via
  return host !== source && host.toLowerCase() !== source.toLowerCase()
}

/** True when the sender's Via gets the port the message came from. */
export function needsRport(message: SipMessage, via: Via): boolean {
  return via.rportStart >= 0 || (message.msgFlags & MessageFlag.forceRport) !== 0
}

/** The transport a Via names; undefined for what is unknown. */
export function viaTransport(via: Via): TransportName | undefined {
  if (via.transport === 'UDP') return 'udp'
  const name = via.transport.toLowerCase()
  return name === 'udp' || name === 'tcp' || name === 'tls' || name === 'sctp' || name === 'ws' || name === 'wss' ? name : undefined
}
