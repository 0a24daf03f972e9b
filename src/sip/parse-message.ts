import type { ReceivedFrom } from './endpoint.ts'
import { MESSAGE_BYTES_MAX } from './header-block.ts'
import { SipMessage } from './message.ts'
import { knownMethod } from './method.ts'
import { ParseError } from './parse-error.ts'
import type { Scan } from './scan.ts'

const SPACE = 32
const CR = 13
const VERSION = 'SIP/2.0'
const VERSION_LENGTH = VERSION.length
/** The code of the error for what is well formed, but another protocol than SIP/2.0: it is nobody's fault. */
export const OTHER_PROTOCOL = 'protocol'

/**
 * Reads the first line of a message; headers are read when somebody asks (RFC 3261 §7). As in Kamailio, empty lines and
 * blanks in front are passed over, a method may have any characters, and what is joined to `SIP/2.0` does not matter.
 * The error's offset points into the text. `scan` is what the add-on found in its look over the same bytes.
 */
export function parseMessage(text: string, received: ReceivedFrom, id: number, scan?: Scan): SipMessage | ParseError {
  if (scan !== undefined && scan.headersStart > 0) return scannedMessage(text, received, id, scan)
  if (text.length > MESSAGE_BYTES_MAX) return new ParseError('size', 'the message is too large')
  USUAL_REQUEST_LINE.lastIndex = 0
  if (USUAL_REQUEST_LINE.test(text)) return usualRequest(text, received, id, USUAL_REQUEST_LINE.lastIndex)
  let start = 0
  while (start < text.length && text.charCodeAt(start) <= SPACE) start++
  const lineFeed = text.indexOf('\n', start)
  if (lineFeed < 0) return new ParseError('first-line', 'the first line does not end', start)
  const end = lineFeed > start && text.charCodeAt(lineFeed - 1) === CR ? lineFeed - 1 : lineFeed
  const first = text.indexOf(' ', start)
  if (first < 0 || first >= end) return new ParseError('first-line', 'the first line has no space', start)
  if (isVersion(text, start) && first === start + VERSION_LENGTH) {
    return parseStatusLine(text, received, id, start, first, end, lineFeed + 1)
  }
  return parseRequestLine(text, received, id, start, first, end, lineFeed + 1)
}

function scannedMessage(text: string, received: ReceivedFrom, id: number, scan: Scan): SipMessage {
  const { headersStart, status, firstLine } = scan
  const low = firstLine & 0xffff
  const high = firstLine >>> 16
  const message = new SipMessage(text, received, id, status < 0, headersStart)
  if (status < 0) message.setRequestLine(knownMethod(text, 0, low) ?? text.slice(0, low), low + 1, high, high + 1, headersStart - 2)
  else message.setStatusLine(status, 0, VERSION_LENGTH, low, high)
  message.adopt(scan)
  return message
}

const USUAL_REQUEST_LINE = /[A-Z]+ [^ \t\r\n]+ SIP\/2\.0\r\n/y

/** The request whose first line is known to have the usual form and to end at `lineEnd`. */
function usualRequest(text: string, received: ReceivedFrom, id: number, lineEnd: number): SipMessage {
  const methodEnd = text.indexOf(' ')
  const versionEnd = lineEnd - 2
  const versionStart = versionEnd - VERSION_LENGTH
  const message = new SipMessage(text, received, id, true, lineEnd)
  message.setRequestLine(
    knownMethod(text, 0, methodEnd) ?? text.slice(0, methodEnd), methodEnd + 1, versionStart - 1, versionStart, versionEnd,
  )
  return message
}

function parseRequestLine(
  text: string,
  received: ReceivedFrom,
  id: number,
  start: number,
  first: number,
  end: number,
  lineEnd: number,
): SipMessage | ParseError {
  // RFC 3261 §7.1: a single space behind the method. Behind the URI, which may be empty, Kamailio takes any blanks.
  const uriStart = first + 1
  const uriEnd = firstBlank(text, uriStart, end)
  let versionStart = uriEnd
  while (versionStart < end && isBlank(text.charCodeAt(versionStart))) versionStart++
  if (versionStart === end) return new ParseError('first-line', 'the request line has no version', start)
  let versionEnd = versionStart
  while (versionEnd < end && !isBlank(text.charCodeAt(versionEnd))) versionEnd++
  for (let at = versionEnd; at < end; at++) {
    if (!isBlank(text.charCodeAt(at))) return new ParseError('version', 'something follows the version', at)
  }
  if (!isVersion(text, versionStart)) {
    return new ParseError(OTHER_PROTOCOL, 'the request line does not end in SIP/2.0', versionStart)
  }
  const message = new SipMessage(text, received, id, true, lineEnd)
  message.setRequestLine(knownMethod(text, start, first) ?? text.slice(start, first), uriStart, uriEnd, versionStart, versionEnd)
  return message
}

const NOT_BLANK = /[^ \t\r\n]*/y

/** The offset of the first blank, or `end`. */
function firstBlank(text: string, start: number, end: number): number {
  NOT_BLANK.lastIndex = start
  NOT_BLANK.test(text)
  return Math.min(NOT_BLANK.lastIndex, end)
}

function parseStatusLine(
  text: string,
  received: ReceivedFrom,
  id: number,
  start: number,
  first: number,
  end: number,
  lineEnd: number,
): SipMessage | ParseError {
  const codeStart = first + 1
  let status = 0
  for (let at = codeStart; at < codeStart + 3; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return new ParseError('status', 'the status is no number of three digits', at)
    status = status * 10 + digit
  }
  const behind = codeStart + 3
  if (behind >= end || !isSpace(text.charCodeAt(behind))) {
    return new ParseError('status', 'no blank behind the status of three digits', behind)
  }
  let reasonStart = behind
  while (reasonStart < end && isSpace(text.charCodeAt(reasonStart))) reasonStart++
  const returnAt = text.indexOf('\r', reasonStart)
  const message = new SipMessage(text, received, id, false, lineEnd)
  message.setStatusLine(status, start, first, reasonStart, returnAt >= 0 && returnAt < end ? returnAt : end)
  return message
}

/** `SIP/2.0` in any case. */
function isVersion(text: string, start: number): boolean {
  return text.startsWith(VERSION, start) || text.slice(start, start + VERSION_LENGTH).toUpperCase() === VERSION
}

function isSpace(code: number): boolean {
  return code === SPACE || code === 9
}

function isBlank(code: number): boolean {
  return code === SPACE || code === CR || code === 10 || code === 9
}
