/** Where the hosts of destinations are. */
import { addressBytes, addressFamily, addressOfBytes, withoutBrackets } from '../../base/address.ts'
import { TRANSPORT_NUMBERS } from '../../sip/endpoint.ts'
import type { Destination } from './destination.ts'
import { DnsMode } from './params.ts'
import type { Dispatcher } from './state.ts'

/** An address, with port and transport where an SRV record told them. */
export interface Place {
  readonly address: string
  readonly port?: number
  readonly transportNumber?: number
}

/** Finds the address of a host; undefined when there is none. Numeric ones are not asked for. */
export function findPlace(
  state: Dispatcher, host: string, port: number, transportNumber: number,
): Place | undefined | Promise<Place | undefined> {
  const name = withoutBrackets(host)
  if (addressFamily(name) !== 0) return { address: canonical(name) }
  return name === '' ? undefined : askKept(state, name, port, transportNumber)
}

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

/** Finds a destination's address; false when there is none, or none that can be reached from here. */
export async function lookUp(state: Dispatcher, destination: Destination): Promise<boolean> {
  const found = findPlace(state, destination.host, destination.port, destination.transportNumber)
  const place = found instanceof Promise ? await found : found
  if (place === undefined) return false
  destination.address = place.address
  destination.foundPort = place.port
  destination.foundTransportNumber = place.transportNumber
  return !place.address.includes(':') || canSendTo6(state)
}

const canSendTo6 = ({ host }: Dispatcher): boolean =>
  host.settings.dns_try_ipv6 !== 0 && host.network.sockets.some(({ family }) => family === 6)
