/** Base64 as Kamailio decodes it: characters that are none count as 255. */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const digit = (text: string, at: number): number => {
  const value = DIGITS.indexOf(text.charAt(at))
  return value < 0 ? 255 : value
}

/** Writes the bytes; their number, or 0 when the text cannot be base64 or there is no room. */
export function decodeBase64(text: string, bytes: Buffer): number {
  const { length } = text
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const wanted = (length / 4) * 3 - padding
  if (length < 4 || length % 4 !== 0 || wanted > bytes.length) return 0
  if (padding === 0 && text.charAt(length - 2) === '=') return 0
  for (let at = 0, to = 0; at < length; at += 4, to += 3) {
    const [a, b, c, d] = [digit(text, at), digit(text, at + 1), digit(text, at + 2), digit(text, at + 3)]
    const group = [(a << 2) | (b >> 4), (b << 4) | (c >> 2), (c << 6) | d]
    for (let index = 0; index < 3 && to + index < wanted; index++) bytes[to + index] = (group[index] ?? 0) & 255
  }
  return wanted
}
