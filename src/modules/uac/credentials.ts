/** Who this server is to others: `user:realm:password`, or H(user:realm:password) in place of the password. */
import { digestHash, storedSecret } from '../../sip/digest.ts'
import { coreHash } from '../../base/core-hash.ts'
import type { Challenge } from './challenge.ts'

export interface Credential {
  readonly user: string
  readonly realm: string
  readonly password: string
}

/** Kamailio answers with MD5 only; a challenge with another algorithm is refused when it is read. */
const MD5 = { hash: 'md5', digits: 32, isSession: false }
/** Each nonce is used once. */
const NC = '00000001'
const CREDENTIAL = /^\s*([^:\s]+)\s*:\s*([^:\s]+)\s*:\s*(\S+)\s*$/

/** Reads `user:realm:password`; blanks may stand around the colons. */
export function parseCredential(text: string): Credential | undefined {
  const [, user, realm, password] = CREDENTIAL.exec(text) ?? []
  return user === undefined || realm === undefined || password === undefined ? undefined : { user, realm, password }
}

export interface Answer {
  /** 401 or 407: whose header it is. */
  readonly code: number
  readonly method: string
  readonly uri: string
  readonly user: string
  readonly password: string
  /** The password is H(user:realm:password). */
  readonly isHashed: boolean
  readonly challenge: Challenge
}

/** The header line that answers a challenge, in Kamailio's order of fields. */
export function authorizationLine({ code, method, uri, user, password, isHashed, challenge }: Answer): string {
  const { realm, nonce, opaque } = challenge
  const name = code === 401 ? 'Authorization' : 'Proxy-Authorization'
  const qop = challenge.hasQop ? challenge.qop : ''
  const cnonce = String(coreHash(nonce, '', 0))
  const secret = isHashed ? password.slice(0, MD5.digits) : storedSecret(MD5, user, realm, password)
  // As it is done for `auth`, whatever the first of the list is: the body never counts.
  const middle = qop === '' ? '' : `${NC}:${cnonce}:${qop.split(',')[0] ?? ''}:`
  const response = digestHash(MD5, `${secret}:${nonce}:${middle}${digestHash(MD5, `${method}:${uri}`)}`)
  return `${name}: Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}"` +
    `${opaque === '' ? '' : `, opaque="${opaque}"`}${qop === '' ? '' : `, qop=auth, nc=${NC}, cnonce="${cnonce}"`}` +
    `, response="${response}", algorithm=MD5\r\n`
}
