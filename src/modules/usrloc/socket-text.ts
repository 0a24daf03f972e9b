import { withBrackets } from '../../base/address.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'

/** `udp:192.0.2.1:5060`, as the database has sockets. */
export function socketText(socket: ListenSocket): string {
  return `${socket.transport}:${withBrackets(socket.address)}:${socket.port}`
}

/** The address that is told to others, where there is one. */
export function advertisedText(socket: ListenSocket): string {
  const { advertise } = socket
  if (advertise === undefined) return socketText(socket)
  return `${socket.transport}:${withBrackets(advertise.host)}:${advertise.port || socket.port}`
}
