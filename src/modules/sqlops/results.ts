/** Results by name. They stay with the worker that made them: a message that waits meets no other one's rows. */
import type { DbColumn, DbRows, DbType, DbValue } from '../../db/database.ts'
import type { PvValue } from '../../define/define.ts'
import type { RouteContext, Worker } from '../../runtime/context.ts'

export interface QueryResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly PvValue[])[]
}

const EMPTY: QueryResult = { columns: [], rows: [] }

export class Results {
  readonly #names = new Set<string>()
  readonly #namesMax: number
  readonly #byWorker = new WeakMap<Worker, Map<string, QueryResult>>()

  constructor(namesMax: number) {
    this.#namesMax = namesMax
  }

  /** False when there are too many already (`results_maxsize`). */
  define(name: string): boolean {
    // Kamailio lets one more be.
    if (!this.#names.has(name) && this.#names.size > this.#namesMax) return false
    this.#names.add(name)
    return true
  }

  get(context: RouteContext, name: string): QueryResult {
    return this.#byWorker.get(context.worker)?.get(name) ?? EMPTY
  }

  set(context: RouteContext, name: string, result: QueryResult): void {
    let results = this.#byWorker.get(context.worker)
    if (results === undefined) {
      results = new Map()
      this.#byWorker.set(context.worker, results)
    }
    results.set(name, result)
  }

  clear(context: RouteContext, name: string): void {
    this.#byWorker.get(context.worker)?.delete(name)
  }
}

/** A value of the database as scripts see it: 32-bit integers and texts; BIGINT is a text, numbers with a fraction are `$null`. */
export function scriptValue(value: DbValue, type: DbType): PvValue {
  if (value === null) return null
  switch (type) {
    case 'int':
    case 'datetime':
    case 'bitmap':
      return Number(value) | 0
    case 'double':
      return null
    default:
      return String(value)
  }
}

export function queryResult({ columns, rows }: DbRows): QueryResult {
  return {
    columns: columns.map(({ name }) => name),
    rows: rows.map((row) => row.map((value, index) => scriptValue(value, typeAt(columns, index)))),
  }
}

export const typeAt = (columns: readonly DbColumn[], index: number): DbType => columns[index]?.type ?? 'string'
