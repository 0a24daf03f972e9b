/** DNS queries from scripts; what they find is put where the variables read it. */
import type { RouteContext } from '../../runtime/context.ts'
import { ipType, isSameAddress } from './address.ts'
import type { HostResult, QueryResults } from './containers.ts'
import { orderedPointers, orderedServices } from './records.ts'

const ADDRESSES_MAX = 32
const HOSTNAME_MAX = 255
/** A numeric address, with the zero byte behind it, in C. */
const ADDRESS_TEXT_MAX = 46

/** What the functions answer besides 1. */
const NO_MATCH = -1
const BAD_NAME = -2
const BAD_ADDRESS = -3
const NO_CONTAINER = -3
const NOT_FOUND = -4
const BRACKETS = -5
const NO_NAME = -6

function complain(context: RouteContext, text: string): void {
  context.host.log.error('ipops', text)
}

function warnerOf({ host }: RouteContext): (text: string) => void {
  return (text) => host.log.warning('ipops', text)
}

/** Asks the system for the addresses of a host. */
export async function queryAddresses(
  context: RouteContext, { addresses }: QueryResults, hostname: string, container: string,
): Promise<number> {
  if (hostname.length > HOSTNAME_MAX) return BAD_NAME
  const { found, reason } = await context.host.names.addresses(hostname)
  addresses.set(container, resultOf(hostname, found.slice(0, ADDRESSES_MAX)))
  if (found.length === 0) {
    complain(context, `unable to resolve ${hostname} - getaddrinfo: ${reason}`)
    return NOT_FOUND
  }
  if (found.length > ADDRESSES_MAX) {
    warnerOf(context)(`more than ${ADDRESSES_MAX} addresses for ${hostname} - truncating`)
  }
  return 1
}

function resultOf(hostname: string, addresses: readonly string[]): HostResult | undefined {
  return addresses.length > 0 ? { hostname, addresses } : undefined
}

/** Asks the system for the name of an address; one in brackets is none that it knows. */
export async function queryName(
  context: RouteContext, { names }: QueryResults, address: string, container: string,
): Promise<number> {
  if (address.length > ADDRESS_TEXT_MAX) return BAD_NAME
  names.set(container, undefined)
  const type = ipType(address)
  if (type === undefined || type === 'reference') {
    complain(context, `invalid IP address: ${address}`)
    return type === undefined ? NOT_FOUND : BRACKETS
  }
  const { found: [hostname], reason } = await context.host.names.nameOf(address)
  if (hostname === undefined) {
    complain(context, `unable to reverse resolve ${address} - getnameinfo: ${reason}`)
    return NO_NAME
  }
  names.set(container, { hostname, addresses: [address] })
  return 1
}

/** The names under which `$srvquery` and `$naptrquery` can show something. */
function isRecordContainer(container: string): boolean {
  return /^[A-Za-z0-9]+$/.test(container)
}

/** A service that is not there gives no records, and is no failure. */
export async function queryServices(
  context: RouteContext, { services }: QueryResults, name: string, container: string,
): Promise<number> {
  if (name === '') return BAD_NAME
  if (!isRecordContainer(container)) return NO_CONTAINER
  const { names, random } = context.host
  services.set(container, orderedServices(await names.services(name), random, warnerOf(context)))
  return 1
}

export async function queryPointers(
  context: RouteContext, { pointers }: QueryResults, name: string, container: string,
): Promise<number> {
  if (name === '') return BAD_NAME
  if (!isRecordContainer(container)) return NO_CONTAINER
  pointers.set(container, orderedPointers(await context.host.names.pointers(name), warnerOf(context)))
  return 1
}

function isAddress(context: RouteContext, address: string): boolean {
  if (ipType(address) !== undefined) return true
  complain(context, `invalid ip address: ${address}`)
  return false
}

/** Is the address one of those that the system finds for the host? */
export async function matchesSystem(context: RouteContext, hostname: string, address: string): Promise<number> {
  if (!isAddress(context, address)) return BAD_ADDRESS
  const { found, reason } = await context.host.names.addresses(hostname)
  if (found.length === 0) {
    complain(context, `getaddrinfo: ${reason}`)
    return NOT_FOUND
  }
  return found.some((one) => isSameAddress(one, address, true)) ? 1 : NO_MATCH
}

/** Is the address one of those that a message to the host could go to? */
export async function matchesInternal(context: RouteContext, hostname: string, address: string): Promise<number> {
  if (!isAddress(context, address)) return BAD_ADDRESS
  const found = await context.host.names.addressesForSip(hostname)
  if (found.length === 0) return NOT_FOUND
  return found.some((one) => isSameAddress(one, address, true)) ? 1 : NO_MATCH
}
