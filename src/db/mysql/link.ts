/** A pool of connections to a MySQL server (library mysql2). */
import { createPool, type FieldPacket, type Pool as PlainPool, type PoolConnection as PlainConnection, type PoolOptions } from 'mysql2'
import type { Pool, PoolConnection } from 'mysql2/promise'
import { DbError, type DbColumn, type DbResult, type DbRows, type DbValue } from '../database.ts'
import type { BoundSql } from '../sql/build-sql.ts'
import { splitAtPlaceholders } from '../sql/scan-sql.ts'
import type { ColumnTypes, SqlLink } from '../sql/server-database.ts'
import { mysqlDialect } from './dialect.ts'
import { mysqlError } from './errors.ts'
import type { MysqlPlace } from './option-file.ts'
import { columnType, fromMysql, toMysql } from './values.ts'

export interface MysqlOptions {
  readonly connectTimeoutMs: number
  readonly queryTimeoutMs: number
  /** Idle connections are asked so often whether they still are. */
  readonly pingIntervalMs: number
  /** Dates go as numbers, for the server's own time zone. */
  readonly serverTimezone: boolean
  /** UPDATE counts rows that match, not those that changed. */
  readonly countFound: boolean
  readonly useTls: boolean
}

const CONNECTIONS_MAX = 10
const MYSQL_SYNTAX = { backslashes: true }
/** Column types whose values are taken as bytes. */
const BYTES: ReadonlySet<string> = new Set([
  'STRING', 'VAR_STRING', 'VARCHAR', 'BLOB', 'TINY_BLOB', 'MEDIUM_BLOB', 'LONG_BLOB', 'ENUM', 'JSON',
])

export class MysqlLink implements SqlLink {
  readonly dialect = mysqlDialect
  /** Hands out rows as they come, which the one with promises cannot. */
  readonly #plainPool: PlainPool
  readonly #pool: Pool
  readonly #options: MysqlOptions

  constructor(place: MysqlPlace, options: MysqlOptions) {
    this.#options = options
    this.#plainPool = createPool(poolOptions(place, options))
    this.#pool = this.#plainPool.promise()
  }

  async ping(): Promise<DbError | undefined> {
    const answer = await this.#with(async (connection) => {
      await connection.query({ sql: 'DO 0', timeout: this.#options.queryTimeoutMs })
      return undefined
    })
    return answer instanceof DbError ? answer : undefined
  }

  run(statement: BoundSql, types: ColumnTypes): Promise<DbResult | DbError> {
    return this.#with((connection) => this.#send(connection, statement, types))
  }

  runAll(statements: readonly BoundSql[]): Promise<number | DbError> {
    return this.#with(async (connection) => {
      await connection.beginTransaction()
      try {
        let count = 0
        for (const statement of statements) count += (await this.#send(connection, statement, {})).affectedRows
        await connection.commit()
        return count
      } catch (error) {
        await connection.rollback().catch(() => undefined)
        throw error
      }
    })
  }

  async scan(
    statement: BoundSql, types: ColumnTypes, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>,
  ): Promise<number | DbError> {
    const connection = await this.#plainConnection()
    if (connection instanceof DbError) return connection
    try {
      const { sql, values } = this.#prepared(statement)
      const count = await scanRows(connection, connection.format(sql, values), types, rowsAtOnce, take)
      connection.release()
      return count
    } catch (error) {
      // Rows may still be on their way.
      connection.destroy()
      return mysqlError(error)
    }
  }

  #plainConnection(): Promise<PlainConnection | DbError> {
    return new Promise((resolve) => {
      this.#plainPool.getConnection((error, connection) => resolve(error === null ? connection : mysqlError(error)))
    })
  }

  async close(): Promise<void> {
    await this.#pool.end().catch(() => undefined)
  }

  /** Runs on a connection of its own; one that broke, or whose answer did not come, is not used again. */
  async #with<Answer>(run: (connection: PoolConnection) => Promise<Answer>): Promise<Answer | DbError> {
    let connection: PoolConnection | undefined
    try {
      connection = await this.#pool.getConnection()
      const answer = await run(connection)
      connection.release()
      return answer
    } catch (error) {
      const failure = mysqlError(error)
      if (failure.kind === 'unavailable' || failure.kind === 'timeout') connection?.destroy()
      else connection?.release()
      return failure
    }
  }

  async #send(connection: PoolConnection, statement: BoundSql, types: ColumnTypes): Promise<DbResult> {
    const { sql, values } = this.#prepared(statement)
    const options = { sql, rowsAsArray: true as const, timeout: this.#options.queryTimeoutMs, typeCast }
    const [answer, fields] = values.length === 0 ? await connection.query(options) : await connection.execute({ ...options, values })
    return resultOf(answer, fields, types)
  }

  #prepared({ sql, cells }: BoundSql): { readonly sql: string; readonly values: (string | number | Buffer | null)[] } {
    const { serverTimezone } = this.#options
    const values = cells.map((cell) => toMysql(cell, serverTimezone))
    const text = Buffer.from(sql, 'latin1').toString('utf8')
    if (!serverTimezone || !cells.some(({ type }) => type === 'datetime')) return { sql: text, values }
    const [first = '', ...others] = splitAtPlaceholders(text, MYSQL_SYNTAX)
    const marked = others.map((piece, index) => (cells[index]?.type === 'datetime' ? 'FROM_UNIXTIME(?)' : '?') + piece)
    return { sql: first + marked.join(''), values }
  }
}

