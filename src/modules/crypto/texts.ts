/** Functions of the script that encrypt, decrypt and sign texts. */
import { createHmac } from 'node:crypto'
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { decrypt, deriveKey, encrypt, type AesKey } from './aes.ts'

export interface Crypto {
  readonly host: Host
  readonly salt: Buffer | undefined
  readonly derivesKeys: boolean
  /** In base64; empty for one of chance. */
  readonly initVector: string
  /** For event_route[crypto:netio]. */
  readonly netioKey: AesKey | undefined
}

const IV_BYTES = 16
const FAILED = -1

function fail({ host }: Crypto, reason: string): number {
  host.log.error('crypto', reason)
  return FAILED
}

/** A key in base64, of 16 or 32 bytes. A text says what is wrong with it. */
function rawKey(text: string): Buffer | string {
  const key = Buffer.from(text, 'base64')
  return key.length === 16 || key.length === 32
    ? key
    : `base64 key input has wrong length ${key.length}, only supports 128 or 256 bit keys`
}

export function encryptText(crypto: Crypto, context: RouteContext, text: string, secret: string, result: VariableHandle): number {
  const bytes = Buffer.from(text, 'latin1')
  if (crypto.derivesKeys) {
    result.set(context, encrypt(deriveKey(secret, crypto.salt), bytes).toString('base64'))
    return 1
  }
  const key = rawKey(secret)
  if (typeof key === 'string') return fail(crypto, key)
  const iv = Buffer.from(crypto.initVector === '' ? crypto.host.random.hex(IV_BYTES) : crypto.initVector,
    crypto.initVector === '' ? 'hex' : 'base64')
  if (iv.length !== IV_BYTES) {
    return fail(crypto, `base64 initialization vector input has wrong length ${iv.length}, needs to be 16 bytes`)
  }
  // Who decrypts it finds the vector in front.
  result.set(context, Buffer.concat([iv, encrypt({ key, iv }, bytes)]).toString('base64'))
  return 1
}

export function decryptText(crypto: Crypto, context: RouteContext, text: string, secret: string, result: VariableHandle): number {
  const bytes = Buffer.from(text, 'base64')
  const key = crypto.derivesKeys ? undefined : rawKey(secret)
  if (typeof key === 'string') return fail(crypto, key)
  const plain = key === undefined
    ? decrypt(deriveKey(secret, crypto.salt), bytes)
    : decrypt({ key, iv: Buffer.concat([bytes.subarray(0, IV_BYTES), Buffer.alloc(IV_BYTES)], IV_BYTES) }, bytes.subarray(IV_BYTES))
  if (plain === undefined) return fail(crypto, 'AES decryption failed')
  result.set(context, plain.toString('latin1'))
  return 1
}

export function signText(context: RouteContext, text: string, secret: string, result: VariableHandle): number {
  result.set(context, createHmac('sha256', Buffer.from(secret, 'latin1')).update(text, 'latin1').digest('base64url'))
  return 1
}
