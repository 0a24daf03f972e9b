import { ParseError } from './parse-error.ts'

export type UriScheme = 'sip' | 'sips' | 'tel' | 'urn'

/** A URI by its parts (RFC 3261 §19.1, RFC 3966), each as written. */
export interface SipUri {
  readonly text: string
  readonly scheme: UriScheme
  /** For tel: the number. For urn: the namespace, where something follows it. */
  readonly user: string
  readonly hasUser: boolean
  readonly password: string
  /** With brackets for IPv6, as written. Empty for tel. For urn: what follows the namespace. */
  readonly host: string
  readonly portText: string
  /** 0 when not given. */
  readonly port: number
  /** `a=b;c`, without the leading semicolon. */
  readonly params: string
  /** `H=v&I=w`, without the question mark. */
  readonly headers: string
  readonly hostStart: number
  /** Behind host and port. */
  readonly hostPortEnd: number
}

const SCHEMES: readonly UriScheme[] = ['sip', 'sips', 'tel', 'urn']

const CONTROL = /[\x00-\x1f]/

/** Reads a URI; the error says what is wrong with it and where. */
export function parseUri(text: string): SipUri | ParseError {
  const colon = text.indexOf(':')
  if (colon < 3 || colon > 4) return new ParseError('uri', 'the URI has no known scheme', 0)
  const written = text.slice(0, colon)
  const scheme = SCHEMES.find((known) => known === written) ?? SCHEMES.find((known) => known === written.toLowerCase())
  if (scheme === undefined) return new ParseError('uri', 'the URI has no known scheme', 0)
  const length = text.length
  if (length === colon + 1) return new ParseError('uri', 'the URI ends behind its scheme', colon)
  // Kamailio takes any character in a user, blanks too (`$rU = "a b"`). Line ends are refused here: they would end
  // the request line.
  if (CONTROL.test(text)) return new ParseError('uri', 'a character that no URI has', text.search(CONTROL))
  if (scheme === 'urn') return parseUrn(text, colon + 1)
  const uri = parseSip(text, scheme, colon + 1)
  return scheme !== 'tel' || uri instanceof ParseError ? uri : telephone(uri)
}

/** Kamailio reads tel: like sip:, and takes what stands for the host for the number. */
function telephone(uri: SipUri): SipUri {
  return { ...uri, user: uri.host, hasUser: true, password: '', host: '', hostStart: uri.hostPortEnd }
}

/** `urn:service:sos` has the user `service` and the host `sos`; `urn:x` has a host only. */
function parseUrn(text: string, start: number): SipUri | ParseError {
  const colon = text.indexOf(':', start)
  const behind = colon < 0 ? -1 : text.charCodeAt(colon + 1)
  const isPort = behind >= 48 && behind <= 57
  if (colon < 0 || text.indexOf(';') >= 0 || text.indexOf('@', start) >= 0 || isPort) return parseSip(text, 'urn', start)
  if (colon === start || colon + 1 === text.length || text.indexOf(':', colon + 1) >= 0 || text.indexOf('?', colon) >= 0) {
    return new ParseError('uri', 'the URN has no namespace and name', start)
  }
  return {
    text,
    scheme: 'urn',
    user: text.slice(start, colon),
    hasUser: true,
    password: '',
    host: text.slice(colon + 1),
    portText: '',
    port: 0,
    params: '',
    headers: '',
    hostStart: colon + 1,
    hostPortEnd: text.length,
  }
}

