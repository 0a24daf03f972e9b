/** Credentials of the Digest scheme (RFC 3261 §20.7, RFC 7616), read as Kamailio does: a quote ends at the next one, no escapes. */
import type { Header } from '../header.ts'
import { ParseError } from '../parse-error.ts'

const FIELDS = ['username', 'realm', 'nonce', 'uri', 'response', 'algorithm', 'cnonce', 'opaque', 'qop', 'nc'] as const

export type DigestField = (typeof FIELDS)[number]

/** Fields as written, without quotes; the last one where there are several of a name. Undefined for those that are not there. */
export class DigestCredentials {
  username: string | undefined = undefined
  realm: string | undefined = undefined
  nonce: string | undefined = undefined
  uri: string | undefined = undefined
  response: string | undefined = undefined
  algorithm: string | undefined = undefined
  cnonce: string | undefined = undefined
  opaque: string | undefined = undefined
  qop: string | undefined = undefined
  nc: string | undefined = undefined
  /** The user in `username`: `alice` of `sip:alice@example.com`. */
  user = ''
  /** What follows the @ in `username`. */
  domain = ''
  /** Whether there is an @. */
  hasDomain = false

  /** The part of the name that tells the realm, else the realm (Kamailio's GET_REALM). */
  get userRealm(): string {
    return this.domain === '' ? this.realm ?? '' : this.domain
  }
}

/** Credentials that a module of authentication looked at, right or wrong. */
export interface CheckedCredentials {
  readonly header: Header
  readonly credentials: DigestCredentials
  /** Their nonce was too old once. */
  isStale: boolean
}

/** The credentials in an Authorization value; undefined when its scheme is another. */
export function parseDigestCredentials(value: string): DigestCredentials | ParseError | undefined {
  const text = value.trimStart()
  if (text.length < 7 || text.slice(0, 6).toLowerCase() !== 'digest' || !' \t\r\n,'.includes(text.charAt(6))) {
    return undefined
  }
  const credentials = new DigestCredentials()
  let at = skipBlanks(text, 7)
  for (;;) {
    const equals = text.indexOf('=', at)
    if (equals < 0) return new ParseError('digest', 'a field has no =', at)
    const name = text.slice(at, equals).trim().toLowerCase()
    at = skipBlanks(text, equals + 1)
    if (at >= text.length) return new ParseError('digest', 'a field has no value', at)
    let start = at
    let end = at
    if (text.charCodeAt(at) === 34) {
      start = at + 1
      end = text.indexOf('"', start)
      if (end < 0) return new ParseError('digest', 'a quote does not end', at)
    } else {
      while (end < text.length && !' \t\r\n,'.includes(text.charAt(end))) end++
      if (end === at) return new ParseError('digest', 'a field has no value', at)
    }
    const field = FIELDS.find((known) => known === name)
    if (field !== undefined) credentials[field] = text.slice(start, end)
    const comma = text.indexOf(',', start === at ? end : end + 1)
    if (comma < 0) break
    at = skipBlanks(text, comma + 1)
  }
  readUser(credentials)
  return credentials
}

/** Takes `user` and `domain` out of the user name; those of up to two characters are a user. */
function readUser(credentials: DigestCredentials): void {
  const whole = credentials.username ?? ''
  const at = whole.length > 2 ? whole.indexOf('@') : -1
  const user = at < 0 ? whole : whole.slice(0, at)
  credentials.hasDomain = at >= 0
  credentials.domain = at < 0 ? '' : whole.slice(at + 1)
  credentials.user = whole.length > 2 ? user.slice(user.indexOf(':') + 1) : user
}

export type Qop = 'none' | 'auth' | 'auth-int' | 'other'

export function qopOf(text: string | undefined): Qop {
  const word = text?.trim().toLowerCase() ?? ''
  return word === '' ? 'none' : word === 'auth' || word === 'auth-int' ? word : 'other'
}

/** True when what a response is computed from is there: RFC 7616 §3.4, cnonce and nc where there is a qop. */
export function isComplete(credentials: DigestCredentials): boolean {
  const { username, realm, nonce, uri, response, cnonce, nc } = credentials
  if (username === undefined || realm === undefined || nonce === undefined || uri === undefined || response === undefined) {
    return false
  }
  const qop = qopOf(credentials.qop)
  return (qop !== 'auth' && qop !== 'auth-int') || (cnonce !== undefined && nc !== undefined)
}

function skipBlanks(text: string, start: number): number {
  let at = start
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return at
}
