/** Sockets as texts: `udp:192.0.2.1:5060`, `[2001:db8::1]`. */
import ipaddr from 'ipaddr.js'
import type { ListenSocket, TransportName } from '../../sip/endpoint.ts'
import type { RouteContext } from '../../runtime/context.ts'

/** Transports by number, as `$prid` and `$K(...)` show them. */
export const TRANSPORT_IDS: Readonly<Record<TransportName, number>> = { udp: 1, tcp: 2, tls: 3, sctp: 4, ws: 5, wss: 6 }

/** Numbers of address families on Linux (AF_INET, AF_INET6). */
export const FAMILY_IDS = { 4: 2, 6: 10 } as const

/** An address as URIs write it: IPv6 in brackets. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

export function socketText(socket: ListenSocket): string {
  return `${socket.transport}:${bracketed(socket.address)}:${socket.port}`
}

/** `sip:address:port`, with the transport where it is not UDP or where it is wanted. */
export function addressUri(transport: TransportName, host: string, port: number, always: boolean): string {
  const uri = `sip:${bracketed(host)}:${port}`
  return always || transport !== 'udp' ? `${uri};transport=${transport}` : uri
}

const TRANSPORTS: readonly string[] = Object.keys(TRANSPORT_IDS)

function isTransport(text: string): text is TransportName {
  return TRANSPORTS.includes(text)
}

/** The listening socket that `udp:192.0.2.1:5060` or `192.0.2.1` names; null when the text names none at all. */
export function findSocket(context: RouteContext, text: string): ListenSocket | undefined | null {
  const parts = /^(?:([a-z]+):)?(\[[^\]]+\]|[^:\s]+)(?::([0-9]{1,5}))?$/i.exec(text)
  if (!parts) return null
  const transport = parts[1]?.toLowerCase()
  if (transport !== undefined && !isTransport(transport)) return null
  const written = (parts[2] ?? '').replace(/^\[|\]$/g, '')
  const host = ipaddr.IPv6.isValid(written) ? ipaddr.IPv6.parse(written).toString() : written
  return context.host.network.socketOf(host, Number(parts[3] ?? 0), transport)
}
