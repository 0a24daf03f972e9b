/**
 * A folder of text files as a database (Kamailio's db_text). The tables live in an SQLite database in memory, so that conditions,
 * order and SQL are those of a database; the files are read when a table is first asked for, and written soon after it changed and
 * at the end.
 */
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import {
  DbError, isDbError, type Database, type DbCell, type DbCondition, type DbDriver, type DbResult, type DbRows, type DbSelect, type DbType,
  type DbValue, type DbWrite,
} from '../database.ts'
import type { SchemaColumn, SchemaTable, SchemaType } from '../schema/notation.ts'
import { memoryDatabase } from '../sqlite/sqlite.ts'
import { readTable, writeRow, type TextColumn, type TextFormat } from './table-file.ts'

export interface TextOptions extends TextFormat {
  readonly log: Log
  readonly clock: Clock
  /** Looks before each use whether a file has changed. */
  readonly isReread: boolean
  /** Where relative paths begin. */
  readonly folder: string
  /** Gets each database that is opened. */
  readonly onOpen?: (database: TextDatabase) => void
}

const WRITE_AFTER_MS = 1000
const TABLE_NAME = /^\w[\w.-]*$/

/** A table in memory. */
interface Loaded {
  readonly header: string
  readonly columns: readonly TextColumn[]
  mtimeMs: number
  isChanged: boolean
}

export function textDriver(options: TextOptions): DbDriver {
  return {
    schemes: ['text'],
    open(url) {
      const path = Buffer.from(url.database, 'latin1').toString('utf8')
      const database = new TextDatabase(url.text, path.startsWith('/') ? path : join(options.folder, path), options)
      options.onOpen?.(database)
      return database
    },
  }
}

export class TextDatabase implements Database {
  readonly scheme = 'text'
  readonly shownUrl: string
  readonly hasSql = true
  readonly #folder: string
  readonly #options: TextOptions
  readonly #memory = memoryDatabase()
  readonly #loaded = new Map<string, Loaded>()
  /** One thing at a time: what loads a table must not meet what writes it. */
  #turn: Promise<unknown> = Promise.resolve()
  #cancelWrite: (() => void) | undefined = undefined

  constructor(shownUrl: string, folder: string, options: TextOptions) {
    this.shownUrl = shownUrl
    this.#folder = folder
    this.#options = options
  }

  async connect(): Promise<DbError | undefined> {
    const folder = await stat(this.#folder).catch(() => undefined)
    return folder?.isDirectory() === true ? undefined : new DbError('unavailable', `${this.#folder} is no folder`)
  }

  select(query: DbSelect): Promise<DbRows | DbError> {
    return this.#inTurn(async () => await this.#load(query.table) ?? this.#memory.select(plainQuery(query)))
  }

  scan(query: DbSelect, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>): Promise<number | DbError> {
    return this.#inTurn(async () => await this.#load(query.table) ?? this.#memory.scan(plainQuery(query), rowsAtOnce, take))
  }

  write(statement: DbWrite): Promise<number | DbError> {
    return this.batch([statement])
  }

  batch(statements: readonly DbWrite[]): Promise<number | DbError> {
    return this.#inTurn(async () => {
      const plain: DbWrite[] = []
      for (const statement of statements) {
        const failure = await this.#load(statement.table)
        if (failure !== undefined) return failure
        plain.push(...await this.#withoutKeys(plainStatement(statement)))
      }
      const count = await this.#memory.batch(plain)
      if (!isDbError(count) && count > 0) this.#changed(statements.map(({ table }) => table))
      return count
    })
  }

