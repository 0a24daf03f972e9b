/** Compares the response of credentials with the right one. */
import { ownText } from '../../base/own-text.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { digestResponse, storedSecret } from '../../sip/digest.ts'
import { qopOf, type CheckedCredentials, type DigestCredentials } from '../../sip/headers/digest-credentials.ts'
import { challengeIntoAvp, nextNonce } from './challenge.ts'
import { precheck, withoutPrefix, type Precheck, type Side } from './credentials.ts'
import type { Auth } from './state.ts'

/** Results of the functions that authenticate. */
export const AuthResult = {
  ok: 1, error: -1, wrongPassword: -2, unknownUser: -3, stale: -4, noCredentials: -5, reused: -6, userMismatch: -8,
} as const

export const AUTH_RETURNS: Readonly<Record<number, string>> = {
  1: 'they are right', [-1]: 'an error, or they cannot be read', [-2]: 'wrong password', [-3]: 'unknown user', [-4]: 'stale nonce',
  [-5]: 'no credentials of that realm', [-6]: 'the nonce was used before', [-8]: 'of another user than From or To names',
}

/** Flags of pv_www_authenticate() and its like. */
const Flag = { isStored: 1, challenge: 2, challengeAuth: 4, challengeAuthInt: 8 } as const

/** The result for what precheck() found out; undefined when a password is to be looked at. */
export function resultOf(precheck: Exclude<Precheck, CheckedCredentials>): number {
  switch (precheck) {
    case 'ok': return AuthResult.ok
    case 'error': return AuthResult.error
    case 'none': return AuthResult.noCredentials
    case 'stale': return AuthResult.stale
    case 'reused': return AuthResult.reused
  }
}

export function secretOf(auth: Auth, credentials: DigestCredentials, realm: string, password: string): string {
  return storedSecret(auth.algorithm, credentials.username ?? '', withoutPrefix(auth, realm), password)
}

/** Judges the response, and adds the server's own proof to the reply where that is wanted. `secret` is H(user:realm:password). */
export function judge(auth: Auth, context: RouteContext, checked: CheckedCredentials, method: string, secret: string): number {
  const { credentials } = checked
  const { digits } = auth.algorithm
  if (credentials.response?.length !== digits) return AuthResult.error
  // Kamailio hashes no body: with auth-int it finds no response right.
  if (qopOf(credentials.qop) === 'auth-int') return AuthResult.wrongPassword
  const stored = secret.slice(0, digits)
  if (responseTo(auth, credentials, method, stored) !== credentials.response) return AuthResult.wrongPassword
  if (checked.isStale) return AuthResult.error
  if (auth.params.add_authinfo_hdr !== 0) addProof(auth, context, credentials, stored)
  return AuthResult.ok
}

function responseTo(auth: Auth, credentials: DigestCredentials, method: string, secret: string): string {
  const { nonce = '', nc = '', cnonce = '', qop = '', uri = '' } = credentials
  return digestResponse({ algorithm: auth.algorithm, secret, nonce, nc, cnonce, qop, method, uri })
}

/** Authentication-Info (RFC 7616 §3.5). */
function addProof(auth: Auth, context: RouteContext, credentials: DigestCredentials, secret: string): void {
  const { nonce = '', nc = '', cnonce = '', qop = '' } = credentials
  const next = auth.nonces.once ? nextNonce(auth, context, context.message) : nonce
  const proof = responseTo(auth, credentials, '', secret)
  const line = `Authentication-Info: nextnonce="${next}", qop=${qop}, rspauth="${proof}", cnonce="${cnonce}", nc=${nc}\r\n`
  context.message.addReplyHeader(ownText(line))
}

export interface PasswordCheck {
  readonly side: Side
  readonly realm: string
  /** A password, or H(user:realm:password) with flag 1. */
  readonly password: string
  readonly flags: number
  readonly method: string
}

/** pv_www_authenticate() and pv_proxy_authenticate(). */
export function authenticate(auth: Auth, context: RouteContext, check: PasswordCheck): number {
  const found = precheck(auth, context, check.realm, check.side)
  const result = typeof found === 'string' ? resultOf(found) : withPassword(auth, context, found, check)
  if (result >= 0 || (check.flags & (Flag.challenge | Flag.challengeAuth | Flag.challengeAuthInt)) === 0) return result
  const qop = (check.flags & Flag.challengeAuthInt) !== 0 ? 'auth-int' : (check.flags & Flag.challengeAuth) !== 0 ? 'auth' : ''
  const isStale = typeof found !== 'string' && found.isStale
  challengeIntoAvp(auth, context, { side: check.side, realm: check.realm, qop, isStale })
  return result
}

function withPassword(auth: Auth, context: RouteContext, checked: CheckedCredentials, check: PasswordCheck): number {
  const isStored = (check.flags & Flag.isStored) !== 0
  const secret = isStored ? check.password : secretOf(auth, checked.credentials, check.realm, check.password)
  return judge(auth, context, checked, check.method, secret)
}
