/** The lines of a session description (RFC 4566 §5), by their offsets. */

export interface SdpLine {
  /** The letter in front of `=`. */
  readonly type: string
  readonly start: number
  /** Behind the `=`. */
  readonly valueStart: number
  /** In front of the line end. */
  readonly valueEnd: number
  /** Behind the line end. */
  readonly end: number
}

const LINES_MAX = 4096

/** The lines between two offsets; what has no `x=` in front belongs to no line, and is left out. */
export function sdpLines(text: string, from: number, to: number): readonly SdpLine[] {
  const lines: SdpLine[] = []
  let start = from
  while (start < to && lines.length < LINES_MAX) {
    const lineFeed = text.indexOf('\n', start)
    const end = lineFeed < 0 || lineFeed >= to ? to : lineFeed + 1
    if (start + 1 < end && text.charCodeAt(start + 1) === 61) {
      lines.push({ type: text.charAt(start), start, valueStart: start + 2, valueEnd: contentEnd(text, start + 2, end), end })
    }
    start = end
  }
  return lines
}

/** Where a line's content ends: in front of CRLF, LF or a lone CR. */
function contentEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && (text.charCodeAt(at - 1) === 10 || text.charCodeAt(at - 1) === 13)) at--
  return at
}

/** A word of a line, with its place. */
export interface SdpWord {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The words between two offsets, parted by blanks. */
export function sdpWords(text: string, from: number, to: number): readonly SdpWord[] {
  const words: SdpWord[] = []
  let at = from
  for (;;) {
    while (at < to && text.charCodeAt(at) <= 32) at++
    if (at >= to) return words
    const start = at
    while (at < to && text.charCodeAt(at) > 32) at++
    words.push({ text: text.slice(start, at), start, end: at })
  }
}
