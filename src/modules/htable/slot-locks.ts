/** Locks on slots of tables: a worker may take one again, others wait until it gives it back as often as it took it. */
import type { Clock } from '../../base/clock.ts'
import type { HashTable } from './hash-table.ts'

/** A route that never gives a lock back must not stop others for ever. */
const WAITERS_MAX = 10_000
const WAIT_MS_MAX = 10_000

interface Waiter {
  readonly owner: object
  readonly settle: (isTaken: boolean) => void
}

interface Lock {
  owner: object
  times: number
  readonly waiters: Waiter[]
}

export class SlotLocks {
  readonly #clock: Clock
  readonly #locks = new WeakMap<HashTable, Map<number, Lock>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** True once the lock is taken; false when too many wait for it, or this one has for too long. */
  take(table: HashTable, slot: number, owner: object): boolean | Promise<boolean> {
    let locks = this.#locks.get(table)
    if (locks === undefined) this.#locks.set(table, (locks = new Map()))
    const lock = locks.get(slot)
    if (lock === undefined) {
      locks.set(slot, { owner, times: 1, waiters: [] })
      return true
    }
    if (lock.owner === owner) {
      lock.times++
      return true
    }
    if (lock.waiters.length >= WAITERS_MAX) return false
    return new Promise((resolve) => {
      const cancel = this.#clock.after(WAIT_MS_MAX, () => {
        lock.waiters.splice(lock.waiters.indexOf(waiter), 1)
        resolve(false)
      })
      const waiter: Waiter = {
        owner,
        settle: (isTaken) => {
          cancel()
          resolve(isTaken)
        },
      }
      lock.waiters.push(waiter)
    })
  }

  /** Gives a lock back; without one nothing happens. */
  release(table: HashTable, slot: number, owner: object): void {
    const locks = this.#locks.get(table)
    const lock = locks?.get(slot)
    if (locks === undefined || lock === undefined || lock.owner !== owner || --lock.times > 0) return
    const next = lock.waiters.shift()
    if (next === undefined) {
      locks.delete(slot)
      return
    }
    lock.owner = next.owner
    lock.times = 1
    next.settle(true)
  }
}