function parseSip(text: string, scheme: UriScheme, start: number): SipUri | ParseError {
  const at = userEnd(text, start)
  if (at === -2) return new ParseError('uri', 'the URI has more than one @', text.indexOf('@', start))
  let user = ''
  let password = ''
  let hostStart = start
  if (at >= 0) {
    const colon = text.indexOf(':', start)
    const hasPassword = colon >= 0 && colon < at
    user = text.slice(start, hasPassword ? colon : at)
    password = hasPassword ? text.slice(colon + 1, at) : ''
    hostStart = at + 1
    if (user === '') return new ParseError('uri', 'the URI has an empty user', start)
    const odd = user.indexOf('[') >= 0 || user.indexOf(']') >= 0 || (hasPassword && !isPassword(password))
    if (odd) return new ParseError('uri', 'a character that no user or password has', start)
  }
  let hostEnd = hostStart
  if (text.charCodeAt(hostStart) === 91) {
    const close = text.indexOf(']', hostStart)
    if (close < 0) return new ParseError('uri', 'an IPv6 address in the URI does not end', hostStart)
    hostEnd = close + 1
  } else {
    // Kamailio takes nearly anything for the host of a URI without a user, but letters, digits, - and . behind an @.
    if (at >= 0) while (hostEnd < text.length && isHostCode(text.charCodeAt(hostEnd))) hostEnd++
    else hostEnd = looseHostEnd(text, hostStart)
    if (at >= 0 && !isHostName(text, hostStart, hostEnd)) {
      return new ParseError('uri', 'a character that no host has', hostStart)
    }
  }
  if (hostEnd === hostStart) return new ParseError('uri', 'the URI has no host', hostStart)
  let hostPortEnd = hostEnd
  let portText = ''
  let port = 0
  if (text.charCodeAt(hostEnd) === 58) {
    let portEnd = hostEnd + 1
    while (portEnd < text.length) {
      const digit = text.charCodeAt(portEnd) - 48
      if (digit < 0 || digit > 9) break
      port = port * 10 + digit
      if (port > 65535) return new ParseError('uri', 'the port is too large', hostEnd + 1)
      portEnd++
    }
    portText = text.slice(hostEnd + 1, portEnd)
    hostPortEnd = portEnd
    if (portText.length > 5) return new ParseError('uri', 'the port is too long', hostEnd + 1)
  }
  const rest = text.charCodeAt(hostPortEnd)
  if (hostPortEnd < text.length && rest !== 59 && rest !== 63) {
    return new ParseError('uri', 'something that no URI has follows the host', hostPortEnd)
  }
  const question = text.indexOf('?', hostPortEnd)
  const paramsEnd = question < 0 ? text.length : question
  const isOddHeader = question >= 0 && (text.indexOf(';', question) >= 0 || (at >= 0 && text.indexOf('@', question) >= 0))
  if (isOddHeader) return new ParseError('uri', 'a character that no header of a URI has', question)
  return {
    text,
    scheme,
    user,
    hasUser: at >= 0,
    password,
    host: text.slice(hostStart, hostEnd),
    portText,
    port,
    params: rest === 59 ? text.slice(hostPortEnd + 1, paramsEnd) : '',
    headers: question < 0 ? '' : text.slice(question + 1),
    hostStart,
    hostPortEnd,
  }
}

/** The offset of the @ behind the user part; -1 when there is none, -2 when there are several in front of the headers. */
function userEnd(text: string, start: number): number {
  const at = text.indexOf('@', start)
  if (at < 0) return -1
  const question = text.indexOf('?', at)
  const second = text.indexOf('@', at + 1)
  return second >= 0 && (question < 0 || second < question) ? -2 : at
}

/** Where the host of a URI without a user ends; any first character but a colon is part of it. */
function looseHostEnd(text: string, start: number): number {
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 58 || code === 91 || code === 93 || (at > start && (code === 59 || code === 63))) break
    at++
  }
  return at
}

/** No `:;?[]`; and digits in front of it are no larger than a port, since Kamailio takes them for one at first. */
function isPassword(text: string): boolean {
  let number = 0
  let isNumber = true
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 58 || code === 59 || code === 63 || code === 91 || code === 93) return false
    isNumber &&= code >= 48 && code <= 57
    if (isNumber) number = number * 10 + code - 48
    if (number > 65535) return false
  }
  return true
}

/** A letter or digit, then letters, digits, `-` and `.`. */
function isHostName(text: string, start: number, end: number): boolean {
  if (start < end && (text.charCodeAt(start) === 45 || text.charCodeAt(start) === 46)) return false
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === 95) return false
  return true
}

/** Letters, digits, `-`, `.` and `_`. */
function isHostCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) ||
    code === 45 || code === 46 || code === 95
  )
}

/** A parameter's value by name in any case; an empty text for one without a value. Of several, the last counts. */
export function uriParam(uri: SipUri, name: string): string | undefined {
  return paramIn(uri.params, name)
}

export function paramIn(params: string, name: string): string | undefined {
  let value: string | undefined
  let at = 0
  while (at < params.length) {
    const semicolon = params.indexOf(';', at)
    const end = semicolon < 0 ? params.length : semicolon
    // Looking for a name is the usual case, finding it is not.
    if (end - at >= name.length) {
      const equals = params.indexOf('=', at)
      const nameEnd = equals < 0 || equals > end ? end : equals
      if (nameEnd - at === name.length && params.slice(at, nameEnd).toLowerCase() === name) {
        value = nameEnd === end ? '' : params.slice(nameEnd + 1, end)
      }
    }
    at = end + 1
  }
  return value
}
