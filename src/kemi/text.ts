/**
 * Texts between the server, where a character is a byte, and languages whose texts are Unicode. Bytes that are no UTF-8 become lone
 * surrogates (U+DC80 to U+DCFF, as in Python), so that they come back as they went.
 */
const notAscii = /[^\x00-\x7f]/

/** A byte string as Unicode. */
export function fromBytes(text: string): string {
  return notAscii.test(text) ? decode(Buffer.from(text, 'latin1')) : text
}

/** Unicode as a byte string. */
export function toBytes(text: string): string {
  return notAscii.test(text) ? encode(text) : text
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Buffer): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeMixed(bytes)
  }
}

/** Character by character, since some of it is no UTF-8. */
function decodeMixed(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0)
    let piece: string | undefined
    if (length > 0 && at + length <= bytes.length) {
      try {
        piece = strict.decode(bytes.subarray(at, at + length))
      } catch {
        piece = undefined
      }
    }
    if (piece === undefined) {
      text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
      at++
    } else {
      text += piece
      at += length
    }
  }
  return text
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first >= 0xc2 && first < 0xe0) return 2
  if (first >= 0xe0 && first < 0xf0) return 3
  return first >= 0xf0 && first < 0xf5 ? 4 : 0
}

function encode(text: string): string {
  let bytes = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const isEscaped = code >= 0xdc80 && code <= 0xdcff && !isHighSurrogate(text.charCodeAt(at - 1))
    if (!isEscaped) continue
    bytes += Buffer.from(text.slice(from, at), 'utf8').toString('latin1') + String.fromCharCode(code - 0xdc00)
    from = at + 1
  }
  return bytes + Buffer.from(text.slice(from), 'utf8').toString('latin1')
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}
