/** SQLite files as databases: the format that Kamailio's db_sqlite reads and writes, at the same time as others. */
import { resolve } from 'node:path'
import {
  isDbError, type Database, type DbCell, type DbDriver, type DbError, type DbResult, type DbRows, type DbSelect, type DbType, type DbUrl,
  type DbValue, type DbWrite,
} from '../database.ts'
import { withoutPassword } from '../db-url.ts'
import { selectSql, writeSql, type BoundSql } from '../sql/build-sql.ts'
import { sqliteDialect } from './dialect.ts'
import { fromMysqlForms } from './mysql-forms.ts'
import type { SqliteStatementText } from './protocol.ts'
import { WorkerLink } from './worker-link.ts'

export interface SqliteOptions {
  readonly readOnly: boolean
  readonly journalMode: string
  readonly busyTimeoutMs: number
}

export const BUSY_TIMEOUT_MS = 5000

/** `optionsOf` gives what the configuration says of a file, by the path in its URL; `warn` gets what its owner should know. */
export function sqliteDriver(
  optionsOf: (path: string) => Partial<SqliteOptions> = () => ({}), warn: (text: string) => void = () => undefined,
): DbDriver {
  return { schemes: ['sqlite'], open: (url) => new SqliteDatabase(url, optionsOf(url.database), warn) }
}

const NOT_SHARED = 'without Node 22.16, or the add-on and libsqlite3.so.0, no other program may write the file meanwhile'

/** A database that is gone when it is closed. */
export function memoryDatabase(): Database {
  const url = { text: 'sqlite://memory', scheme: 'sqlite', user: '', password: '', host: '', port: 0, database: ':memory:' }
  return new SqliteDatabase(url, {}, () => undefined)
}

class SqliteDatabase implements Database {
  readonly scheme = 'sqlite'
  readonly shownUrl: string
  readonly hasSql = true
  readonly #link: WorkerLink
  readonly #warn: (text: string) => void
  #isWarned = false

  constructor(url: DbUrl, options: Partial<SqliteOptions>, warn: (text: string) => void) {
    this.#warn = warn
    this.shownUrl = withoutPassword(url)
    const path = url.database === ':memory:' ? url.database : resolve(Buffer.from(url.database, 'latin1').toString('utf8'))
    this.#link = new WorkerLink({ path, readOnly: false, journalMode: '', busyTimeoutMs: BUSY_TIMEOUT_MS, ...options })
  }

  async connect(): Promise<DbError | undefined> {
    const answer = await this.#link.ask({ kind: 'open' })
    if (isDbError(answer)) return answer
    if (!answer.isShared && !this.#isWarned) this.#warn(`${this.shownUrl}: ${NOT_SHARED}`)
    this.#isWarned = true
    return undefined
  }

  select(query: DbSelect): Promise<DbRows | DbError> {
    return this.#link.ask({ kind: 'execute', ...message(selectSql(query, sqliteDialect)), types: typesOf(query) })
  }

  async scan(query: DbSelect, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>): Promise<number | DbError> {
    let answer = await this.#link.ask({ kind: 'scan', ...message(selectSql(query, sqliteDialect)), types: typesOf(query), rowsAtOnce })
    for (let count = 0; ;) {
      if (isDbError(answer)) return answer
      const { scan } = answer
      count += answer.rows.length
      try {
        if (answer.rows.length > 0) await take(answer)
      } catch (error) {
        await this.#link.ask({ kind: 'endScan', scan })
        throw error
      }
      if (scan === 0) return count
      answer = await this.#link.ask({ kind: 'more', scan })
    }
  }

  async write(statement: DbWrite): Promise<number | DbError> {
    const answer = await this.#link.ask({ kind: 'execute', ...message(writeSql(statement, sqliteDialect)), types: {} })
    return isDbError(answer) ? answer : answer.affectedRows
  }

  async batch(statements: readonly DbWrite[]): Promise<number | DbError> {
    const answer = await this.#link.ask({
      kind: 'batch',
      statements: statements.map((statement) => message(writeSql(statement, sqliteDialect))),
    })
    return isDbError(answer) ? answer : answer.affectedRows
  }

  execute(sql: string, values: readonly DbValue[] = []): Promise<DbResult | DbError> {
    return this.#link.ask({ kind: 'execute', sql: fromMysqlForms(sqlText(sql)), values: values.map((value) => ({ value })), types: {} })
  }

  close(): Promise<void> {
    return this.#link.close()
  }
}

/** SQL is a byte string as all texts are; SQLite reads UTF-8. */
const sqlText = (sql: string): string => Buffer.from(sql, 'latin1').toString('utf8')

const message = ({ sql, cells }: BoundSql): SqliteStatementText => ({
  sql: sqlText(sql),
  values: cells.map(({ value, type }: DbCell) => ({ value, type })),
})

function typesOf({ columns }: DbSelect): Readonly<Record<string, DbType>> {
  const types: Record<string, DbType> = {}
  for (const column of columns) if (typeof column !== 'string') types[column.name] = column.type
  return types
}
