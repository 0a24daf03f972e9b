/** What an address is for, by the registries of IANA (RFC 5735, RFC 6598, RFC 4291) as Kamailio has them. */
import { ipType, isInNetwork } from './address.ts'
import ipaddr from 'ipaddr.js'

type Range = readonly [network: string, bits: number, name: string]

/** The first range that fits counts. */
const IPV4: readonly Range[] = [
  ['0.0.0.0', 8, 'PRIVATE'],
  ['10.0.0.0', 8, 'PRIVATE'],
  ['100.64.0.0', 10, 'SHARED'],
  ['127.0.0.0', 8, 'LOOPBACK'],
  ['169.254.0.0', 16, 'LINK-LOCAL'],
  ['172.16.0.0', 12, 'PRIVATE'],
  ['192.0.0.0', 24, 'RESERVED'],
  ['192.0.2.0', 24, 'TEST-NET'],
  ['192.88.99.0', 24, '6TO4-RELAY'],
  ['192.168.0.0', 16, 'PRIVATE'],
  ['198.18.0.0', 15, 'RESERVED'],
  ['198.51.100.0', 24, 'TEST-NET'],
  ['203.0.113.0', 24, 'TEST-NET'],
  ['224.0.0.0', 4, 'MULTICAST'],
  ['255.255.255.255', 32, 'BROADCAST'],
  ['240.0.0.0', 4, 'RESERVED'],
]

const IPV6: readonly Range[] = [
  ['::', 128, 'UNSPECIFIED'],
  ['::1', 128, 'LOOPBACK'],
  ['::ffff:0:0', 96, 'IPV4MAP'],
  ['100::', 64, 'DISCARD'],
  ['2001::', 32, 'TEREDO'],
  ['2001:2::', 48, 'BMWG'],
  ['2001:db8::', 32, 'DOCUMENTATION'],
  ['2001:10::', 28, 'ORCHID'],
  ['2002::', 16, '6TO4'],
  ['2000::', 3, 'GLOBAL-UNICAST'],
  ['fc00::', 7, 'UNIQUE-LOCAL-UNICAST'],
  ['fe80::', 10, 'LINK-LOCAL-UNICAST'],
  ['ff00::', 8, 'MULTICAST'],
]

function nameIn(ranges: readonly Range[], address: string, otherwise: string): string {
  const bytes = ipaddr.parse(address).toByteArray()
  return ranges.find(([network, bits]) => isInNetwork(bytes, network, bits))?.[2] ?? otherwise
}

function withoutBlanks(text: string): string {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

/** Blanks around the address do not matter. */
export function detailedIpv4Type(text: string): string | undefined {
  const address = withoutBlanks(text)
  return ipType(address) === 'ipv4' ? nameIn(IPV4, address, 'PUBLIC') : undefined
}

/** With brackets or without; blanks may stand around the address, not around the brackets. */
export function detailedIpv6Type(text: string): string | undefined {
  // What stands behind an opening bracket ends with any character, as in Kamailio.
  const address = withoutBlanks(text.startsWith('[') ? text.slice(1, -1) : text)
  return ipType(address) === 'ipv6' ? nameIn(IPV6, address, 'RESERVED') : undefined
}

/** Without any blanks. */
export function detailedIpType(text: string): string | undefined {
  const type = ipType(text)
  if (type === undefined) return undefined
  return type === 'ipv4' ? detailedIpv4Type(text) : detailedIpv6Type(text)
}
