/** How long a destination takes to answer pings, in milliseconds. */

/** A latency that the list gives counts as so many measurements. */
const GIVEN_COUNT = 10_000

/** Until there are so many measurements the estimate is the average. */
const SETTLED_COUNT = 10

export class Latency {
  average = 0
  deviation = 0
  /** Follows quickly (ds_latency_estimator_alpha). */
  estimate = 0
  max = 0
  timeouts = 0
  #count = 0
  #squares = 0

  constructor(given: number | undefined) {
    if (given === undefined || given <= 0) return
    this.average = given
    this.estimate = given
    this.max = given
    this.#count = GIVEN_COUNT
  }

  /** `alpha` is the weight of what was known before, 0 to 1. */
  add(ms: number, alpha: number): void {
    if (ms > this.max) this.max = ms
    this.#count++
    if (this.#count === 1) {
      this.average = ms
      this.estimate = ms
      return
    }
    const delta = ms - this.average
    this.average += delta / this.#count
    this.#squares += delta * (ms - this.average)
    this.deviation = Math.sqrt(this.#squares / (this.#count - 1))
    this.estimate = this.#count < SETTLED_COUNT ? this.average : this.estimate * alpha + ms * (1 - alpha)
  }

  /** By how much answers take longer than usual. */
  get congestion(): number {
    return Math.max(0, Math.trunc(this.estimate - this.average))
  }
}
