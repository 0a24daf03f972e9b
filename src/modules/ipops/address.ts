/** Texts that are IP addresses, compared and looked up in networks. */
import { isIPv4, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

export type IpType = 'ipv4' | 'ipv6' | 'reference'

const isPureIpv6 = (text: string): boolean => isIPv6(text) && !text.includes('%')

/** `reference` is IPv6 in brackets. Undefined for anything else. */
export function ipType(text: string): IpType | undefined {
  if (isIPv4(text)) return 'ipv4'
  if (isPureIpv6(text)) return 'ipv6'
  return text.startsWith('[') && text.endsWith(']') && isPureIpv6(text.slice(1, -1)) ? 'reference' : undefined
}

/** The bytes of an address, as many as it has. */
function bytesOf(text: string): readonly number[] {
  return ipaddr.parse(text).toByteArray()
}

function bytesOfType(text: string, isReferenceTaken: boolean): readonly number[] | undefined {
  const type = ipType(text)
  if (type === 'reference') return isReferenceTaken ? bytesOf(text.slice(1, -1)) : undefined
  return type && bytesOf(text)
}

/** Are both the same address? False when one is none. */
export function isSameAddress(left: string, right: string, isReferenceTaken: boolean): boolean {
  const first = bytesOfType(left, isReferenceTaken)
  const second = bytesOfType(right, isReferenceTaken)
  return first !== undefined && second?.length === first.length && first.every((byte, at) => byte === second[at])
}

function startsWithBits(address: readonly number[], network: readonly number[], bits: number): boolean {
  if (address.length !== network.length || bits < 0 || bits > address.length * 8) return false
  for (let at = 0; at * 8 < bits; at++) {
    const shift = Math.max(0, 8 - (bits - at * 8))
    if ((address[at] ?? 0) >> shift !== (network[at] ?? 0) >> shift) return false
  }
  return true
}

export function isInNetwork(address: readonly number[], network: string, bits: number): boolean {
  return startsWithBits(address, bytesOf(network), bits)
}

/** Is an address within one network of a list such as `10.0.0.0/8, 2001:db8::/32, 192.0.2.1`? */
export function isInSubnets(address: string, list: string): boolean {
  const bytes = bytesOfType(address, false)
  if (bytes === undefined) return false
  return list.split(',').some((item) => isInSubnet(bytes, item.replace(/^ +| +$/g, '')))
}

function isInSubnet(bytes: readonly number[], subnet: string): boolean {
  const slash = subnet.lastIndexOf('/')
  const network = bytesOfType(slash < 0 ? subnet : subnet.slice(0, slash), false)
  if (network === undefined) return false
  const bits = slash < 0 ? NO_MASK : maskOf(subnet.slice(slash + 1))
  return startsWithBits(bytes, network, bits === NO_MASK ? network.length * 8 : bits)
}

const NO_MASK = -1

/** The whole number in front, else 0, held in 32 bits as C's `atoi` does: what does not fit gives another, or none. */
function maskOf(text: string): number {
  const number = Number.parseInt(text, 10) || 0
  if (number >= 2 ** 63) return NO_MASK
  return number <= -(2 ** 63) ? 0 : number | 0
}

/** Private addresses of RFC 1918. */
export function isPrivate(text: string): boolean {
  return isIPv4(text) && isInSubnets(text, '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16')
}
