import type { ReceivedFrom } from './endpoint.ts'
import { MESSAGE_BYTES_MAX, SipMessage } from './message.ts'
import { ParseError } from './parse-error.ts'

const SPACE = 32

/**
 * Reads the first line of a message; headers are read when somebody asks (RFC 3261 §7). Empty lines in front are
 * skipped. The error's offset points into the text.
 */
export function parseMessage(text: string, received: ReceivedFrom, id: number): SipMessage | ParseError {
  if (text.length > MESSAGE_BYTES_MAX) return new ParseError('size', 'the message is too large')
  let start = 0
  while (start < text.length && (text.charCodeAt(start) === 13 || text.charCodeAt(start) === 10)) start++
  const lineFeed = text.indexOf('\n', start)
  if (lineFeed < 0) return new ParseError('first-line', 'the first line does not end', start)
  let end = lineFeed
  while (end > start && (text.charCodeAt(end - 1) === 13 || text.charCodeAt(end - 1) === SPACE)) end--

  const first = text.indexOf(' ', start)
  if (first < 0 || first >= end || first === start) return new ParseError('first-line', 'the first line has no space', start)
  if (isVersion(text, start, first)) return parseStatusLine(text, received, id, start, first, end, lineFeed + 1)
  return parseRequestLine(text, received, id, start, first, end, lineFeed + 1)
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
  // RFC 3261 §7.1: a single space between the parts.
  const uriStart = first + 1
  const second = text.indexOf(' ', uriStart)
  if (second < 0 || second >= end) return new ParseError('first-line', 'the request line has no version', start)
  if (second === uriStart) return new ParseError('first-line', 'the request line has no URI', uriStart)
  const versionStart = second + 1
  if (!isVersion(text, versionStart, end)) {
    return new ParseError('version', 'the request line does not end in SIP/2.0', versionStart)
  }
  for (let at = start; at < first; at++) {
    if (!isTokenCode(text.charCodeAt(at))) return new ParseError('method', 'the method is no token', at)
  }
  return new SipMessage(text, received, id, {
    isRequest: true,
    method: text.slice(start, first),
    requestUri: text.slice(uriStart, second),
    requestUriStart: uriStart,
    version: text.slice(versionStart, end),
    status: 0,
    reason: '',
    end: lineEnd,
  })
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
  if (behind < end && text.charCodeAt(behind) !== SPACE) {
    return new ParseError('status', 'the status is no number of three digits', behind)
  }
  return new SipMessage(text, received, id, {
    isRequest: false,
    method: '',
    requestUri: '',
    requestUriStart: start,
    version: text.slice(start, first),
    status,
    reason: behind < end ? text.slice(behind + 1, end) : '',
    end: lineEnd,
  })
}

/** `SIP/2.0` in any case. */
function isVersion(text: string, start: number, end: number): boolean {
  if (end - start !== 7 || text.charCodeAt(start + 3) !== 47) return false
  return text.startsWith('SIP/2.0', start) || text.slice(start, end).toUpperCase() === 'SIP/2.0'
}

/** RFC 3261 §25.1 token. */
function isTokenCode(code: number): boolean {
  if (code >= 97 && code <= 122) return true
  if (code >= 65 && code <= 90) return true
  if (code >= 48 && code <= 57) return true
  return code < 128 && "-.!%*_+`'~".includes(String.fromCharCode(code))
}
