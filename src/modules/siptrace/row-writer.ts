/** Rows on their way to the database: written in their order, some at a time. No message waits for them. */
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { isDbError, type Database, type DbCell, type DbWrite } from '../../db/database.ts'
import type { SipTrace, Traced } from './trace.ts'

const QUEUED_MAX = 20_000
const WRITTEN_AT_ONCE = 100
/** How long a stop waits for the rest. */
const DRAIN_MS = 3_000

export class RowWriter {
  readonly #database: Database
  readonly #clock: Clock
  readonly #log: Log
  readonly #params: SipTrace['params']
  readonly #rows: DbWrite[] = []
  #isWriting = false
  #whenEmpty: (() => void) | undefined = undefined

  constructor(database: Database, { host, params }: SipTrace) {
    this.#database = database
    this.#clock = host.clock
    this.#log = host.log
    this.#params = params
  }

  /** False when there is no room. */
  add(table: string, traced: Traced, user: string): boolean {
    if (this.#rows.length >= QUEUED_MAX) {
      this.#log.error('siptrace', `error storing trace: ${QUEUED_MAX} rows wait already`)
      return false
    }
    this.#rows.push({ kind: 'insert', table, cells: this.#cells(traced, user) })
    if (!this.#isWriting) void this.#write()
    return true
  }

  #cells(traced: Traced, user: string): readonly DbCell[] {
    const params = this.#params
    return [
      { column: params.msg_column, value: traced.text, type: 'blob' },
      { column: params.callid_column, value: traced.callId },
      { column: params.method_column, value: traced.method },
      { column: params.status_column, value: traced.status },
      { column: params.fromip_column, value: traced.fromIp },
      { column: params.toip_column, value: traced.toIp },
      { column: params.date_column, value: Math.floor(traced.atMs / 1000), type: 'datetime' },
      { column: params.direction_column, value: traced.direction },
      { column: params.fromtag_column, value: traced.fromTag },
      { column: params.traced_user_column, value: user },
      { column: 'time_us', value: Math.floor((traced.atMs % 1000) * 1000) },
      { column: params.totag_column, value: traced.toTag },
    ]
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#rows.length > 0) {
      const rows = this.#rows.splice(0, WRITTEN_AT_ONCE)
      const written = await this.#database.batch(rows)
      if (isDbError(written)) await this.#writeEach(rows, written.reason)
    }
    this.#isWriting = false
    this.#whenEmpty?.()
  }

  /** One row that the database refuses keeps no other from being written. */
  async #writeEach(rows: readonly DbWrite[], reason: string): Promise<void> {
    if (rows.length === 1) {
      this.#log.error('siptrace', `error storing trace: ${reason}`)
      return
    }
    for (const row of rows) {
      const written = await this.#database.write(row)
      if (isDbError(written)) this.#log.error('siptrace', `error storing trace: ${written.reason}`)
    }
  }

  /** Waits for what is on its way, but not for long. */
  async drain(): Promise<void> {
    if (!this.#isWriting) return
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(DRAIN_MS, resolve)
      this.#whenEmpty = () => {
        cancel()
        resolve()
      }
    })
  }
}
