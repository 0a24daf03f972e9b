/** The system's libsqlite3 by the add-on (`native/sqlite.c`), for a Node without SQLite of its own. */
import { createRequire } from 'node:module'
import { packageFolder } from '../../base/package-root.ts'
import type { SqliteColumn, SqliteConnection, SqliteEngine, SqliteFunction, SqliteStatement, SqliteValue } from './engine.ts'

interface Connection { readonly connection: unique symbol }
interface Statement { readonly statement: unique symbol }

interface NativeSqlite {
  /** Undefined where the system has no libsqlite3. */
  sqliteOpen(path: string, readOnly: boolean): Connection | undefined
  sqliteClose(connection: Connection): void
  sqliteExec(connection: Connection, sql: string): void
  sqliteDefine(connection: Connection, name: string, run: SqliteFunction): void
  sqlitePrepare(connection: Connection, sql: string): Statement
  sqliteColumns(connection: Connection, statement: Statement): readonly string[]
  sqliteBind(connection: Connection, statement: Statement, values: readonly SqliteValue[]): void
  sqliteStep(connection: Connection, statement: Statement): readonly SqliteValue[] | undefined
  sqliteChanges(connection: Connection): readonly [changes: number, lastId: number]
  sqliteReset(connection: Connection, statement: Statement): void
  sqliteFinalize(connection: Connection, statement: Statement): void
}

const isNativeSqlite = (value: unknown): value is NativeSqlite => typeof value === 'object' && value !== null && 'sqliteOpen' in value

/** Undefined where the add-on is not there, or the library. */
export function nativeEngine(): SqliteEngine | undefined {
  const native = load()
  if (native === undefined) return undefined
  const probe = native.sqliteOpen(':memory:', false)
  if (probe === undefined) return undefined
  native.sqliteClose(probe)
  return ({ path, readOnly }) => {
    const connection = native.sqliteOpen(path, readOnly)
    if (connection === undefined) throw new Error('unable to open libsqlite3')
    return connectionOf(native, connection)
  }
}

function load(): NativeSqlite | undefined {
  if (process.env['KAHEA_NO_ADDON'] === '1') return undefined
  try {
    const build: unknown = createRequire(import.meta.url)('node-gyp-build')
    const addon: unknown = typeof build === 'function' ? build(packageFolder) : undefined
    return isNativeSqlite(addon) ? addon : undefined
  } catch {
    return undefined
  }
}

function connectionOf(native: NativeSqlite, connection: Connection): SqliteConnection {
  return {
    prepare: (sql) => statementOf(native, connection, native.sqlitePrepare(connection, sql)),
    exec: (sql) => native.sqliteExec(connection, sql),
    define: (name, run) => native.sqliteDefine(connection, name, run),
    close: () => native.sqliteClose(connection),
  }
}

function statementOf(native: NativeSqlite, connection: Connection, statement: Statement): SqliteStatement {
  return {
    get columns() {
      const texts = native.sqliteColumns(connection, statement)
      const column = (index: number): SqliteColumn => ({ name: texts[2 * index] ?? '', declared: texts[2 * index + 1] ?? '' })
      return Array.from({ length: texts.length / 2 }, (_, index) => column(index))
    },
    *rows(values) {
      native.sqliteBind(connection, statement, values)
      const next = (): readonly SqliteValue[] | undefined => native.sqliteStep(connection, statement)
      try {
        for (let row = next(); row !== undefined; row = next()) yield row
      } finally {
        native.sqliteReset(connection, statement)
      }
    },
    run(values) {
      native.sqliteBind(connection, statement, values)
      while (native.sqliteStep(connection, statement) !== undefined);
      const [changes, lastId] = native.sqliteChanges(connection)
      return { changes, lastId }
    },
    finalize: () => native.sqliteFinalize(connection, statement),
  }
}
