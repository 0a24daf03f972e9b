import { coreHash } from '../../base/core-hash.ts'

/** A script that takes a lock and never gives it back must not stop others for ever. */
const WAITERS_MAX = 10_000

/**
 * A set of locks; a key's hash says which is its own, so that two keys may share one, as in Kamailio. Those who wait
 * are served in order.
 */
export class KeyLocks {
  readonly #size: number
  readonly #taken = new Map<number, ((result: number) => void)[]>()

  /** `sizePower` 4 makes 16 locks; 0 makes none, and then nothing can be locked. */
  constructor(sizePower: number) {
    this.#size = sizePower > 0 ? 2 ** sizePower : 0
  }

  tryTake(key: string): boolean {
    const slot = this.#slot(key)
    if (slot === undefined || this.#taken.has(slot)) return false
    this.#taken.set(slot, [])
    return true
  }

  /** 1 once the lock is taken; -1 when there are no locks or too many wait. */
  take(key: string): number | Promise<number> {
    const slot = this.#slot(key)
    if (slot === undefined) return -1
    const waiting = this.#taken.get(slot)
    if (waiting === undefined) {
      this.#taken.set(slot, [])
      return 1
    }
    if (waiting.length >= WAITERS_MAX) return -1
    return new Promise((resolve) => waiting.push(resolve))
  }

  release(key: string): void {
    const slot = this.#slot(key)
    const waiting = slot === undefined ? undefined : this.#taken.get(slot)
    if (slot === undefined || waiting === undefined) return
    const next = waiting.shift()
    if (next) next(1)
    else this.#taken.delete(slot)
  }

  #slot(key: string): number | undefined {
    return this.#size === 0 ? undefined : coreHash(key, '', this.#size)
  }
}
