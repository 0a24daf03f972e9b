/**
 * How long a script may run without letting others go on. Loops of a script count down `left`; only when it is used up somebody looks
 * at the clock, so that a message costs nothing for it.
 */
const STEPS = 20_000

export class Overrun extends Error {
  constructor(limitMs: number) {
    super(`the script ran for more than ${limitMs} ms without a pause (a loop without an end?)`)
    this.name = 'Overrun'
  }
}

export class Budget {
  /** Steps until the clock is looked at. */
  left = STEPS
  /** Counts entries into the script: a loop of the same run goes on where it was. */
  run = 0
  readonly #limitMs: number
  readonly #now: () => number
  #seenRun = -1
  #sinceMs = 0

  constructor(limitMs: number, now: () => number) {
    this.#limitMs = limitMs
    this.#now = now
  }

  /** Throws when the script has taken too long; what catches that gets it again at the next step. */
  spent(): void {
    const now = this.#now()
    if (this.#seenRun !== this.run) {
      this.#seenRun = this.run
      this.#sinceMs = now
    } else if (now - this.#sinceMs > this.#limitMs) throw new Overrun(this.#limitMs)
    this.left = STEPS
  }
}
