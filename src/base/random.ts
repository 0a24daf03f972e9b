import { randomBytes } from 'node:crypto'

/** Chance as the server sees it; a simulated world hands in a seeded one. */
export interface Random {
  /** A whole number from 0 up to, not including, `bound` (at most 2^32). */
  integer(bound: number): number
  /** `length` random bytes in lower-case hexadecimal (2 digits a byte). */
  hex(length: number): string
}

const POOL_BYTES = 4096

export function systemRandom(): Random {
  let pool = randomBytes(POOL_BYTES)
  let used = 0
  const next32 = (): number => {
    if (used + 4 > POOL_BYTES) {
      pool = randomBytes(POOL_BYTES)
      used = 0
    }
    used += 4
    return pool.readUInt32LE(used - 4)
  }
  return {
    integer: (bound) => Math.floor((next32() / 0x1_0000_0000) * bound),
    hex: (length) => randomBytes(length).toString('hex'),
  }
}

/** The same sequence for the same seed (mulberry32), for tests and simulations. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  return {
    integer: (bound) => Math.floor((next32() / 0x1_0000_0000) * bound),
    hex(length) {
      let text = ''
      for (let index = 0; index < length; index++) text += (next32() & 0xff).toString(16).padStart(2, '0')
      return text
    },
  }
}
