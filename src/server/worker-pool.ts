import type { Worker } from '../runtime/context.ts'

/**
 * Workers as Kamailio has processes: each keeps its `$var`s from message to message and serves one message at a time.
 * The lowest free one is taken, so that a script that never waits always has the same.
 */
export class WorkerPool {
  /** Free ones, the lowest last. */
  readonly #free: Worker[] = []
  #made = 0

  /** How many are taken. */
  get busy(): number {
    return this.#made - this.#free.length
  }

  take(): Worker {
    return this.#free.pop() ?? { index: this.#made++, variables: [] }
  }

  give(worker: Worker): void {
    const free = this.#free
    free.push(worker)
    for (let at = free.length - 1; at > 0; at--) {
      const below = free[at - 1]
      if (below === undefined || below.index > worker.index) break
      free[at] = below
      free[at - 1] = worker
    }
  }
}
