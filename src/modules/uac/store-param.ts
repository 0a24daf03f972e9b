/**
 * The parameter of Record-Route that holds two URIs at once: their bytes combined by exclusive or, so that whoever has one
 * of them gets the other. Its value is base64 with `-` for padding, as Kamailio writes it: both read each other's.
 */

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The parameter's value for a URI and the one that takes its place. */
export function storeParam(uri: string, replacement: string, password: string): string {
  return encode(withPassword(combine(uri, replacement), password))
}

/** The bytes that a value stands for; undefined when it is none. */
export function readStoreParam(value: string, password: string): string | undefined {
  const bytes = decode(value)
  return bytes === undefined ? undefined : withPassword(bytes, password)
}

/** The other URI, out of what was read and the URI that came; a NUL ends it where the one that came is longer. */
export function otherUri(stored: string, uri: string): string {
  const combined = combine(stored, uri)
  const end = combined.indexOf('\0')
  return end >= 0 && end < uri.length ? combined.slice(0, end) : combined
}

/** Exclusive or of two texts; what the longer one has beyond the other stays as it is. */
function combine(one: string, other: string): string {
  const [long, short] = one.length > other.length ? [one, other] : [other, one]
  let result = ''
  for (let at = 0; at < short.length; at++) result += String.fromCharCode(long.charCodeAt(at) ^ short.charCodeAt(at))
  return result + long.slice(short.length)
}

function withPassword(bytes: string, password: string): string {
  if (password === '') return bytes
  let result = ''
  for (let at = 0; at < bytes.length; at++) result += String.fromCharCode(bytes.charCodeAt(at) ^ password.charCodeAt(at % password.length))
  return result
}

function encode(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64').replaceAll('=', '-')
}

function decode(value: string): string | undefined {
  let end = value.length
  while (end > 0 && value.charAt(end - 1) === '-') end--
  const length = ((value.length * 6) >> 3) - (value.length - end)
  let bits = 0
  let count = 0
  let bytes = ''
  for (let at = 0; at < end; at++) {
    const digit = BASE64.indexOf(value.charAt(at))
    if (digit < 0) return undefined
    bits = ((bits << 6) | digit) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    bytes += String.fromCharCode((bits >> count) & 0xff)
  }
  return bytes.slice(0, Math.max(length, 0))
}
