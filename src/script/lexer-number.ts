/** Kamailio keeps numbers in 32 bits: larger ones wrap, and beyond 64 bits they are cut off first. */
export function parseInteger(written: string): number | undefined {
  let digits: bigint
  if (/^(0|[1-9]\d*)$/.test(written)) {
    if (written.length < 10) return Number(written)
    digits = BigInt(written)
  } else if (/^0x[0-9a-fA-F]+$/.test(written)) digits = BigInt(written)
  else if (/^0[0-7]+$/.test(written)) digits = BigInt(`0o${written.slice(1)}`)
  else if (/^[01]+b$/.test(written)) digits = BigInt(`0b${written.slice(0, -1)}`)
  else return undefined
  const longest = 0x7fff_ffff_ffff_ffffn
  return Number(BigInt.asIntN(32, digits > longest ? longest : digits))
}

const hex = '[0-9a-fA-F]{1,4}'
const ipv6Patterns = [
  new RegExp(`(?:${hex}:){7}${hex}`, 'y'),
  new RegExp(`(?:${hex}:){1,7}(?::${hex}){1,7}`, 'y'),
  new RegExp(`:(?::${hex}){1,7}`, 'y'),
  new RegExp(`(?:${hex}:){1,7}:`, 'y'),
  /::/y,
]

/** How many chars an IPv6 address that begins at `at` has: the longest reading counts; 0 when there is none. */
export function ipv6Length(text: string, at: number): number {
  let longest = 0
  for (const pattern of ipv6Patterns) {
    pattern.lastIndex = at
    longest = Math.max(longest, pattern.exec(text)?.[0].length ?? 0)
  }
  return longest
}
