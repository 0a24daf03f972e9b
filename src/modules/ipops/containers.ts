/** What DNS queries of a script found, under the names that the script gave. */
import type { RouteContext, Worker } from '../../runtime/context.ts'
import type { PointerRecord, ServiceRecord } from '../../runtime/host.ts'

/** The oldest goes when there are more. */
const CONTAINERS_MAX = 256

/** Results of one kind by name. */
export class Containers<T> {
  readonly #kept = new Map<string, T>()

  get(name: string): T | undefined {
    return this.#kept.get(name)
  }

  /** Undefined empties the container. */
  set(name: string, result: T | undefined): void {
    this.#kept.delete(name)
    if (result === undefined) return
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < CONTAINERS_MAX) break
      this.#kept.delete(oldest)
    }
    this.#kept.set(name, result)
  }
}

/** A name with its addresses, whichever of them was asked for. */
export interface HostResult {
  readonly hostname: string
  /** Never empty. */
  readonly addresses: readonly string[]
}

/** The results that `$dns`, `$ptrquery`, `$srvquery` and `$naptrquery` show in messages of one worker. */
export class QueryResults {
  readonly addresses = new Containers<HostResult>()
  readonly names = new Containers<HostResult>()
  readonly services = new Containers<readonly ServiceRecord[]>()
  readonly pointers = new Containers<readonly PointerRecord[]>()
}

/** A message that waits keeps its worker, and so its results, whatever other messages ask meanwhile. */
export class WorkerResults {
  readonly #byWorker = new WeakMap<Worker, QueryResults>()

  of({ worker }: RouteContext): QueryResults {
    const known = this.#byWorker.get(worker)
    if (known) return known
    const results = new QueryResults()
    this.#byWorker.set(worker, results)
    return results
  }
}
