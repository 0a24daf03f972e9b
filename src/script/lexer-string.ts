export interface ReadString {
  readonly value: string
  /** The offset behind the closing quote. */
  readonly end: number
  readonly isClosed: boolean
  /** Nothing but white space follows: more text could add another part. */
  readonly reachesEnd: boolean
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'], ['r', '\r'], ['a', '\x07'], ['t', '\t'], ['"', '"'], ['\\', '\\'], ['\n', ''],
])
const hexEscape = /x([0-9a-fA-F]{1,2})/y
const octalEscape = /[0-7]{2,3}/y

/**
 * Reads the string that begins at `start`: '...' is raw; "..." has escapes, and following "..." are part of it. A
 * backslash before anything that is no escape stands for itself.
 */
export function readString(text: string, start: number): ReadString {
  if (text[start] === "'") {
    const close = text.indexOf("'", start + 1)
    if (close === -1) return { value: text.slice(start + 1), end: text.length, isClosed: false, reachesEnd: true }
    return { value: text.slice(start + 1, close), end: close + 1, isClosed: true, reachesEnd: false }
  }
  let value = ''
  let at = start + 1
  for (;;) {
    const from = at
    while (at < text.length && text[at] !== '"' && text[at] !== '\\') at++
    value += text.slice(from, at)
    if (at >= text.length) return { value, end: at, isClosed: false, reachesEnd: true }
    if (text[at] === '\\') {
      const [replacement, length] = readEscape(text, at)
      value += replacement
      at += length
      continue
    }
    const end = at + 1
    at = end
    while (at < text.length && ' \t\b\r\n'.includes(text[at] ?? '')) at++
    if (text[at] !== '"') return { value, end, isClosed: true, reachesEnd: at >= text.length }
    at++
  }
}

function readEscape(text: string, at: number): [replacement: string, length: number] {
  const simple = escapes.get(text[at + 1] ?? '')
  if (simple !== undefined) return [simple, 2]
  hexEscape.lastIndex = at + 1
  const hex = hexEscape.exec(text)
  if (hex !== null) return [String.fromCharCode(parseInt(hex[1] ?? '0', 16)), hex[0].length + 1]
  octalEscape.lastIndex = at + 1
  const octal = octalEscape.exec(text)
  if (octal !== null) return [String.fromCharCode(parseInt(octal[0], 8) & 0xff), octal[0].length + 1]
  return ['\\', 1]
}