async function scanRows(
  connection: PlainConnection, sql: string, types: ColumnTypes, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>,
): Promise<number> {
  const command = connection.query({ sql, rowsAsArray: true, typeCast })
  let columns: readonly DbColumn[] = []
  command.on('fields', (fields: FieldPacket[]) => { columns = columnsOf(fields, types) })
  let count = 0
  let rows: (readonly DbValue[])[] = []
  const flush = async (): Promise<void> => {
    const taken = rows
    rows = []
    count += taken.length
    if (taken.length > 0) await take({ columns, rows: taken })
  }
  for await (const row of command.stream({ highWaterMark: rowsAtOnce })) {
    rows.push(rowOf(row, columns))
    if (rows.length >= rowsAtOnce) await flush()
  }
  await flush()
  return count
}

function poolOptions({ host, port, user, password, database, socket }: MysqlPlace, options: MysqlOptions): PoolOptions {
  return {
    ...(socket === '' ? { host: host || 'localhost', port: port || 3306 } : { socketPath: socket }),
    user, password, database,
    charset: 'utf8mb4',
    connectionLimit: CONNECTIONS_MAX,
    waitForConnections: true,
    queueLimit: 0,
    connectTimeout: options.connectTimeoutMs,
    enableKeepAlive: true,
    keepAliveInitialDelay: options.pingIntervalMs,
    idleTimeout: options.pingIntervalMs,
    maxIdle: CONNECTIONS_MAX,
    maxPreparedStatements: 200,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    flags: options.countFound ? ['FOUND_ROWS'] : ['-FOUND_ROWS'],
    ...(options.useTls ? { ssl: { rejectUnauthorized: false } } : {}),
  }
}

function typeCast(field: { readonly type: string; buffer(): Buffer | null }, next: () => unknown): unknown {
  return BYTES.has(field.type) ? field.buffer() : next()
}

function columnsOf(fields: readonly FieldPacket[], types: ColumnTypes): readonly DbColumn[] {
  return fields.map(({ name, columnType: type }) => {
    const bytes = Buffer.from(name, 'utf8').toString('latin1')
    return { name: bytes, type: types[bytes] ?? columnType(type) }
  })
}

function rowOf(row: unknown, columns: readonly DbColumn[]): readonly DbValue[] {
  const values: readonly unknown[] = Array.isArray(row) ? row : []
  return columns.map(({ type }, index) => fromMysql(values[index], type))
}

function resultOf(answer: unknown, fields: readonly FieldPacket[] | undefined, types: ColumnTypes): DbResult {
  if (Array.isArray(answer) && fields !== undefined) {
    const columns = columnsOf(fields, types)
    return { columns, rows: answer.map((row) => rowOf(row, columns)), affectedRows: answer.length, insertId: 0, hasRows: true }
  }
  const header: object = typeof answer === 'object' && answer !== null ? answer : {}
  const affectedRows = 'affectedRows' in header ? Number(header.affectedRows) : 0
  const insertId = 'insertId' in header ? Number(header.insertId) : 0
  return { columns: [], rows: [], affectedRows, insertId, hasRows: false }
}
