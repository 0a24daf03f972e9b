/** Addresses that no public network has: RFC 1918, carriers' own (RFC 6598) and those of the protocols (RFC 7335). */

interface Network {
  readonly address: number
  readonly bits: number
}

const network = (a: number, b: number, c: number, bits: number): Network => ({ address: ((a << 24) | (b << 16) | (c << 8)) >>> 0, bits })

const USUAL: readonly Network[] = [
  network(10, 0, 0, 8), network(172, 16, 0, 12), network(192, 168, 0, 16), network(100, 64, 0, 10), network(192, 0, 0, 29),
]
const RESERVED = network(192, 0, 0, 24)

const isIn = (address: number, { address: first, bits }: Network): boolean => (address ^ first) >>> (32 - bits) === 0

/** False for what is no IPv4 address; `mode` is nat_addr_mode. */
export function isPrivateAddress(text: string, mode: number): boolean {
  const address = looseIpv4(text)
  if (address === undefined) return false
  return USUAL.some((known) => isIn(address, known)) || (mode === 1 && isIn(address, RESERVED))
}

const NUMBER = /^(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/

/** An address as the C library's inet_aton() takes it: one to four numbers, the last one filling what is left. */
export function looseIpv4(text: string): number | undefined {
  const parts = (/^[^ \t\n\v\f\r]*/.exec(text)?.[0] ?? '').split('.')
  if (parts.length > 4 || !parts.every((part) => NUMBER.test(part))) return undefined
  const values = parts.map((part) => (/^0[0-7]+$/.test(part) ? Number.parseInt(part, 8) : Number(part)))
  const last = values.pop() ?? 0
  if (values.some((value) => value > 255) || last >= 2 ** (8 * (4 - values.length))) return undefined
  return values.reduce((sum, value, index) => sum + value * 2 ** (24 - 8 * index), last) >>> 0
}
