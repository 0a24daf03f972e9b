import { createHash } from 'node:crypto'
import type { Random } from '../../base/random.ts'

const COUNTER_BYTES = 16

/** Call-IDs in the form of UUIDs: SHA-1 over a seed and a counter. */
export class CallIds {
  readonly #seed: Buffer
  readonly #counter = Buffer.alloc(COUNTER_BYTES)

  constructor(random: Random) {
    this.#seed = Buffer.from(random.hex(16), 'hex')
  }

  next(): string {
    for (let index = 0; index < COUNTER_BYTES; index++) {
      this.#counter[index] = ((this.#counter[index] ?? 0) + 1) & 0xff
      if (this.#counter[index] !== 0) break
    }
    const bytes = createHash('sha1').update(this.#seed).update(this.#counter).digest()
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
  }
}
