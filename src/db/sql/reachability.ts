/** Whether a server answers: one line in the log when it goes and one when it is back, and no rush on it meanwhile. */
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { DbError } from '../database.ts'

const PROBE_MS_MIN = 250
const PROBE_MS_MAX = 8000
/** While a server is away, statements fail at once for so long after each failure. */
const FAIL_AT_ONCE_MS = 100

export class Reachability {
  readonly #origin: string
  readonly #shownUrl: string
  readonly #log: Log
  readonly #clock: Clock
  readonly #probe: () => Promise<DbError | undefined>
  #failure: DbError | undefined = undefined
  #failedAtMs = 0
  #probeMs = PROBE_MS_MIN
  #cancelProbe: (() => void) | undefined = undefined
  #isClosed = false

  constructor(origin: string, shownUrl: string, log: Log, clock: Clock, probe: () => Promise<DbError | undefined>) {
    this.#origin = origin
    this.#shownUrl = shownUrl
    this.#log = log
    this.#clock = clock
    this.#probe = probe
  }

  get isDown(): boolean {
    return this.#failure !== undefined
  }

  /** The error for a statement that need not be tried now. */
  refusal(): DbError | undefined {
    return this.#failure !== undefined && this.#clock.monotonic() - this.#failedAtMs < FAIL_AT_ONCE_MS ? this.#failure : undefined
  }

  /** Takes note of an answer: undefined when the server answered. Gives the error back. */
  note(error: DbError | undefined): DbError | undefined {
    if (this.#isClosed) return error
    if (error?.kind === 'unavailable') this.#isAway(error)
    else if (this.#failure !== undefined) this.#isBack()
    return error
  }

  close(): void {
    this.#isClosed = true
    this.#cancelProbe?.()
  }

  #isAway(error: DbError): void {
    this.#failedAtMs = this.#clock.monotonic()
    if (this.#failure === undefined) {
      this.#log.error(this.#origin, `${this.#shownUrl} cannot be reached: ${error.reason}`)
      this.#probeMs = PROBE_MS_MIN
      this.#probeLater()
    }
    this.#failure = error
  }

  #isBack(): void {
    this.#failure = undefined
    this.#cancelProbe?.()
    this.#log.warning(this.#origin, `${this.#shownUrl} is back`)
  }

  #probeLater(): void {
    this.#cancelProbe = this.#clock.after(this.#probeMs, () => {
      this.#probeMs = Math.min(2 * this.#probeMs, PROBE_MS_MAX)
      void this.#probe().then((error) => {
        this.note(error)
        if (this.#failure !== undefined && !this.#isClosed) this.#probeLater()
      })
    })
  }
}