  execute(sql: string, values: readonly DbValue[] = []): Promise<DbResult | DbError> {
    return this.#inTurn(async () => {
      const names = await this.#tablesIn(sql)
      for (const name of names) {
        const failure = await this.#load(name)
        if (failure !== undefined) return failure
      }
      const answer = await this.#memory.execute(sql, values)
      if (!isDbError(answer) && !answer.hasRows && answer.affectedRows > 0) this.#changed(names)
      return answer
    })
  }

  createTable({ name, columns }: SchemaTable): Promise<DbError | undefined> {
    return this.#inTurn(async () => {
      await mkdir(this.#folder, { recursive: true })
      await writeFile(join(this.#folder, name), `${columns.map(headerColumn).join(' ')} \n`, { encoding: 'latin1', flag: 'wx' })
      return undefined
    })
  }

  /** Writes what has changed. */
  dump(): Promise<DbError | undefined> {
    return this.#inTurn(async () => {
      this.#cancelWrite?.()
      this.#cancelWrite = undefined
      for (const [name, table] of this.#loaded) {
        const failure = table.isChanged ? await this.#store(name, table) : undefined
        if (failure !== undefined) return failure
      }
      return undefined
    })
  }

  async close(): Promise<void> {
    const failure = await this.dump()
    if (failure !== undefined) this.#options.log.error('db_text', `${this.shownUrl}: ${failure.reason}`)
    await this.#memory.close()
  }

  #inTurn<Answer>(run: () => Promise<Answer | DbError>): Promise<Answer | DbError> {
    const answer = this.#turn.then(run).catch((error: unknown) =>
      new DbError('refused', error instanceof Error ? error.message : String(error)))
    this.#turn = answer
    return answer
  }

  /** Rows that collide: there are no unique keys in text files, so the statement's own count. */
  async #withoutKeys(statement: DbWrite): Promise<readonly DbWrite[]> {
    if (statement.kind !== 'insert' || statement.onDuplicate === undefined || statement.onDuplicate === 'fail') return [statement]
    const { table, cells, key = [] } = statement
    const insert: DbWrite = { kind: 'insert', table, cells }
    const where = cells.filter(({ column }) => key.includes(column)).map((cell): DbCondition => cell)
    if (where.length === 0) return [insert]
    if (statement.onDuplicate === 'replace') return [{ kind: 'delete', table, where }, insert]
    const found = await this.#memory.select({ table, columns: [where[0]?.column ?? ''], where })
    if (isDbError(found) || found.rows.length === 0) return [insert]
    return statement.onDuplicate === 'update' ? [{ kind: 'update', table, cells, where }] : []
  }

  /** The files that a statement may mean: its words that files are called. */
  async #tablesIn(sql: string): Promise<readonly string[]> {
    const words = [...new Set(sql.replace(/'(?:[^']|'')*'/g, ' ').match(/\w[\w.-]*/g) ?? [])]
    const found: string[] = []
    for (const word of words) if (await stat(join(this.#folder, word)).then((file) => file.isFile(), () => false)) found.push(word)
    return found
  }

  async #load(name: string): Promise<DbError | undefined> {
    const known = this.#loaded.get(name)
    if (known !== undefined && !this.#options.isReread) return undefined
    const path = join(this.#folder, name)
    const file = TABLE_NAME.test(name) ? await stat(path).catch(() => undefined) : undefined
    if (file === undefined) return new DbError('refused', `there is no table ${name}`)
    if (known !== undefined && file.mtimeMs <= known.mtimeMs) return undefined
    const table = readTable(await readFile(path, 'latin1'), this.#options)
    if (typeof table === 'string') {
      this.#options.log.error('db_text', `${path}: ${table}`)
      return new DbError('refused', `table ${name}: ${table}`)
    }
    const inserts = table.rows.map((row): DbWrite => ({
      kind: 'insert',
      table: name,
      cells: table.columns.map(({ name: column, type }, index) => plainCell({ column, value: row[index] ?? null, type })),
    }))
    for (const sql of createSql(name, table.columns)) {
      const made = await this.#memory.execute(sql)
      if (isDbError(made)) return made
    }
    const filled = await this.#memory.batch(inserts)
    if (isDbError(filled)) return filled
    this.#loaded.set(name, { header: table.header, columns: table.columns, mtimeMs: file.mtimeMs, isChanged: false })
    return undefined
  }

  #changed(names: readonly string[]): void {
    for (const name of names) {
      const table = this.#loaded.get(name)
      if (table !== undefined) table.isChanged = true
    }
    this.#cancelWrite ??= this.#options.clock.after(WRITE_AFTER_MS, () => {
      this.#cancelWrite = undefined
      void this.dump().then((failure) => {
        if (failure !== undefined) this.#options.log.error('db_text', `${this.shownUrl}: ${failure.reason}`)
      })
    })
  }

  async #store(name: string, table: Loaded): Promise<DbError | undefined> {
    const { columns, header } = table
    const typed = columns.map((column) => ({ name: column.name, type: plainType(column.type) }))
    const answer = await this.#memory.select({ table: name, columns: typed })
    if (isDbError(answer)) return answer
    const path = join(this.#folder, name)
    // In one go: who reads meanwhile gets the old file or the new one.
    await writeFile(`${path}.new`, `${header}\n${answer.rows.map((row) => writeRow(row, columns, this.#options)).join('')}`, 'latin1')
    await rename(`${path}.new`, path)
    table.mtimeMs = (await stat(path)).mtimeMs
    table.isChanged = false
    return undefined
  }
}

/** Dates are seconds in text files, whatever type their columns have. */
const plainType = (type: DbType): DbType => (type === 'datetime' ? 'int' : type)
const plainCell = <Cell extends DbCell>(cell: Cell): Cell => (cell.type === undefined ? cell : { ...cell, type: plainType(cell.type) })

function plainQuery(query: DbSelect): DbSelect {
  const columns = query.columns.map((column) => (typeof column === 'string' ? column : { name: column.name, type: plainType(column.type) }))
  return { ...query, columns, where: query.where?.map(plainCell) }
}

function plainStatement(statement: DbWrite): DbWrite {
  switch (statement.kind) {
    case 'insert':
      return { ...statement, cells: statement.cells.map(plainCell) }
    case 'update':
      return { ...statement, cells: statement.cells.map(plainCell), where: statement.where.map(plainCell) }
    case 'delete':
      return { ...statement, where: statement.where.map(plainCell) }
  }
}

const sqliteTypes: Readonly<Record<string, string>> = { int: 'INT', double: 'REAL', string: 'TEXT', blob: 'BLOB', datetime: 'INT' }
const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``

function createSql(name: string, columns: readonly TextColumn[]): readonly string[] {
  const table = quote(name)
  const list = columns.map((column) =>
    `${quote(column.name)} ${sqliteTypes[column.type] ?? 'TEXT'}${column.mayBeNull || column.isAuto ? '' : ' NOT NULL'}`)
  const auto = columns.find(({ isAuto }) => isAuto)
  const column = quote(auto?.name ?? '')
  return [
    `DROP TABLE IF EXISTS ${table}`,
    `CREATE TABLE ${table} (${list.join(', ')})`,
    ...(auto === undefined ? [] : [
      `CREATE TRIGGER ${quote(`${name} auto`)} AFTER INSERT ON ${table} WHEN new.${column} IS NULL BEGIN `
        + `UPDATE ${table} SET ${column} = (SELECT COALESCE(MAX(${column}), 0) + 1 FROM ${table}) WHERE rowid = new.rowid; END`,
    ]),
  ]
}

const headerTypes: Partial<Readonly<Record<SchemaType, string>>> = {
  float: 'double', varchar: 'string', char: 'string', text: 'string', mediumtext: 'string', blob: 'string', mediumblob: 'string',
}

function headerColumn({ name, type, mayBeNull }: SchemaColumn): string {
  if (type === 'serial') return `${name}(int,auto)`
  return `${name}(${headerTypes[type] ?? 'int'}${mayBeNull ? ',null' : ''})`
}
