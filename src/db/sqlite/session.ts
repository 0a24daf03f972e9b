/** One connection to an SQLite file, with its statements, cursors and patience. What fails throws. */
import type { DbColumn, DbType, DbValue } from '../database.ts'
import { splitAtPlaceholders } from '../sql/scan-sql.ts'
import type { SqliteConnection, SqliteEngine, SqliteStatement, SqliteValue } from './engine.ts'
import { sqliteFunctions } from './functions.ts'
import type { SqliteAnswer, SqliteSettings, SqliteStatementText, SqliteTask } from './protocol.ts'
import { columnType, fromSqlite, toBindable } from './values.ts'

const STATEMENTS_MAX = 100
const CURSORS_MAX = 20
const RETRY_MS = 10
const NOTHING: SqliteAnswer = { columns: [], rows: [], affectedRows: 0, insertId: 0, hasRows: false, scan: 0, isShared: true }
/** What a library makes of bytes that are no UTF-8. */
const MANGLED = /\ufffd|\p{Surrogate}/u
const SQLITE_SYNTAX = { backslashes: false }

type ColumnTypes = Readonly<Record<string, DbType>>

interface Cursor {
  readonly rows: Iterator<readonly SqliteValue[]>
  readonly columns: readonly DbColumn[]
  readonly rowsAtOnce: number
  readonly statement: SqliteStatement
}

export class SqliteSession {
  readonly #settings: SqliteSettings
  readonly #engine: SqliteEngine
  readonly #isShared: boolean
  readonly #statements = new Map<string, SqliteStatement>()
  readonly #cursors = new Map<number, Cursor>()
  #connection: SqliteConnection | undefined = undefined
  #lastCursor = 0

  /** `isShared`: whether the library heeds the locks of other programs. */
  constructor(settings: SqliteSettings, engine: SqliteEngine, isShared = true) {
    this.#isShared = isShared
    this.#settings = settings
    this.#engine = engine
  }

