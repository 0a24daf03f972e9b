/** What comes of reading the configuration anew while the server runs. */

export interface Reloaded {
  /** How many routes there are now. */
  readonly routes: number
  /** What the file sets otherwise than before, and what is in force now: `tm.fr_timer: 30000 -> 5000`. */
  readonly changed: readonly string[]
  /** What the file asks for and only a restart gives, each with what to do. */
  readonly restart: readonly string[]
  /** Warnings of the check, drawn with their lines. */
  readonly warnings: readonly string[]
  /** How long it took, and how long of that nothing else could happen. */
  readonly totalMs: number
  readonly blockedMs: number
}

/** Nothing has changed. */
export class ReloadRefused {
  /** Each error with its line and a caret, or why there was no check. */
  readonly reasons: readonly string[]

  constructor(reasons: readonly string[]) {
    this.reasons = reasons
  }
}
