/** Redis as a database, with the keys of Kamailio's db_redis. */
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import {
  DbError, isDbError, type Database, type DbCell, type DbColumn, type DbCondition, type DbDriver, type DbResult, type DbRows, type DbSelect,
  type DbType, type DbUrl, type DbValue, type DbWrite,
} from '../database.ts'
import { writeInOrder } from '../write-in-order.ts'
import { withoutPassword } from '../db-url.ts'
import { holds, ordered, type ValueOf } from '../rows/conditions.ts'
import { Reachability } from '../sql/reachability.ts'
import { RedisConnection, type RedisAnswer, type RedisCommand } from './connection.ts'
import { keyOf, mappingKeys, type TableKeys, type Written } from './table-keys.ts'
import { readValue, tableSchema, writtenValue, type TableSchema } from './table-schema.ts'

export interface RedisOptions {
  readonly log: Log
  readonly clock: Clock
  readonly keys: ReadonlyMap<string, TableKeys>
  /** A file of `schema_path`. */
  readonly readSchema: (table: string) => string | undefined
}

const SCAN_COUNT = '1000'
/** Rows asked for at once. */
const ROWS_AT_ONCE = 500
const NO_KEYS: TableKeys = { entry: [], mappings: [] }

/** A row as it lies in Redis. */
interface StoredRow {
  readonly key: string
  readonly fields: ReadonlyMap<string, string>
}

export function redisDriver(options: RedisOptions): DbDriver {
  return { schemes: ['redis'], open: (url) => new RedisDatabase(url, options) }
}

class RedisDatabase implements Database {
  readonly scheme = 'redis'
  readonly shownUrl: string
  readonly hasSql = false
  readonly #options: RedisOptions
  readonly #connection: RedisConnection
  readonly #reachability: Reachability
  readonly #schemas = new Map<string, TableSchema>()

  constructor(url: DbUrl, options: RedisOptions) {
    this.shownUrl = withoutPassword(url)
    this.#options = options
    this.#connection = new RedisConnection(url)
    this.#reachability = new Reachability('db_redis', this.shownUrl, options.log, options.clock, () => this.#ping())
  }

  async connect(): Promise<DbError | undefined> {
    return this.#reachability.note(await this.#ping())
  }

  async select(query: DbSelect): Promise<DbRows | DbError> {
    const schema = this.#schema(query.table)
    if (isDbError(schema)) return schema
    const columns = columnsOf(query, schema)
    const unknown = columns.find(({ name }) => !schema.columns.has(name))
    if (unknown !== undefined) return new DbError('refused', `table ${query.table} has no column ${unknown.name}`)
    const found = await this.#find(query.table, schema, query.where ?? [])
    if (isDbError(found)) return found
    const valueOf = (row: StoredRow, name: string) => readValue(row.fields.get(name), schema.columns.get(name) ?? 'string')
    const rows = ordered(found, query.orderBy, valueOf).map((row) => columns.map(({ name, type }) => readValue(row.fields.get(name), type)))
    return rows.length === 0 && query.table === 'version' ? { columns, rows: this.#ownVersion(query, columns) } : { columns, rows }
  }

  async scan(query: DbSelect, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>): Promise<number | DbError> {
    const answer = await this.select(query)
    if (isDbError(answer)) return answer
    const { columns, rows } = answer
    for (let at = 0; at < rows.length; at += rowsAtOnce) await take({ columns, rows: rows.slice(at, at + rowsAtOnce) })
    return rows.length
  }

  async write(statement: DbWrite): Promise<number | DbError> {
    const schema = this.#schema(statement.table)
    if (isDbError(schema)) return schema
    switch (statement.kind) {
      case 'insert':
        return this.#insert(statement, schema)
      case 'update':
        return this.#update(statement.table, schema, statement.cells, statement.where)
      case 'delete':
        return this.#delete(statement.table, schema, statement.where)
    }
  }

  /** One after the other: Redis has no transactions that could look first. */
  batch(statements: readonly DbWrite[]): Promise<number | DbError> {
    return writeInOrder((statement) => this.write(statement), statements)
  }

  execute(): Promise<DbResult | DbError> {
    return Promise.resolve(new DbError('unsupported', 'Redis takes no SQL'))
  }

  createTable(): Promise<DbError | undefined> {
    // There are no tables in Redis; the row in `version` is all that is written.
    return Promise.resolve(undefined)
  }

  close(): Promise<void> {
    this.#reachability.close()
    this.#connection.close()
    return Promise.resolve()
  }

  async #ping(): Promise<DbError | undefined> {
    const answer = await this.#connection.send(['PING'])
    return isDbError(answer) ? answer : undefined
  }

