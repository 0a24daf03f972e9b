/** Time that moves only when told to. */
import type { Clock } from '../../src/base/clock.ts'

interface Timer {
  readonly atMs: number
  readonly order: number
  readonly task: () => void
}

export class VirtualClock implements Clock {
  #nowMs: number
  #order = 0
  readonly #startMs: number
  /** The next one first. */
  readonly #timers: Timer[] = []

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs
    this.#nowMs = startMs
  }

  now(): number {
    return this.#nowMs
  }

  monotonic(): number {
    return this.#nowMs - this.#startMs
  }

  get waiting(): number {
    return this.#timers.length
  }

  after(delayMs: number, task: () => void): () => void {
    const timer: Timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, task }
    let place = this.#timers.length
    while (place > 0 && isLater(this.#timers[place - 1], timer)) place--
    this.#timers.splice(place, 0, timer)
    return () => {
      const index = this.#timers.indexOf(timer)
      if (index >= 0) this.#timers.splice(index, 1)
    }
  }

  /** Lets time pass, running what falls due in its order; promises get their turn after each task. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const next = this.#timers[0]
      if (next === undefined || next.atMs > untilMs) break
      this.#timers.shift()
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.task()
      await new Promise((resolve) => { setImmediate(resolve) })
    }
    this.#nowMs = untilMs
  }
}

function isLater(left: Timer | undefined, right: Timer): boolean {
  return left !== undefined && (left.atMs > right.atMs || (left.atMs === right.atMs && left.order > right.order))
}
