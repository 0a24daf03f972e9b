/** `{s....}` that give hashes. */
import { createHash } from 'node:crypto'
import type { TransformationDef } from '../../../define/define.ts'
import { ofText, parameterMissing, withParameters } from './parameters.ts'

function digest(summary: string, algorithm: string): TransformationDef {
  return ofText(summary, (text) => createHash(algorithm).update(text, 'latin1').digest('hex'))
}

/** CRC-32 (ISO 3309), bit by bit; as the signed 32-bit number that scripts have. */
function crc32(text: string): number {
  let crc = -1
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc
}

const signed = (code: number): number => (code << 24) >> 24

/** The hash that Kamailio's core uses for its tables: 32 bits, unsigned. */
export function coreHash(text: string): number {
  let hash = 0
  let at = 0
  const mix = (value: number): void => {
    hash = (hash + (value ^ (value >>> 3))) >>> 0
  }
  for (; at + 4 <= text.length; at += 4) {
    mix(
      (text.charCodeAt(at) << 24) + (signed(text.charCodeAt(at + 1)) << 16) + (signed(text.charCodeAt(at + 2)) << 8) +
        signed(text.charCodeAt(at + 3)),
    )
  }
  let rest = 0
  for (; at < text.length; at++) rest = (rest << 8) + signed(text.charCodeAt(at))
  mix(rest)
  return (hash + (hash >>> 11) + (hash >>> 13) + (hash >>> 23)) >>> 0
}

export const digestTransformations: Readonly<Record<string, TransformationDef>> = {
  's.md5': digest('MD5, in hexadecimal digits.', 'md5'),
  's.sha1': digest('SHA-1, in hexadecimal digits (later than Kamailio 5.6).', 'sha1'),
  's.sha256': digest('SHA-256, in hexadecimal digits.', 'sha256'),
  's.sha384': digest('SHA-384, in hexadecimal digits.', 'sha384'),
  's.sha512': digest('SHA-512, in hexadecimal digits.', 'sha512'),
  's.crc32': ofText('CRC-32 as a whole number (later than Kamailio 5.6).', crc32),
  's.corehash': withParameters("Kamailio's core hash, within a table of a size (a power of two).", ['[size]'], (reader) => {
    const size = reader.hasMore ? reader.int() : () => 0
    return (text, context) => {
      const slots = size(context)
      return slots === slots ? String((coreHash(text) & (slots - 1)) >>> 0) : parameterMissing(context)
    }
  }),
}
