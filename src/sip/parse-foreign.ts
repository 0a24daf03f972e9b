/** Requests of protocols that look like SIP: HTTP above all. */
import type { ReceivedFrom } from './endpoint.ts'
import { MESSAGE_BYTES_MAX } from './header-block.ts'
import { SipMessage } from './message.ts'
import { ParseError } from './parse-error.ts'

/** Method, URI (which may be empty, as in Kamailio) and version, one blank behind the method. */
const REQUEST_LINE = /^[\0-\x20]*(\S+) (\S*)([ \t]+)(\S+)[ \t]*\r?\n/
const HTTP_VERSION = /^HTTP\/(?:1\.|2)/i
/** Proxies write Via as HTTP does (RFC 9110 §7.6.3), which is none of SIP. */
const FIRST_VIA = /\nVia(?=[ \t]*:)/i
const HTTP_VIA = /\nVia(?=[ \t]*:[ \t]*(?!SIP\/)\S)/gi

export function isHttpVersion(version: string): boolean {
  return HTTP_VERSION.test(version)
}

/**
 * Reads a request whose version is not SIP/2.0. Its headers are read as SIP's are; an error says which cannot be. What a proxy wrote into
 * Via of an HTTP request is renamed (`Hia`, as in Kamailio), since replies go by Via.
 */
export function parseForeign(text: string, received: ReceivedFrom, id: number): SipMessage | ParseError {
  const line = REQUEST_LINE.exec(text)
  if (line === null) return new ParseError('first-line', 'the first line is no request line', 0)
  return readRequest(line, isHttpVersion(line[4] ?? '') ? withoutHttpVia(text, line[0].length) : text, received, id)
}

/** Reads a request of the same kind again, changed by this server: it is taken as it stands. */
export function parseForeignAgain(text: string, received: ReceivedFrom, id: number): SipMessage | ParseError {
  const line = REQUEST_LINE.exec(text)
  return line === null ? new ParseError('first-line', 'the first line is no request line', 0) : readRequest(line, text, received, id)
}

/** `line` is what REQUEST_LINE found in the text. */
function readRequest(line: RegExpExecArray, text: string, received: ReceivedFrom, id: number): SipMessage | ParseError {
  if (text.length > MESSAGE_BYTES_MAX) return new ParseError('size', 'the message is too large')
  const [whole, method = '', uri = '', blanks = '', version = ''] = line
  const message = new SipMessage(text, received, id, true, whole.length)
  const uriStart = whole.indexOf(method) + method.length + 1
  const versionStart = uriStart + uri.length + blanks.length
  message.setRequestLine(method, uriStart, uriStart + uri.length, versionStart, versionStart + version.length)
  const headers = message.headers()
  if (message.error !== undefined) return message.error
  return headers.length > 0 ? message : new ParseError('header', 'there is no header', whole.length)
}

function withoutHttpVia(text: string, headersStart: number): string {
  const end = text.search(/\n\r?\n/)
  const head = text.slice(headersStart - 1, end < 0 ? undefined : end + 1)
  const changed = head.replace(FIRST_VIA, '\nHia').replace(HTTP_VIA, '\nHia')
  return changed === head ? text : text.slice(0, headersStart - 1) + changed + (end < 0 ? '' : text.slice(end + 1))
}

/** The same request with one more header, behind the request line. */
export function withFirstHeader(message: SipMessage, header: string): SipMessage | ParseError {
  const { text, headersStart, received, id } = message
  return parseForeignAgain(text.slice(0, headersStart) + header + text.slice(headersStart), received, id)
}
