/** AES in CBC mode as Kamailio's module has it: keys are derived by OpenSSL's old way, with SHA-1. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

const ROUNDS = 5
const KEY_BYTES = 32
const IV_BYTES = 16
const SALT_BYTES = 8

export interface AesKey {
  readonly key: Buffer
  readonly iv: Buffer
}

/** The salt of the parameter: its characters, mixed with those before. Undefined for no salt. */
export function saltOf(text: string): Buffer | undefined {
  if (text === '') return undefined
  const salt = Buffer.alloc(SALT_BYTES)
  let previous = 97
  for (let index = 0; index < SALT_BYTES; index++) {
    const code = (text.charCodeAt(index) << 24) >> 24
    // The remainder of a C program, kept in a signed byte.
    previous = (((code * 7 + previous + previous * (index + 1)) % 255) << 24) >> 24
    salt[index] = previous & 0xff
  }
  return salt
}

/** A key of any length made into one for AES-256, with its initialization vector (EVP_BytesToKey). */
export function deriveKey(secret: string, salt: Buffer | undefined): AesKey {
  let made = Buffer.alloc(0)
  let block = Buffer.alloc(0)
  while (made.length < KEY_BYTES + IV_BYTES) {
    block = createHash('sha1').update(Buffer.concat([block, Buffer.from(secret, 'latin1'), salt ?? Buffer.alloc(0)])).digest()
    for (let round = 1; round < ROUNDS; round++) block = createHash('sha1').update(block).digest()
    made = Buffer.concat([made, block])
  }
  return { key: made.subarray(0, KEY_BYTES), iv: made.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES) }
}

const cipherOf = ({ key }: AesKey): string => (key.length === KEY_BYTES ? 'aes-256-cbc' : 'aes-128-cbc')

export function encrypt(key: AesKey, text: Buffer): Buffer {
  const cipher = createCipheriv(cipherOf(key), key.key, key.iv)
  return Buffer.concat([cipher.update(text), cipher.final()])
}

/** Undefined for what was not encrypted with that key. */
export function decrypt(key: AesKey, bytes: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv(cipherOf(key), key.key, key.iv)
    return Buffer.concat([decipher.update(bytes), decipher.final()])
  } catch {
    return undefined
  }
}
