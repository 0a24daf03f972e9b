/** SQLite as WebAssembly, for Node 20. Its lock is a folder beside the file (`kamailio.db.lock`), which other programs do not heed. */
import { rmSync, statSync } from 'node:fs'
import sqlite, { type Database, type Statement } from 'node-sqlite3-wasm'
import type { SqliteColumn, SqliteConnection, SqliteEngine, SqliteStatement, SqliteValue } from './engine.ts'

export const wasmEngine: SqliteEngine = ({ path, readOnly }) => {
  removeStaleLock(`${path}.lock`)
  const database = new sqlite.Database(path, readOnly ? { readOnly: true, fileMustExist: true } : {})
  return connection(database)
}

const LOCK_MS_MAX = 2000

/** What a killed server left behind; a lock is held for some milliseconds. */
function removeStaleLock(folder: string): void {
  const lock = statSync(folder, { throwIfNoEntry: false })
  if (lock?.isDirectory() === true && Date.now() - lock.mtimeMs > LOCK_MS_MAX) rmSync(folder, { recursive: true, force: true })
}

function connection(database: Database): SqliteConnection {
  return {
    prepare: (sql) => statement(database, sql),
    exec: (sql) => database.exec(sql),
    define(name, run) {
      // It takes the number of arguments from the function; -1 is any.
      const anyNumber = Object.defineProperty((...values: SqliteValue[]) => run(...values), 'length', { value: -1 })
      database.function(name, anyNumber)
    },
    close: () => database.close(),
  }
}

/** `rows` names columns by their index, since two may have the same name. */
function statement(database: Database, sql: string): SqliteStatement {
  const prepared = database.prepare(sql)
  const names = columnNames(prepared)
  const keys = names.map((_, index) => String(index))
  Object.assign(prepared, { _getColumnNames: () => keys })
  return {
    get columns() {
      return declaredTypes(database, sql, names)
    },
    *rows(values) {
      for (const row of prepared.iterate([...values])) yield keys.map((key) => plain(row[key]))
    },
    run(values) {
      const { changes, lastInsertRowid } = prepared.run([...values])
      return { changes, lastId: Number(lastInsertRowid) }
    },
    finalize: () => prepared.finalize(),
  }
}

interface NamesColumns {
  readonly _getColumnNames: () => readonly string[]
}

const namesColumns = (value: object): value is NamesColumns => '_getColumnNames' in value

function columnNames(prepared: Statement): readonly string[] {
  return namesColumns(prepared) ? prepared._getColumnNames() : []
}

function plain(value: unknown): SqliteValue {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string' || value instanceof Uint8Array ? value : null
}

/** The library does not tell them; a view of the same query has them. */
function declaredTypes(database: Database, sql: string, names: readonly string[]): readonly SqliteColumn[] {
  const unknown = names.map((name) => ({ name, declared: '' }))
  if (names.length === 0 || !/^\s*(?:select|with)\b/i.test(sql)) return unknown
  try {
    const aliases = names.map((_, index) => `c${index}`).join(', ')
    const query = sql.replace(/(?:\s|;)+$/, '').replace(PLACEHOLDER, (piece) => (piece === '?' ? 'NULL' : piece))
    database.exec(`CREATE TEMP VIEW kahea_types (${aliases}) AS ${query}`)
    const rows = database.all('PRAGMA temp.table_info(kahea_types)')
    database.exec('DROP VIEW temp.kahea_types')
    return names.map((name, index) => ({ name, declared: declaredType(rows[index]?.['type']) }))
  } catch {
    return unknown
  }
}

const PLACEHOLDER = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g

/** What a view says of expressions is no declared type. */
function declaredType(type: unknown): string {
  return typeof type === 'string' && !/^(?:NUM|BLOB)$/.test(type) ? type : ''
}
