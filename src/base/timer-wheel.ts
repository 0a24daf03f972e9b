/**
 * Many timers at the price of one: a ring of slots, each a list of timers that are due in the same tick. Starting and
 * stopping one is a few assignments, whatever their number; the clock is only asked for the next slot that has any.
 */
import type { Clock } from './clock.ts'

/** How long a slot lasts: timers go off up to so much late, never early. */
const TICK_MS = 10
/** 2 to the power of 12 slots: 41 seconds. What is due later goes round once more. */
const SLOTS = 4096
const MASK = SLOTS - 1
/** In place of a tick: of a timer that does not run, and of one whose turn comes in this round. */
export const IDLE = -1
const FIRING = -2

/**
 * A timer that can be started again and again: an object that is a link of its slot's list itself, since there are many
 * and each object more costs. Only the wheel changes the fields.
 */
export interface WheelTimer {
  /** Neighbours in the slot; of a timer that does not run, both are undefined. */
  nextTimer: WheelTimer | undefined
  previousTimer: WheelTimer | undefined
  /** The tick in which it is due; negative while it is in no slot. */
  due: number
  timeout(): void
}

export class TimerWheel {
  readonly #clock: Clock
  readonly #slots: (WheelTimer | undefined)[] = new Array<WheelTimer | undefined>(SLOTS).fill(undefined)
  /** One bit for each slot that has timers. */
  readonly #occupied = new Int32Array(SLOTS / 32)
  readonly #startedAt: number
  #count = 0
  /** All ticks up to this one are done. */
  #done = 0
  /** The tick that the clock is to wake us in; -1 for none. */
  #wakeAt = -1
  #cancelWake: (() => void) | undefined = undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startedAt = clock.monotonic()
  }

  /** Timers that run. */
  get count(): number {
    return this.#count
  }

  /** Starts a timer, or starts it anew with another delay. */
  start(timer: WheelTimer, delayMs: number): void {
    if (timer.due >= 0) this.#unlink(timer)
    const due = Math.max(this.#done + 1, Math.ceil((this.#now() + delayMs) / TICK_MS))
    this.#link(timer, due)
    this.#count++
    if (this.#wakeAt < 0 || due < this.#wakeAt) this.#wake(due)
  }

  stop(timer: WheelTimer): void {
    if (timer.due >= 0) {
      this.#unlink(timer)
      if (this.#count === 0) this.close()
    }
    timer.due = IDLE
  }

  /** Lets go of the clock; timers that run never go off unless another one is started. */
  close(): void {
    this.#cancelWake?.()
    this.#cancelWake = undefined
    this.#wakeAt = -1
  }

  #now(): number {
    return this.#clock.monotonic() - this.#startedAt
  }

  #link(timer: WheelTimer, due: number): void {
    const slot = due & MASK
    const first = this.#slots[slot]
    timer.due = due
    timer.previousTimer = undefined
    timer.nextTimer = first
    if (first === undefined) this.#occupied[slot >> 5] = (this.#occupied[slot >> 5] ?? 0) | (1 << (slot & 31))
    else first.previousTimer = timer
    this.#slots[slot] = timer
  }

  #unlink(timer: WheelTimer): void {
    const { nextTimer: next, previousTimer: previous } = timer
    if (next !== undefined) next.previousTimer = previous
    if (previous !== undefined) previous.nextTimer = next
    else {
      const slot = timer.due & MASK
      this.#slots[slot] = next
      if (next === undefined) this.#occupied[slot >> 5] = (this.#occupied[slot >> 5] ?? 0) & ~(1 << (slot & 31))
    }
    timer.nextTimer = undefined
    timer.previousTimer = undefined
    this.#count--
  }

  #wake(tick: number): void {
    this.#cancelWake?.()
    this.#wakeAt = tick
    this.#cancelWake = this.#clock.after(Math.max(0, tick * TICK_MS - this.#now()), () => this.#turn())
  }

  /** Runs what is due, and asks to be woken for what comes next. */
  #turn(): void {
    this.#cancelWake = undefined
    this.#wakeAt = -1
    const now = Math.floor(this.#now() / TICK_MS)
    // After a pause longer than a turn of the ring, each slot is looked at once.
    const from = Math.max(this.#done + 1, now - MASK)
    for (let tick = from; tick <= now; tick++) {
      this.#done = tick
      if (this.#isOccupied(tick & MASK)) this.#runSlot(tick & MASK, now)
    }
    if (this.#count === 0) return
    const next = this.#nextOccupied()
    if (this.#wakeAt < 0 || next < this.#wakeAt) this.#wake(next)
  }

  #runSlot(slot: number, now: number): void {
    // What is due is taken out first: tasks start and stop timers, those of this slot too.
    const firing: WheelTimer[] = []
    let following: WheelTimer | undefined
    for (let timer = this.#slots[slot]; timer !== undefined; timer = following) {
      following = timer.nextTimer
      if (timer.due > now) continue
      this.#unlink(timer)
      timer.due = FIRING
      firing.push(timer)
    }
    // New ones stand in front: the oldest goes off first.
    for (let index = firing.length - 1; index >= 0; index--) {
      const timer = firing[index]
      if (timer === undefined || timer.due !== FIRING) continue
      timer.due = IDLE
      timer.timeout()
    }
  }

  #isOccupied(slot: number): boolean {
    return ((this.#occupied[slot >> 5] ?? 0) & (1 << (slot & 31))) !== 0
  }

  /** The first tick behind those done whose slot has timers, be they for this round or a later one. */
  #nextOccupied(): number {
    const start = this.#done + 1
    for (let step = 0; step < SLOTS; ) {
      const slot = (start + step) & MASK
      const word = (this.#occupied[slot >> 5] ?? 0) >>> (slot & 31)
      if (word !== 0) return start + step + (31 - Math.clz32(word & -word))
      step += 32 - (slot & 31)
    }
    return start + SLOTS
  }
}
