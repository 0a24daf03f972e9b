/** `{s.encode...}` and `{s.decode...}`: hexadecimal digits, 7-bit text, base 58 and base 64. */
import type { TransformationDef } from '../../../define/define.ts'
import { ofText } from './parameters.ts'

const HEX_BYTES_MAX = 32767
/** The work grows with the square of the length. */
const BASE58_BYTES_MAX = 4096

function encodeHexa(text: string): string | null {
  return text.length > HEX_BYTES_MAX ? null : Buffer.from(text, 'latin1').toString('hex')
}

/** A last digit without a pair is left out. */
function decodeHexa(text: string): string | null {
  const even = text.length % 2 === 0 ? text : text.slice(0, -1)
  return /^[0-9a-fA-F]*$/.test(even) ? Buffer.from(even, 'hex').toString('latin1') : null
}

/** Packs characters of 7 bits, as in GSM messages (3GPP TS 23.038 §6.1.2.1), and writes the bytes in hexadecimal. */
function encode7bit(text: string): string {
  let hexa = ''
  let shift = 0
  for (let at = 0; at < text.length; at++) {
    const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0
    const byte = ((text.charCodeAt(at) >> shift) | (next << (7 - shift))) & 0xff
    hexa += byte.toString(16).toUpperCase().padStart(2, '0')
    shift++
    if (shift === 7) {
      at++
      shift = 0
    }
  }
  return hexa
}

/** A hexadecimal digit as Kamailio reads it: what is none gives some byte all the same. */
function hexDigit(code: number): number {
  return code >= 0x30 && code <= 0x39 ? code - 0x30 : ((code >= 0x41 && code <= 0x5a ? code | 0x20 : code) - 0x57) & 0xff
}

/** A last digit without a pair counts as if a zero byte followed. */
function decode7bit(text: string): string {
  let decoded = ''
  let shift = 0
  let carried = 0
  for (let at = 0; at < text.length; at += 2) {
    const low = at + 1 < text.length ? text.charCodeAt(at + 1) : 0
    const byte = ((hexDigit(text.charCodeAt(at)) << 4) | hexDigit(low)) & 0xff
    decoded += String.fromCharCode(((byte << shift) & 0x7f) | carried)
    carried = byte >> (7 - shift)
    shift++
    if (shift === 7) {
      decoded += String.fromCharCode(carried)
      shift = 0
      carried = 0
    }
  }
  return decoded
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Digits of one base, the highest first, as digits of another. */
function convert(digits: readonly number[], from: number, to: number): number[] {
  const converted: number[] = []
  for (const digit of digits) {
    let carry = digit
    for (let at = 0; at < converted.length; at++) {
      carry += (converted[at] ?? 0) * from
      converted[at] = carry % to
      carry = Math.floor(carry / to)
    }
    while (carry > 0) {
      converted.push(carry % to)
      carry = Math.floor(carry / to)
    }
  }
  return converted.reverse()
}

function leading(digits: readonly number[]): number {
  const first = digits.findIndex((digit) => digit !== 0)
  return first < 0 ? digits.length : first
}

function encodeBase58(text: string): string | null {
  if (text.length > BASE58_BYTES_MAX) return null
  const bytes = [...Buffer.from(text, 'latin1')]
  let encoded = '1'.repeat(leading(bytes))
  for (const digit of convert(bytes, 256, 58)) encoded += BASE58.charAt(digit)
  return encoded
}

/** As Kamailio gives it: zero bytes that belong in front stand at the end, and one more. */
function decodeBase58(text: string): string | null {
  if (text.length > BASE58_BYTES_MAX * 2) return null
  const digits: number[] = []
  for (const char of text) {
    const digit = BASE58.indexOf(char)
    if (digit < 0) return null
    digits.push(digit)
  }
  return String.fromCharCode(...convert(digits, 58, 256)) + '\0'.repeat(leading(digits) + 1)
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * Base 64 as Kamailio decodes it: whole groups of four; characters that are none count as a byte of ones, and up to
 * two `=` at the end are padding.
 */
function decodeBase64(text: string): string | null {
  if (text.length % 4 !== 0) return null
  let decoded = ''
  for (let at = 0; at < text.length; at += 4) {
    const [a, b, c, d] = [digit64(text, at), digit64(text, at + 1), digit64(text, at + 2), digit64(text, at + 3)]
    decoded += String.fromCharCode(((a << 2) | (b >> 4)) & 0xff, ((b << 4) | (c >> 2)) & 0xff, ((c << 6) | d) & 0xff)
  }
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return padding === 0 ? decoded : decoded.slice(0, -padding)
}

function digit64(text: string, at: number): number {
  const digit = BASE64.indexOf(text.charAt(at))
  return digit < 0 ? 0xff : digit
}

const padded = (text: string): string => text + '='.repeat((4 - (text.length % 4)) % 4)

/** RFC 4648 §5, with or without padding; anything else in it fails, and so does an empty text. */
function decodeBase64url(text: string): string | null {
  const bare = text.replace(/={0,2}$/, '')
  return bare !== '' && /^[A-Za-z0-9_-]+$/.test(bare) ? Buffer.from(bare, 'base64url').toString('latin1') : null
}

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
const base64url = (text: string): string => Buffer.from(text, 'latin1').toString('base64url')

export const encodeTransformations: Readonly<Record<string, TransformationDef>> = {
  's.encode.hexa': ofText('In hexadecimal digits.', encodeHexa),
  's.decode.hexa': ofText('From hexadecimal digits.', decodeHexa),
  's.encode.7bit': ofText('Packed as 7-bit text, in hexadecimal digits.', encode7bit),
  's.decode.7bit': ofText('From packed 7-bit text in hexadecimal digits.', decode7bit),
  's.encode.base58': ofText('In base 58.', encodeBase58),
  's.decode.base58': ofText('From base 58.', decodeBase58),
  's.encode.base64': ofText('In base 64.', base64),
  's.decode.base64': ofText('From base 64.', decodeBase64),
  's.encode.base64t': ofText('In base 64 without padding.', (text) => base64(text).replace(/=+$/, '')),
  's.decode.base64t': ofText('From base 64 without padding.', (text) => decodeBase64(padded(text))),
  's.encode.base64url': ofText('In base 64 for URLs.', (text) => padded(base64url(text))),
  's.decode.base64url': ofText('From base 64 for URLs.', decodeBase64url),
  's.encode.base64urlt': ofText('In base 64 for URLs without padding.', base64url),
  's.decode.base64urlt': ofText('From base 64 for URLs without padding.', decodeBase64url),
}
