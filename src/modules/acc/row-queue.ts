/**
 * Rows on their way to the database. No call waits for them: they stand in a bounded queue, some are written at a time, and
 * while the database is away they stay and are tried again.
 */
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Counter, Statistics } from '../../base/statistics.ts'
import { isDbError, type Database, type DbCell } from '../../db/database.ts'

const QUEUED_MAX = 20_000
const WRITTEN_AT_ONCE = 8
const RETRY_AFTER_MS = 1_000
/** How long a stop waits for the rest. */
const DRAIN_MS = 3_000

interface Row {
  readonly table: string
  readonly cells: readonly DbCell[]
  readonly done: ((isWritten: boolean) => void) | undefined
}

export class RowQueue {
  readonly #database: Database
  readonly #clock: Clock
  readonly #log: Log
  readonly #counters: { readonly written: Counter; readonly failed: Counter; readonly dropped: Counter }
  readonly #rows: Row[] = []
  #writing = 0
  #isAway = false
  #cancelRetry: (() => void) | undefined = undefined
  #whenEmpty: (() => void) | undefined = undefined

  constructor(database: Database, clock: Clock, log: Log, statistics: Statistics) {
    this.#database = database
    this.#clock = clock
    this.#log = log
    this.#counters = {
      written: statistics.counter('acc', 'db_written'),
      failed: statistics.counter('acc', 'db_failed'),
      dropped: statistics.counter('acc', 'db_dropped'),
    }
    statistics.counter('acc', 'db_queued').readFrom(() => this.#rows.length + this.#writing)
  }

  /** Adds a row; false when there is no room. */
  add(table: string, cells: readonly DbCell[], done?: (isWritten: boolean) => void): boolean {
    if (this.#rows.length >= QUEUED_MAX) {
      this.#counters.dropped.increment()
      this.#log.error('acc', `failed to insert into database: ${QUEUED_MAX} rows wait already`)
      return false
    }
    this.#rows.push({ table, cells, done })
    this.#goOn()
    return true
  }

  /** The row is written or refused; at once false while the database is away: it is kept, but nobody waits for it. */
  write(table: string, cells: readonly DbCell[]): Promise<boolean> | boolean {
    if (this.#isAway) {
      this.add(table, cells)
      return false
    }
    return new Promise((resolve) => {
      if (!this.add(table, cells, resolve)) resolve(false)
    })
  }

  #goOn(): void {
    while (!this.#isAway && this.#writing < WRITTEN_AT_ONCE) {
      const row = this.#rows.shift()
      if (row === undefined) break
      this.#writing++
      void this.#database.write({ kind: 'insert', table: row.table, cells: row.cells }).then((answer) => {
        this.#writing--
        if (!isDbError(answer)) {
          this.#counters.written.increment()
          row.done?.(true)
        } else if (answer.kind === 'unavailable' || answer.kind === 'timeout') this.#keep(row, answer.reason)
        else this.#fail(row, answer.reason)
        this.#goOn()
      })
    }
    if (this.#rows.length === 0 && this.#writing === 0) this.#whenEmpty?.()
  }

  #fail(row: Row, reason: string): void {
    this.#counters.failed.increment()
    this.#log.error('acc', `failed to insert into database: ${reason}`)
    row.done?.(false)
  }

  /** Back to the start of the queue; whoever waits for it waits no longer. */
  #keep(row: Row, reason: string): void {
    row.done?.(false)
    this.#rows.unshift({ table: row.table, cells: row.cells, done: undefined })
    for (const [index, waiting] of this.#rows.entries()) {
      if (waiting.done === undefined) continue
      waiting.done(false)
      this.#rows[index] = { table: waiting.table, cells: waiting.cells, done: undefined }
    }
    if (this.#cancelRetry !== undefined) return
    if (!this.#isAway) this.#log.error('acc', `the database is away (${reason}): rows are kept and tried again`)
    this.#isAway = true
    this.#cancelRetry = this.#clock.after(RETRY_AFTER_MS, () => void this.#retry())
  }

  /** One connection is tried before all rows are. */
  async #retry(): Promise<void> {
    const failure = await this.#database.connect()
    this.#cancelRetry = undefined
    if (failure !== undefined) {
      this.#cancelRetry = this.#clock.after(RETRY_AFTER_MS, () => void this.#retry())
      return
    }
    this.#isAway = false
    this.#log.info('acc', 'the database is back')
    this.#goOn()
  }

  /** Waits for what is on its way, but not for long. */
  async drain(): Promise<void> {
    if (this.#rows.length > 0 || this.#writing > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(DRAIN_MS, resolve)
        this.#whenEmpty = () => {
          cancel()
          resolve()
        }
      })
    }
    this.#cancelRetry?.()
    const left = this.#rows.length
    if (left > 0) this.#log.error('acc', `${left} rows were never written`)
  }
}
