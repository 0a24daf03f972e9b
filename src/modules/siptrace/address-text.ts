/** Addresses as traces write them: `proto:address:port`. */
import { addressBytes, withBrackets } from '../../base/address.ts'
import type { ListenSocket, TransportName } from '../../sip/endpoint.ts'

/** IPv6 with all of its groups, as Kamailio prints it. */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address
  const bytes = addressBytes(address)
  if (bytes === undefined) return address
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return [0, 2, 4, 6, 8, 10, 12, 14].map((at) => view.getUint16(at).toString(16)).join(':')
}

export function endText(transport: TransportName, address: string, port: number): string {
  return `${transport}:${plainAddress(address)}:${port}`
}

/** With brackets around IPv6. */
export function bracketedEndText(transport: TransportName, address: string, port: number): string {
  return `${transport}:${withBrackets(plainAddress(address))}:${port}`
}

export function socketText({ transport, address, port }: ListenSocket): string {
  return `${transport}:${withBrackets(address)}:${port}`
}
