/** Numeric addresses as texts. */
import { isIPv6 } from 'node:net'

/** `10.0.0.1:5060`, `[::1]:5060`. */
export function endpointText(host: string, port: number): string {
  return `${withBrackets(host)}:${port}`
}

/** 4 or 6 for a numeric address (IPv6 with or without brackets), 0 for anything else. */
export function addressFamily(host: string): 0 | 4 | 6 {
  const first = host.charCodeAt(0)
  if (first >= 0x30 && first <= 0x39 && isDottedQuad(host)) return 4
  return host.includes(':') && isIPv6(withoutBrackets(host)) ? 6 : 0
}

/** Four numbers up to 255 without needless zeros. By hand: every message asks, and Node's is a regular expression. */
function isDottedQuad(host: string): boolean {
  const { length } = host
  if (length > 15) return false
  let parts = 1
  let digits = 0
  let value = 0
  for (let index = 0; index < length; index++) {
    const code = host.charCodeAt(index)
    if (code === 0x2e) {
      if (digits === 0 || ++parts > 4) return false
      digits = 0
      value = 0
      continue
    }
    if (code < 0x30 || code > 0x39 || (digits > 0 && value === 0)) return false
    value = value * 10 + code - 0x30
    if (value > 255) return false
    digits++
  }
  return parts === 4 && digits > 0
}

/** A host without the brackets that IPv6 has in URIs and Via. */
export function withoutBrackets(host: string): string {
  return host.charCodeAt(0) === 0x5b && host.charCodeAt(host.length - 1) === 0x5d ? host.slice(1, -1) : host
}

/** A host with brackets where it is a bare IPv6 address. */
export function withBrackets(host: string): string {
  return host.includes(':') && host.charCodeAt(0) !== 0x5b ? `[${host}]` : host
}

/** The text of an IPv4 address given as a number. */
export function ipv4Text(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`
}

/** The shortest text of an IPv6 address given as four 32-bit words (RFC 5952). */
export function ipv6Text(word0: number, word1: number, word2: number, word3: number): string {
  const groups = [
    word0 >>> 16, word0 & 0xffff, word1 >>> 16, word1 & 0xffff,
    word2 >>> 16, word2 & 0xffff, word3 >>> 16, word3 & 0xffff,
  ]
  let bestStart = -1
  let bestLength = 1
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && groups[start + length] === 0) length++
    if (length > bestLength) {
      bestStart = start
      bestLength = length
    }
  }
  if (bestStart === 0 && bestLength === 5 && groups[5] === 0xffff) return `::ffff:${ipv4Text(word3)}`
  if (bestStart < 0) return groups.map((group) => group.toString(16)).join(':')
  const head = groups.slice(0, bestStart).map((group) => group.toString(16)).join(':')
  const tail = groups.slice(bestStart + bestLength).map((group) => group.toString(16)).join(':')
  return `${head}::${tail}`
}

/** The 4 or 16 bytes of a numeric address (IPv6 with or without brackets, a zone is left out); undefined for anything else. */
export function addressBytes(host: string): Uint8Array | undefined {
  const bare = withoutBrackets(host)
  const zone = bare.indexOf('%')
  const address = zone < 0 ? bare : bare.slice(0, zone)
  const family = addressFamily(address)
  if (family === 0) return undefined
  return Uint8Array.from(family === 4 ? address.split('.').map(Number) : ipv6Bytes(address))
}

/** The text of 4 or 16 bytes. */
export function addressOfBytes(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length === 4) return ipv4Text(view.getUint32(0))
  return ipv6Text(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12))
}

function ipv6Bytes(address: string): readonly number[] {
  const [head = '', tail] = address.split('::')
  const before = groupBytes(head)
  if (tail === undefined) return before
  const after = groupBytes(tail)
  return [...before, ...Array<number>(16 - before.length - after.length).fill(0), ...after]
}

/** `2001:db8` or `ffff:10.0.0.1`: two bytes a group, four for a dotted quad. */
function groupBytes(groups: string): readonly number[] {
  if (groups === '') return []
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
}