  run(task: SqliteTask): SqliteAnswer {
    switch (task.kind) {
      case 'open':
        return this.#patiently(() => {
          // Opening is not reading: a file that is none must be told at start.
          this.#open().prepare('SELECT count(*) FROM sqlite_master').run([])
          return { ...NOTHING, isShared: this.#isShared }
        })
      case 'execute':
        return this.#patiently(() => this.#execute(task, task.types))
      case 'batch':
        return this.#batch(task.statements)
      case 'scan':
        return this.#patiently(() => this.#scan(task, task.types, task.rowsAtOnce))
      case 'more':
        return this.#more(task.scan)
      case 'endScan':
        this.#endScan(task.scan)
        return NOTHING
    }
  }

  close(): void {
    for (const scan of [...this.#cursors.keys()]) this.#endScan(scan)
    for (const statement of this.#statements.values()) statement.finalize()
    this.#statements.clear()
    this.#connection?.close()
    this.#connection = undefined
  }

  #open(): SqliteConnection {
    if (this.#connection !== undefined) return this.#connection
    const { path, readOnly, journalMode, busyTimeoutMs } = this.#settings
    const connection = this.#engine({ path, readOnly })
    connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
    for (const [name, run] of Object.entries(sqliteFunctions)) connection.define(name, run)
    if (journalMode !== '') connection.exec(`PRAGMA journal_mode = ${journalMode}`)
    this.#connection = connection
    return connection
  }

  /** Another program may hold the file; not every library waits for that by itself. */
  #patiently<Result>(run: () => Result): Result {
    const endMs = performance.now() + this.#settings.busyTimeoutMs
    for (;;) {
      try {
        return run()
      } catch (error) {
        if (performance.now() > endMs || !(error instanceof Error) || !/is locked|is busy/.test(error.message)) throw error
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
      }
    }
  }

  #prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql)
    if (known !== undefined) {
      this.#statements.delete(sql)
      this.#statements.set(sql, known)
      return known
    }
    const statement = this.#open().prepare(sql)
    this.#statements.set(sql, statement)
    for (const [oldest, unused] of this.#statements) {
      if (this.#statements.size <= STATEMENTS_MAX) break
      this.#statements.delete(oldest)
      unused.finalize()
    }
    return statement
  }

  #execute(text: SqliteStatementText, types: ColumnTypes): SqliteAnswer {
    const { sql, values } = bound(text)
    const statement = this.#prepare(sql)
    if (statement.columns.length === 0) {
      const { changes, lastId } = statement.run(values)
      return { ...NOTHING, affectedRows: isWrite(sql) ? changes : 0, insertId: lastId }
    }
    const rows = [...statement.rows(values)]
    if (rows.some((row) => row.some((value) => typeof value === 'string' && MANGLED.test(value)))) {
      return this.#executeForBytes(sql, values, statement, types)
    }
    const columns = typed(statement, rows[0], types)
    return { ...NOTHING, columns, rows: rows.map((row) => converted(row, columns)), affectedRows: rows.length, hasRows: true }
  }

  /** A text that is no UTF-8 comes as a blob from this. */
  #executeForBytes(sql: string, values: readonly SqliteValue[], plain: SqliteStatement, types: ColumnTypes): SqliteAnswer {
    const names = plain.columns.map((_, index) => `c${index}`)
    const cast = names.map((name) => `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END`)
    const isQuery = /^\s*(?:select|with|values)\b/i.test(sql)
    const statement = isQuery
      ? this.#prepare(`WITH kahea(${names.join(', ')}) AS (${sql.replace(/[\s;]+$/, '')}) SELECT ${cast.join(', ')} FROM kahea`)
      : plain
    const rows = [...statement.rows(values)]
    const columns = typed(plain, rows[0], types)
    return { ...NOTHING, columns, rows: rows.map((row) => converted(row, columns)), affectedRows: rows.length, hasRows: true }
  }

  /** All or none. */
  #batch(statements: readonly SqliteStatementText[]): SqliteAnswer {
    const connection = this.#open()
    this.#patiently(() => connection.exec('BEGIN IMMEDIATE'))
    try {
      let affectedRows = 0
      for (const statement of statements) affectedRows += this.#execute(statement, {}).affectedRows
      this.#patiently(() => connection.exec('COMMIT'))
      return { ...NOTHING, affectedRows }
    } catch (error) {
      connection.exec('ROLLBACK')
      throw error
    }
  }

  #scan(text: SqliteStatementText, types: ColumnTypes, rowsAtOnce: number): SqliteAnswer {
    if (this.#cursors.size >= CURSORS_MAX) throw new Error('too many tables are being read at once')
    const { sql, values } = bound(text)
    // Not from the statements that are kept: another query in between would put it back to its start.
    const statement = this.#open().prepare(sql)
    const rows = statement.rows(values)[Symbol.iterator]()
    const first = rows.next()
    const columns = typed(statement, first.done === true ? undefined : first.value, types)
    const scan = ++this.#lastCursor
    this.#cursors.set(scan, { rows, columns, rowsAtOnce, statement })
    if (first.done === true) return this.#endScan(scan, columns)
    return this.#more(scan, [converted(first.value, columns)])
  }

  #more(scan: number, taken: (readonly DbValue[])[] = []): SqliteAnswer {
    const cursor = this.#cursors.get(scan)
    if (cursor === undefined) return NOTHING
    const { rows, columns, rowsAtOnce } = cursor
    while (taken.length < rowsAtOnce) {
      const next = rows.next()
      if (next.done === true) return { ...this.#endScan(scan, columns), rows: taken }
      taken.push(converted(next.value, columns))
    }
    return { ...NOTHING, columns, rows: taken, hasRows: true, scan }
  }

  #endScan(scan: number, columns: readonly DbColumn[] = []): SqliteAnswer {
    const cursor = this.#cursors.get(scan)
    this.#cursors.delete(scan)
    cursor?.rows.return?.()
    cursor?.statement.finalize()
    return { ...NOTHING, columns, hasRows: true }
  }
}

const isWrite = (sql: string): boolean => /^\s*(?:insert|update|delete|replace|with)\b/i.test(sql)

function bound({ sql, values }: SqliteStatementText): { readonly sql: string; readonly values: readonly SqliteValue[] } {
  const bindables = values.map(toBindable)
  if (!bindables.some(({ asText }) => asText)) return { sql, values: bindables.map(({ value }) => value) }
  const pieces = splitAtPlaceholders(sql, SQLITE_SYNTAX)
  const [first = '', ...others] = pieces
  const marked = others.map((piece, index) => `${bindables[index]?.asText === true ? 'CAST(? AS TEXT)' : '?'}${piece}`)
  return { sql: `${first}${marked.join('')}`, values: bindables.map(({ value }) => value) }
}

function typed(statement: SqliteStatement, first: readonly SqliteValue[] | undefined, types: ColumnTypes): readonly DbColumn[] {
  return statement.columns.map(({ name, declared }, index) => {
    const bytes = Buffer.from(name, 'utf8').toString('latin1')
    return { name: bytes, type: types[bytes] ?? columnType(declared, first?.[index]) }
  })
}

function converted(row: readonly SqliteValue[], columns: readonly DbColumn[]): readonly DbValue[] {
  return row.map((value, index) => fromSqlite(value, columns[index]?.type ?? 'string'))
}
