/** Conversions between the two kinds of values a script has: 32-bit numbers and byte strings (Kamailio 5.6.3's rules). */
import type { PvValue } from './value.ts'

const INT_MAX = 0x7fff_ffff

/**
 * The number a text stands for: decimal with an optional sign, or `0x` and hexadecimal digits (those wrap at 32 bits);
 * empty is 0. NaN when it is no number: a decimal number beyond 32 bits, or with anything around it, is none.
 */
export function textToInt(text: string): number {
  const length = text.length
  if (length === 0) return 0
  const first = text.charCodeAt(0)
  const isNegative = first === 0x2d
  const limit = isNegative ? INT_MAX + 1 : INT_MAX
  let value = 0
  for (let at = isNegative || first === 0x2b ? 1 : 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return hexToInt(text)
    value = value * 10 + digit
    if (value > limit) return Number.NaN
  }
  return isNegative ? (0 - value) | 0 : value
}

function hexToInt(text: string): number {
  if (text.length < 3 || text.charCodeAt(0) !== 0x30 || (text.charCodeAt(1) | 0x20) !== 0x78) return Number.NaN
  let value = 0
  for (let at = 2; at < text.length; at++) {
    const digit = hexDigit(text.charCodeAt(at))
    if (digit < 0) return Number.NaN
    value = (value << 4) | digit
  }
  return value
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** A value as a text of an expression: `$null` is empty there (and `<null>` in a format string). */
export function valueToText(value: PvValue): string {
  return typeof value === 'string' ? value : value === null ? '' : String(value)
}
