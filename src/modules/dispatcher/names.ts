/** Where the hosts of destinations are. */
import { addressBytes, addressFamily, addressOfBytes, withoutBrackets } from '../../base/address.ts'
import { TRANSPORT_NUMBERS } from '../../sip/endpoint.ts'
import type { Destination } from './destination.ts'
import { DnsMode } from './params.ts'
import type { Dispatcher } from './state.ts'

/** An address, with port and transport where an SRV record told them. */
export interface Place {
  readonly address: string
  readonly port?: number | undefined
  readonly transportNumber?: number | undefined
}

/** Finds the address of a host; undefined when there is none. Numeric ones are not asked for. */
export function findPlace(
  state: Dispatcher, host: string, port: number, transportNumber: number,
): Place | undefined | Promise<Place | undefined> {
  const name = withoutBrackets(host)
  if (name === '') return undefined
  if (addressFamily(name) === 0) return askKept(state, name, port, transportNumber)
  const address = canonical(name)
  if ((state.params.ds_dns_mode & DnsMode.services) === 0) return { address }
  // What an SRV record would say is made up for an address.
  return { address, port: port || DEFAULT_PORT, transportNumber: transportNumber || TRANSPORT_NUMBERS.indexOf('udp') }
}

const DEFAULT_PORT = 5060

/** ds_dns_ttl counts for what is asked here. */
async function askKept(state: Dispatcher, name: string, port: number, transportNumber: number): Promise<Place | undefined> {
  const { host, params } = state
  if (params.ds_dns_ttl > 0) host.names.keepAnswers(params.ds_dns_ttl)
  const place = await ask(state, name, port, transportNumber)
  if (params.ds_dns_ttl > 0) host.names.keepAnswers(0)
  return place
}

async function ask(state: Dispatcher, name: string, port: number, transportNumber: number): Promise<Place | undefined> {
  const { host, params } = state
  if ((params.ds_dns_mode & DnsMode.services) !== 0) {
    const { targets } = await host.network.locate({ host: name, port, transport: TRANSPORT_NUMBERS[transportNumber], isSips: false })
    const [first] = targets
    return first && { address: first.address, port: first.port, transportNumber: TRANSPORT_NUMBERS.indexOf(first.transport) }
  }
  const [address] = await host.names.addressesForSip(name)
  return address === undefined ? undefined : { address }
}

/** IPv6 addresses have many forms; sources come in one of them. */
function canonical(address: string): string {
  const bytes = addressBytes(address)
  return bytes === undefined ? address : addressOfBytes(bytes)
}

/** Where a destination is; undefined where nobody knows, or where nothing can be sent from here. */
export async function placeOf(state: Dispatcher, { host, port, transportNumber }: Destination): Promise<Place | undefined> {
  const place = await findPlace(state, host, port, transportNumber)
  return place !== undefined && place.address.includes(':') && !canSendTo6(state) ? undefined : place
}

/** Finds a destination's address, and keeps it; false when there is none. */
export async function lookUp(state: Dispatcher, destination: Destination): Promise<boolean> {
  const place = await findPlace(state, destination.host, destination.port, destination.transportNumber)
  if (place === undefined) return false
  destination.address = place.address
  destination.foundPort = place.port
  destination.foundTransportNumber = place.transportNumber
  return !place.address.includes(':') || canSendTo6(state)
}

export const canSendTo6 = ({ host }: Dispatcher): boolean =>
  host.settings.dns_try_ipv6 !== 0 && host.network.sockets.some(({ family }) => family === 6)
