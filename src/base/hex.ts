/** Hexadecimal numbers for identifiers of each message: `toString(16)` takes some ten times as long. */

const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const SHORT: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16))

/** Two digits of the lowest byte. */
const digits2 = (value: number): string => BYTES[value & 0xff] ?? ''

/** The lowest 32 bits as eight digits. */
export function hex8(value: number): string {
  return digits2(value >>> 24) + digits2(value >>> 16) + digits2(value >>> 8) + digits2(value)
}

/** The lowest 32 bits without zeros in front. */
export function hexadecimal(value: number): string {
  const number = value >>> 0
  if (number < 0x100) return SHORT[number] ?? ''
  if (number < 0x1_0000) return (SHORT[number >>> 8] ?? '') + digits2(number)
  if (number < 0x100_0000) return (SHORT[number >>> 16] ?? '') + digits2(number >>> 8) + digits2(number)
  return (SHORT[number >>> 24] ?? '') + digits2(number >>> 16) + digits2(number >>> 8) + digits2(number)
}
