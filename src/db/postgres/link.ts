/** A pool of connections to a PostgreSQL server (library pg). */
import pg from 'pg'
import { DbError, type DbColumn, type DbResult, type DbRows, type DbUrl } from '../database.ts'
import type { BoundSql } from '../sql/build-sql.ts'
import { splitAtPlaceholders } from '../sql/scan-sql.ts'
import type { ColumnTypes, SqlLink } from '../sql/server-database.ts'
import { postgresDialect } from './dialect.ts'
import { postgresError, stateOf } from './errors.ts'
import { fromMysqlForms } from './mysql-forms.ts'
import { columnType, fromPostgres, toPostgres } from './values.ts'

export interface PostgresOptions {
  readonly connectTimeoutMs: number
  /** 0 for as long as it takes. */
  readonly queryTimeoutMs: number
  /** 0 for none. */
  readonly keepAliveMs: number
  /** More of the connection, as libpq calls it. */
  readonly connection: Readonly<Record<string, string>>
}

const CONNECTIONS_MAX = 10
const POSTGRES_SYNTAX = { backslashes: false }
const INDETERMINATE_TYPE = '42P18'

/** Every value as the text that PostgreSQL writes. */
const asText = { getTypeParser: () => (text: unknown): unknown => text }

type Client = pg.PoolClient
type Answer = pg.QueryArrayResult<unknown[]>

export class PostgresLink implements SqlLink {
  readonly dialect = postgresDialect
  readonly #pool: pg.Pool

  constructor(url: DbUrl, options: PostgresOptions) {
    this.#pool = new pg.Pool(poolConfig(url, options))
    // An idle connection that breaks is replaced; the next statement tells.
    this.#pool.on('error', () => undefined)
  }

  async ping(): Promise<DbError | undefined> {
    const answer = await this.#with((client) => client.query('SELECT 1'))
    return answer instanceof DbError ? answer : undefined
  }

  run(statement: BoundSql, types: ColumnTypes): Promise<DbResult | DbError> {
    return this.#with(async (client) => resultOf(await send(client, statement), types))
  }

  runAll(statements: readonly BoundSql[]): Promise<number | DbError> {
    return this.#with((client) => inTransaction(client, async () => {
      let count = 0
      for (const statement of statements) count += (await send(client, statement)).rowCount ?? 0
      return count
    }))
  }

  scan(
    statement: BoundSql, types: ColumnTypes, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>,
  ): Promise<number | DbError> {
    return this.#with((client) => inTransaction(client, async () => {
      await send(client, { ...statement, sql: `DECLARE kahea_scan NO SCROLL CURSOR FOR ${statement.sql}` })
      for (let count = 0; ;) {
        const rows = resultOf(await send(client, { sql: `FETCH ${rowsAtOnce} FROM kahea_scan`, cells: [] }), types)
        count += rows.rows.length
        if (rows.rows.length > 0) await take(rows)
        if (rows.rows.length < rowsAtOnce) return count
      }
    }))
  }

  async close(): Promise<void> {
    await this.#pool.end().catch(() => undefined)
  }

  /** Runs on a connection of its own; one that broke, or whose answer did not come, is not used again. */
  async #with<Result>(run: (client: Client) => Promise<Result>): Promise<Result | DbError> {
    let client: Client | undefined
    let broken = false
    const note = (): void => { broken = true }
    try {
      client = await this.#pool.connect()
      client.on('error', note)
      return await run(client)
    } catch (error) {
      const failure = postgresError(error)
      broken ||= failure.kind === 'unavailable' || failure.kind === 'timeout'
      return failure
    } finally {
      client?.off('error', note)
      client?.release(broken)
    }
  }
}

const tlsOptions = (mode: string): pg.PoolConfig['ssl'] =>
  /^(?:require|verify-ca|verify-full)$/.test(mode) ? { rejectUnauthorized: mode !== 'require' } : false

function poolConfig({ host, port, user, password, database }: DbUrl, options: PostgresOptions): pg.PoolConfig {
  const { connection } = options
  return {
    host: host || connection['host'] || '/var/run/postgresql',
    port: port || 5432,
    user, password, database,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: options.connectTimeoutMs,
    idleTimeoutMillis: 0,
    keepAlive: options.keepAliveMs > 0,
    keepAliveInitialDelayMillis: options.keepAliveMs,
    application_name: connection['application_name'] ?? 'kahea',
    options: connection['options'],
    ssl: tlsOptions(connection['sslmode'] ?? ''),
    ...(options.queryTimeoutMs > 0 ? { query_timeout: options.queryTimeoutMs, statement_timeout: options.queryTimeoutMs } : {}),
  }
}

async function inTransaction<Result>(client: Client, run: () => Promise<Result>): Promise<Result> {
  await client.query('BEGIN')
  try {
    const result = await run()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function send(client: Client, { sql, cells }: BoundSql): Promise<Answer> {
  const text = fromMysqlForms(Buffer.from(sql, 'latin1').toString('utf8'))
  const values = cells.map(toPostgres)
  const query = (cast: string): Promise<Answer> =>
    client.query({ text: cells.length === 0 ? text : numbered(text, cast), values, rowMode: 'array', types: asText })
  try {
    return await query('')
  } catch (error) {
    // A function that takes anything: there a text in quotes would be a text.
    if (stateOf(error) !== INDETERMINATE_TYPE) throw error
    return query('::text')
  }
}

/** `?` as `$1`, `$2` ... */
function numbered(sql: string, cast: string): string {
  const [first = '', ...others] = splitAtPlaceholders(sql, POSTGRES_SYNTAX)
  return first + others.map((piece, index) => `$${index + 1}${cast}${piece}`).join('')
}

function resultOf(answer: Answer | readonly Answer[], types: ColumnTypes): DbResult {
  // Several statements in one text: the last one counts, as for libpq.
  const { fields, rows, rowCount, command } = lastOf(answer)
  const columns = fields.map(({ name, dataTypeID }): DbColumn => {
    const bytes = Buffer.from(name, 'utf8').toString('latin1')
    return { name: bytes, type: types[bytes] ?? columnType(dataTypeID) }
  })
  const values = rows.map((row) => columns.map(({ type }, index) => fromPostgres(row[index], type, fields[index]?.dataTypeID ?? 0)))
  return { columns, rows: values, affectedRows: rowCount ?? 0, insertId: 0, hasRows: fields.length > 0 || command === 'SELECT' }
}

const isList = (answer: Answer | readonly Answer[]): answer is readonly Answer[] => Array.isArray(answer)

function lastOf(answer: Answer | readonly Answer[]): Answer {
  if (!isList(answer)) return answer
  const last = answer.at(-1)
  if (last === undefined) throw new Error('the server gave no answer')
  return last
}
