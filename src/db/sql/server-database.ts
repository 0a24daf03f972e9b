/** A database behind a server that takes SQL: what MySQL and PostgreSQL have in common. Each brings a link of its own kind. */
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import {
  DbError, isDbError, type Database, type DbCell, type DbResult, type DbRows, type DbSelect, type DbType, type DbUrl, type DbValue,
  type DbWrite,
} from '../database.ts'
import { withoutPassword } from '../db-url.ts'
import { selectSql, writeSql, type BoundSql, type SqlDialect } from './build-sql.ts'
import { Reachability } from './reachability.ts'

/** Column types that a query knows better than the server. */
export type ColumnTypes = Readonly<Record<string, DbType>>

/** Connections to one server; it opens and closes them itself. Nothing here rejects. */
export interface SqlLink {
  readonly dialect: SqlDialect
  ping(): Promise<DbError | undefined>
  run(statement: BoundSql, types: ColumnTypes): Promise<DbResult | DbError>
  /** All or none; gives the number of rows. */
  runAll(statements: readonly BoundSql[]): Promise<number | DbError>
  scan(statement: BoundSql, types: ColumnTypes, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>): Promise<number | DbError>
  close(): Promise<void>
}

export interface ServerOptions {
  readonly log: Log
  readonly clock: Clock
  /** How often a statement is tried again whose connection broke. */
  readonly retries: number
  /** Told of each time that a connection broke or could not be made. */
  readonly onBroken?: () => void
}

/** Statements that wait or run; beyond, a server that cannot keep up would fill the memory. */
const WAITING_MAX = 10_000

export class ServerDatabase implements Database {
  readonly scheme: string
  readonly shownUrl: string
  readonly hasSql = true
  readonly #link: SqlLink
  readonly #retries: number
  readonly #reachability: Reachability
  readonly #onBroken: () => void
  #waiting = 0

  constructor(url: DbUrl, link: SqlLink, { log, clock, retries, onBroken }: ServerOptions) {
    this.scheme = url.scheme
    this.shownUrl = withoutPassword(url)
    this.#link = link
    this.#retries = retries
    this.#onBroken = onBroken ?? (() => undefined)
    this.#reachability = new Reachability(`db_${url.scheme}`, this.shownUrl, log, clock, () => link.ping())
  }

  async connect(): Promise<DbError | undefined> {
    return this.#reachability.note(await this.#link.ping())
  }

  select(query: DbSelect): Promise<DbRows | DbError> {
    return this.#try(() => this.#link.run(selectSql(query, this.#link.dialect), typesOf(query)))
  }

  scan(query: DbSelect, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>): Promise<number | DbError> {
    const statement = selectSql(query, this.#link.dialect)
    // Not tried again: rows may have been taken already.
    return this.#once(() => this.#link.scan(statement, typesOf(query), rowsAtOnce, take))
  }

  async write(statement: DbWrite): Promise<number | DbError> {
    const answer = await this.#try(() => this.#link.run(writeSql(statement, this.#link.dialect), {}))
    return isDbError(answer) ? answer : answer.affectedRows
  }

  batch(statements: readonly DbWrite[]): Promise<number | DbError> {
    return this.#try(() => this.#link.runAll(statements.map((statement) => writeSql(statement, this.#link.dialect))))
  }

  execute(sql: string, values: readonly DbValue[] = []): Promise<DbResult | DbError> {
    const cells = values.map((value): DbCell => ({ column: '', value }))
    return this.#try(() => this.#link.run({ sql, cells }, {}))
  }

  close(): Promise<void> {
    this.#reachability.close()
    return this.#link.close()
  }

  async #try<Answer>(run: () => Promise<Answer | DbError>): Promise<Answer | DbError> {
    let answer = await this.#once(run)
    for (let tries = 0; tries < this.#retries && isDbError(answer) && answer.kind === 'unavailable'; tries++) {
      if (this.#reachability.isDown) break
      answer = await this.#once(run)
    }
    return answer
  }

  async #once<Answer>(run: () => Promise<Answer | DbError>): Promise<Answer | DbError> {
    const refusal = this.#reachability.refusal()
    if (refusal !== undefined) return refusal
    if (this.#waiting >= WAITING_MAX) return new DbError('timeout', `${WAITING_MAX} statements wait already`)
    this.#waiting++
    const answer = await run()
    this.#waiting--
    const error = isDbError(answer) ? answer : undefined
    if (error?.kind === 'unavailable') this.#onBroken()
    this.#reachability.note(error)
    return answer
  }
}

function typesOf({ columns }: DbSelect): ColumnTypes {
  const types: Record<string, DbType> = {}
  for (const column of columns) if (typeof column !== 'string') types[column.name] = column.type
  return types
}
