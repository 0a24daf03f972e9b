/** The arithmetic of Digest authentication (RFC 7616, RFC 8760). Hashes are lower-case hexadecimal. */
import { createHash } from 'node:crypto'

/** Node's names of the hashes, by the algorithm without `-sess`, in lower case. */
const HASHES: Readonly<Record<string, string>> = { md5: 'md5', 'sha-256': 'sha256', 'sha-512-256': 'sha512-256' }

export interface DigestAlgorithm {
  /** Node's name of the hash. */
  readonly hash: string
  /** Digits of a hash. */
  readonly digits: number
  /** Whether nonce and cnonce go into the first hash (`-sess`). */
  readonly isSession: boolean
}

/** The algorithm of that name, in any case; undefined when there is none. No name is MD5 (RFC 7616 §3.4). */
export function digestAlgorithm(name: string): DigestAlgorithm | undefined {
  const lower = name.toLowerCase()
  const isSession = lower.endsWith('-sess')
  const hash = HASHES[lower === '' ? 'md5' : isSession ? lower.slice(0, -5) : lower]
  return hash === undefined ? undefined : { hash, digits: hash === 'md5' ? 32 : 64, isSession }
}

export function digestHash(algorithm: DigestAlgorithm, text: string): string {
  return createHash(algorithm.hash).update(text, 'latin1').digest('hex')
}

/** H(user:realm:password): what is stored in place of a password. */
export function storedSecret(algorithm: DigestAlgorithm, user: string, realm: string, password: string): string {
  return digestHash(algorithm, `${user}:${realm}:${password}`)
}

export interface DigestInput {
  readonly algorithm: DigestAlgorithm
  /** H(user:realm:password). */
  readonly secret: string
  readonly nonce: string
  readonly nc: string
  readonly cnonce: string
  /** As written; empty for none (RFC 2069). */
  readonly qop: string
  /** Empty for what the server proves (`rspauth`). */
  readonly method: string
  readonly uri: string
  /** The body, which counts with `auth-int`. */
  readonly body?: string
}

/** The response to a challenge (RFC 7616 §3.4.1). */
export function digestResponse(input: DigestInput): string {
  const { algorithm, secret, nonce, cnonce, qop } = input
  const first = algorithm.isSession ? digestHash(algorithm, `${secret}:${nonce}:${cnonce}`) : secret
  const isWhole = qop.trim().toLowerCase() === 'auth-int'
  const entity = isWhole ? `:${digestHash(algorithm, input.body ?? '')}` : ''
  const second = digestHash(algorithm, `${input.method}:${input.uri}${entity}`)
  const middle = qop === '' ? nonce : `${nonce}:${input.nc}:${cnonce}:${qop}`
  return digestHash(algorithm, `${first}:${middle}:${second}`)
}