  async #sendAll(commands: readonly RedisCommand[]): Promise<readonly RedisAnswer[] | DbError> {
    if (commands.length === 0) return []
    const refusal = this.#reachability.refusal()
    if (refusal !== undefined) return refusal
    const answers = await this.#connection.sendAll(commands)
    this.#reachability.note(isDbError(answers) ? answers : undefined)
    return answers
  }

  #schema(table: string): TableSchema | DbError {
    const known = this.#schemas.get(table)
    if (known !== undefined) return known
    const schema = tableSchema(table, this.#options.readSchema)
    if (schema === undefined) return new DbError('refused', `query to undefined table '${table}', define it in schema file!`)
    this.#schemas.set(table, schema)
    return schema
  }

  #keys(table: string): TableKeys {
    return this.#options.keys.get(table) ?? NO_KEYS
  }

  /** The version of a table that nobody wrote: as Kamailio, that of its schema. */
  #ownVersion({ where = [] }: DbSelect, columns: readonly DbColumn[]): DbRows['rows'] {
    const name = where.find(({ column }) => column === 'table_name')?.value
    const schema = typeof name === 'string' ? tableSchema(name, this.#options.readSchema) : undefined
    if (schema === undefined) return []
    const values: Readonly<Record<string, DbValue>> = { table_name: name ?? null, table_version: schema.version }
    return [columns.map((column) => values[column.name] ?? null)]
  }

  async #find(table: string, schema: TableSchema, where: readonly DbCondition[]): Promise<readonly StoredRow[] | DbError> {
    const keys = await this.#rowKeys(table, schema, where)
    if (isDbError(keys)) return keys
    const rows: StoredRow[] = []
    for (let at = 0; at < keys.length; at += ROWS_AT_ONCE) {
      const part = keys.slice(at, at + ROWS_AT_ONCE)
      const answers = await this.#sendAll(part.map((key): RedisCommand => ['HGETALL', key]))
      if (isDbError(answers)) return answers
      for (const [index, answer] of answers.entries()) {
        const fields = fieldsOf(answer)
        const valueOf: ValueOf = (name) => readValue(fields.get(name), schema.columns.get(name) ?? 'string')
        if (fields.size > 0 && holds(where, valueOf)) rows.push({ key: part[index] ?? '', fields })
      }
    }
    return rows
  }

  /** Keys of rows that may fit: by their own key, by a mapping, or all of them. */
  async #rowKeys(table: string, schema: TableSchema, where: readonly DbCondition[]): Promise<readonly string[] | DbError> {
    const { entry, mappings } = this.#keys(table)
    const written: Written = (column) => {
      const found = where.find((condition) => condition.column === column && (condition.operator ?? '=') === '=')
      return found === undefined ? undefined : writtenValue(found, schema.columns.get(column))
    }
    const own = keyOf(table, 'entry', entry, written)
    if (own !== undefined) return [own]
    for (const { name, columns } of mappings) {
      const mapping = columns.length === 0 ? undefined : keyOf(table, name, columns, written)
      if (mapping === undefined) continue
      const answers = await this.#sendAll([['SMEMBERS', mapping]])
      return isDbError(answers) ? answers : textsOf(answers[0])
    }
    return this.#allKeys(table)
  }

  async #allKeys(table: string): Promise<readonly string[] | DbError> {
    const keys = new Set<string>()
    for (let cursor = '0'; ;) {
      const answers = await this.#sendAll([['SCAN', cursor, 'MATCH', `${table}:entry::*`, 'COUNT', SCAN_COUNT]])
      if (isDbError(answers)) return answers
      const [next, found] = listOf(answers[0])
      for (const key of textsOf(found)) keys.add(key)
      cursor = String(next ?? '0')
      if (cursor === '0') return [...keys]
    }
  }

  async #insert(statement: Extract<DbWrite, { kind: 'insert' }>, schema: TableSchema): Promise<number | DbError> {
    const { table, cells, onDuplicate = 'fail' } = statement
    const fields = fieldsFrom(cells, schema)
    const key = keyOf(table, 'entry', this.#keys(table).entry, (column) => fields.get(column))
    if (key === undefined) return new DbError('refused', `no key for a row of table ${table}: see the parameter keys`)
    const there = await this.#sendAll([['EXISTS', key]])
    if (isDbError(there)) return there
    if (there[0] !== 0) {
      if (onDuplicate === 'fail') return new DbError('duplicate', `${key} is there already`)
      if (onDuplicate === 'ignore') return 0
      const where = this.#keys(table).entry.map((column): DbCondition => ({ column, value: readValue(fields.get(column), 'string') }))
      if (onDuplicate === 'update') return this.#update(table, schema, cells, where)
      const removed = await this.#delete(table, schema, where)
      if (isDbError(removed)) return removed
    }
    const answers = await this.#sendAll([hashCommand(key, fields), ...this.#mappingCommands('SADD', table, key, fields)])
    return isDbError(answers) ? answers : 1
  }

  async #update(table: string, schema: TableSchema, cells: readonly DbCell[], where: readonly DbCondition[]): Promise<number | DbError> {
    const rows = await this.#find(table, schema, where)
    if (isDbError(rows)) return rows
    const commands = rows.flatMap(({ key, fields }): RedisCommand[] => {
      const changed = new Map(fields)
      for (const cell of cells) {
        const text = writtenValue(cell, schema.columns.get(cell.column))
        if (text === undefined) changed.delete(cell.column)
        else changed.set(cell.column, text)
      }
      const newKey = keyOf(table, 'entry', this.#keys(table).entry, (column) => changed.get(column)) ?? key
      return [
        ...this.#mappingCommands('SREM', table, key, fields),
        ['DEL', key],
        hashCommand(newKey, changed),
        ...this.#mappingCommands('SADD', table, newKey, changed),
      ]
    })
    const answers = await this.#sendAll(commands)
    return isDbError(answers) ? answers : rows.length
  }

  async #delete(table: string, schema: TableSchema, where: readonly DbCondition[]): Promise<number | DbError> {
    const rows = await this.#find(table, schema, where)
    if (isDbError(rows)) return rows
    const answers = await this.#sendAll(rows.flatMap(({ key, fields }): RedisCommand[] => [
      ...this.#mappingCommands('SREM', table, key, fields), ['DEL', key],
    ]))
    return isDbError(answers) ? answers : rows.length
  }

  #mappingCommands(verb: 'SADD' | 'SREM', table: string, key: string, fields: ReadonlyMap<string, string>): readonly RedisCommand[] {
    return mappingKeys(table, this.#keys(table), (column) => fields.get(column)).flatMap((mapping): RedisCommand[] =>
      verb === 'SADD' ? [['SADD', mapping.key, key], ['SADD', mapping.index, mapping.key]] : [['SREM', mapping.key, key]])
  }
}

