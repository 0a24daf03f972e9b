/** Multipart bodies (RFC 2046 §5.1), by offsets in the message's text. */
import { HeaderType } from './header-name.ts'
import { closingQuote } from './headers/params.ts'
import type { SipMessage } from './message.ts'

export interface BodyPart {
  /** Of the boundary line in front. */
  readonly boundaryStart: number
  /** Behind that line. */
  readonly start: number
  /** Of the content, behind the part's headers and the empty line. */
  readonly contentStart: number
  /** Of the line end in front of the next boundary. */
  readonly end: number
  /** Of the next boundary line. */
  readonly next: number
  /** `text/plain`, without parameters, in lower case; empty when the part does not say. */
  readonly contentType: string
}

const PARTS_MAX = 256

/** `type/subtype` of a Content-Type value, in lower case. */
export function mediaType(value: string): string {
  const semicolon = value.indexOf(';')
  return (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase()
}

/** The boundary that Content-Type names; undefined when the body is not multipart. */
export function boundaryOf(message: SipMessage): string | undefined {
  const value = message.value(HeaderType.contentType)
  if (value === undefined || !mediaType(value).startsWith('multipart/')) return undefined
  const at = value.toLowerCase().indexOf('boundary=')
  if (at < 0) return undefined
  const start = at + 'boundary='.length
  if (value[start] === '"') {
    const close = closingQuote(value, start, value.length)
    return close < 0 ? undefined : value.slice(start + 1, close)
  }
  let end = start
  while (end < value.length && !' \t\r\n;'.includes(value.charAt(end))) end++
  return end > start ? value.slice(start, end) : undefined
}

export interface BodyParts {
  readonly parts: readonly BodyPart[]
  /** Of the closing boundary; -1 when it is missing. */
  readonly closing: number
  /** The last part when no boundary ends it: it ends with the text. */
  readonly open?: BodyPart
}

/** The parts of a multipart body in order. */
export function bodyParts(message: SipMessage, boundary: string): BodyParts {
  const { text } = message
  const delimiter = `--${boundary}`
  const parts: BodyPart[] = []
  let at = findBoundary(text, delimiter, message.bodyStart)
  while (at >= 0 && parts.length < PARTS_MAX) {
    if (text.startsWith('--', at + delimiter.length)) return { parts, closing: at }
    const lineEnd = text.indexOf('\n', at)
    if (lineEnd < 0) break
    const next = findBoundary(text, delimiter, lineEnd + 1)
    if (next < 0) return { parts, closing: -1, open: readPart(text, at, lineEnd + 1, text.length, text.length) }
    parts.push(readPart(text, at, lineEnd + 1, text[next - 2] === '\r' ? next - 2 : next - 1, next))
    at = next
  }
  return { parts, closing: -1 }
}

function readPart(text: string, boundaryStart: number, start: number, end: number, next: number): BodyPart {
  const empty = emptyLine(text, start, end)
  const contentType = partType(text.slice(start, empty.headersEnd))
  return { boundaryStart, start, contentStart: empty.contentStart, end, next, contentType }
}

/** A boundary at the start of a line. */
function findBoundary(text: string, delimiter: string, from: number): number {
  let at = text.indexOf(delimiter, from)
  while (at > from && text[at - 1] !== '\n') at = text.indexOf(delimiter, at + 1)
  return at
}

function emptyLine(text: string, start: number, end: number): { readonly headersEnd: number; readonly contentStart: number } {
  if (text.startsWith('\r\n', start)) return { headersEnd: start, contentStart: start + 2 }
  // A search in the whole text would run to its end for every part that has no empty line.
  const part = text.slice(start, end)
  const crlf = part.indexOf('\r\n\r\n')
  if (crlf >= 0) return { headersEnd: start + crlf, contentStart: start + crlf + 4 }
  const lf = part.indexOf('\n\n')
  if (lf >= 0) return { headersEnd: start + lf, contentStart: start + lf + 2 }
  return { headersEnd: end, contentStart: end }
}

function partType(headers: string): string {
  for (const line of headers.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0 && /^(content-type|c)$/i.test(line.slice(0, colon).trim())) return mediaType(line.slice(colon + 1))
  }
  return ''
}
