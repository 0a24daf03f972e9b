/**
 * Nonces of Kamailio's kind. In base64: when it expires and since when it is good (seconds, 4 bytes each), an MD5 of both with a
 * secret, with checks a second MD5 of parts of the request with another secret, and with a memory the nonce's number (4 bytes)
 * and one byte with its pool and two bits that say what the memory is for.
 */
import { createHash } from 'node:crypto'
import { addressBytes } from '../../base/address.ts'
import type { DigestCredentials } from '../../sip/headers/digest-credentials.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { decodeBase64 } from './base64.ts'
import type { NonceMemory } from './nonce-memory.ts'

const Check = { uri: 1, callId: 2, fromTag: 4, source: 8 } as const
/** Bits of the last byte. */
const COUNTED = 128
const ONCE = 64
const POOL = 63

const HASH = 16
const TIMES = 8
/** The shortest nonce: times and one hash. */
const BYTES_MIN = TIMES + HASH
const BYTES_MAX = 48
const TEXT_MIN = 32

export interface NonceRules {
  readonly secret: string
  /** For the second hash. */
  readonly checksSecret: string
  readonly expireSeconds: number
  readonly driftSeconds: number
  readonly counts: boolean
  readonly once: boolean
  readonly memory: NonceMemory | undefined
}

/** A new nonce. `checks` are bits of what of the message goes into it; 0 without a message. */
export function makeNonce(rules: NonceRules, nowSeconds: number, pool: number, checks: number, message?: SipMessage): string {
  const isLong = checks !== 0 && message !== undefined
  const { memory } = rules
  const idAt = TIMES + HASH + (isLong ? HASH : 0)
  const bytes = Buffer.alloc(idAt + (memory === undefined ? 0 : 5))
  bytes.writeInt32BE((nowSeconds + rules.expireSeconds) | 0, 0)
  bytes.writeInt32BE(nowSeconds | 0, 4)
  if (memory !== undefined) {
    const own = pool & (memory.pools - 1)
    bytes.writeUInt32BE(memory.next(own), idAt)
    bytes.writeUInt8(own | (rules.counts ? COUNTED : 0) | (rules.once ? ONCE : 0), idAt + 4)
  }
  firstHash(rules, bytes, idAt).copy(bytes, TIMES)
  if (isLong) secondHash(rules, checks, message).copy(bytes, TIMES + HASH)
  return bytes.toString('base64')
}

function firstHash(rules: NonceRules, bytes: Buffer, idAt: number): Buffer {
  const hash = createHash('md5').update(bytes.subarray(0, TIMES))
  if (((bytes[idAt + 4] ?? 0) & (COUNTED | ONCE)) !== 0) hash.update(bytes.subarray(idAt, idAt + 5))
  return hash.update(rules.secret, 'latin1').digest()
}

function secondHash(rules: NonceRules, checks: number, message: SipMessage): Buffer {
  const hash = createHash('md5')
  if ((checks & Check.uri) !== 0) hash.update(message.uri, 'latin1')
  if ((checks & Check.callId) !== 0) hash.update(message.callId() ?? '', 'latin1')
  if ((checks & Check.fromTag) !== 0) {
    const from = message.from()
    hash.update(from === undefined || from instanceof ParseError ? '' : from.tag ?? '', 'latin1')
  }
  if ((checks & Check.source) !== 0) hash.update(addressBytes(message.received.sourceAddress) ?? '')
  return hash.update(rules.checksSecret, 'latin1').digest()
}

/** `invalid`: not of this server. `stale`: a new one is to be used. `bad-nc`: nc is no number. */
export type NonceVerdict = 'good' | 'invalid' | 'stale' | 'reused' | 'bad-nc'

export interface NonceSituation {
  readonly nowSeconds: number
  /** When the server was started: what is older is stale. */
  readonly startedSeconds: number
  readonly checks: number
  readonly message: SipMessage
}

/** Judges the nonce of credentials; nc and one-time nonces are used up by that. */
export function checkNonce(rules: NonceRules, credentials: DigestCredentials, situation: NonceSituation): NonceVerdict {
  const text = credentials.nonce ?? ''
  if (text.length < TEXT_MIN) return 'invalid'
  const bytes = Buffer.alloc(BYTES_MAX)
  const length = decodeBase64(text, bytes)
  if (length < BYTES_MIN) return 'invalid'
  const { nowSeconds, checks, message } = situation
  const since = bytes.readInt32BE(4)
  if (since < Math.min(situation.startedSeconds, nowSeconds)) return 'stale'
  if (since > nowSeconds && since - nowSeconds > rules.driftSeconds) return 'stale'
  const idAt = TIMES + HASH + (checks === 0 ? 0 : HASH)
  const flags = bytes[idAt + 4] ?? 0
  if (rules.once && (flags & ONCE) === 0) return 'stale'
  if (!firstHash(rules, bytes, idAt).equals(bytes.subarray(TIMES, TIMES + HASH))) return 'invalid'
  const id = bytes.readUInt32BE(idAt)
  const expires = bytes.readUInt32BE(0)
  const age = expires < nowSeconds ? 'stale' : 'good'
  if (rules.counts && (flags & COUNTED) !== 0 && credentials.nc) {
    if (!/^[0-9a-f]{8}$/i.test(credentials.nc)) return 'bad-nc'
    // What nc protects needs no further checks.
    return rules.memory?.countUp(id, flags & POOL, parseInt(credentials.nc, 16)) === true ? age : 'stale'
  }
  if (rules.once && rules.memory?.useOnce(id, flags & POOL) !== true) return 'reused'
  if (checks !== 0) {
    if (length !== idAt + ((flags & (COUNTED | ONCE)) === 0 ? 0 : 5)) return 'invalid'
    if (!secondHash(rules, checks, message).equals(bytes.subarray(TIMES + HASH, TIMES + 2 * HASH))) return 'stale'
  }
  return age
}
