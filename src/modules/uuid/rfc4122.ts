/** UUIDs of chance (version 4) and of the time (version 1), as texts. */
import type { Clock } from '../../base/clock.ts'
import type { Random } from '../../base/random.ts'

/** From 1582-10-15, where version 1 counts from, to 1970-01-01, in milliseconds. */
const EPOCH_MS = 12_219_292_800_000n
const TICKS_PER_MS = 10_000n

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`

/** One hexadecimal digit with the upper bits given. */
const marked = (digit: string, mask: number, mark: number): string => ((Number.parseInt(digit, 16) & mask) | mark).toString(16)

export function randomUuid(random: Random): string {
  const hex = random.hex(16)
  return dashed(`${hex.slice(0, 12)}4${hex.slice(13, 16)}${marked(hex.charAt(16), 3, 8)}${hex.slice(17)}`)
}

/** Two in the same tick differ: the clock is moved on for the second. */
export class TimeUuids {
  readonly #clock: Clock
  /** Clock sequence and node: by chance, with the bit of nodes that are no network card. */
  readonly #tail: string
  #last = 0n

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    const hex = random.hex(8)
    this.#tail = `${marked(hex.charAt(0), 3, 8)}${hex.slice(1, 5)}${marked(hex.charAt(5), 15, 1)}${hex.slice(6, 16)}`
  }

  next(): string {
    const now = (BigInt(Math.floor(this.#clock.now())) + EPOCH_MS) * TICKS_PER_MS
    this.#last = now > this.#last ? now : this.#last + 1n
    const hex = this.#last.toString(16).padStart(15, '0')
    return dashed(`${hex.slice(7)}${hex.slice(3, 7)}1${hex.slice(0, 3)}${this.#tail}`)
  }
}