const hashCommand = (key: string, fields: ReadonlyMap<string, string>): RedisCommand => ['HSET', key, ...[...fields].flat()]

function fieldsFrom(cells: readonly DbCell[], schema: TableSchema): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const cell of cells) {
    const text = writtenValue(cell, schema.columns.get(cell.column))
    if (text !== undefined) fields.set(cell.column, text)
  }
  return fields
}

function columnsOf({ columns }: DbSelect, schema: TableSchema): readonly DbColumn[] {
  if (columns.length === 0) return [...schema.columns].map(([name, type]) => ({ name, type }))
  return columns.map((column): { name: string; type: DbType } =>
    (typeof column === 'string' ? { name: column, type: schema.columns.get(column) ?? 'string' } : column))
}

const listOf = (answer: RedisAnswer | undefined): readonly RedisAnswer[] => (Array.isArray(answer) ? answer : [])
const textsOf = (answer: RedisAnswer | undefined): readonly string[] => listOf(answer).map(String)

function fieldsOf(answer: RedisAnswer): ReadonlyMap<string, string> {
  const texts = textsOf(answer)
  const fields = new Map<string, string>()
  for (let at = 0; at + 1 < texts.length; at += 2) fields.set(texts[at] ?? '', texts[at + 1] ?? '')
  return fields
}

