/** `node:sqlite`, from the Node that tells of declared types and gives rows as lists (22.16 and 24 on). */
import { createRequire } from 'node:module'
import type { SqliteConnection, SqliteEngine, SqliteFunction, SqliteStatement, SqliteValue } from './engine.ts'

/** The part of the module that is used here. */
interface NodeSqlite {
  readonly DatabaseSync: (new (path: string, options: { readOnly: boolean }) => NodeDatabase)
  readonly StatementSync: { readonly prototype: object }
}

interface NodeDatabase {
  prepare(sql: string): NodeStatement
  exec(sql: string): void
  function(name: string, options: { varargs: boolean; useBigIntArguments: boolean }, run: SqliteFunction): void
  close(): void
}

interface NodeStatement {
  columns(): readonly { readonly name: string; readonly type: string | null }[]
  setReturnArrays(on: boolean): void
  setReadBigInts(on: boolean): void
  iterate(...values: readonly SqliteValue[]): Iterable<readonly SqliteValue[]>
  run(...values: readonly SqliteValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint }
}

/** Undefined where this Node has none that will do. */
export function nodeEngine(): SqliteEngine | undefined {
  const sqlite = load()
  if (sqlite === undefined || !('setReturnArrays' in sqlite.StatementSync.prototype)) return undefined
  return ({ path, readOnly }) => connection(new sqlite.DatabaseSync(path, { readOnly }))
}

function load(): NodeSqlite | undefined {
  const { emitWarning } = process
  try {
    // It says at each start that it is experimental; in this thread that is the only thing to be said meanwhile.
    process.emitWarning = () => undefined
    return createRequire(import.meta.url)('node:sqlite')
  } catch {
    return undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

function connection(database: NodeDatabase): SqliteConnection {
  return {
    prepare: (sql) => statement(database.prepare(sql)),
    exec: (sql) => database.exec(sql),
    define: (name, run) => database.function(name, { varargs: true, useBigIntArguments: true }, run),
    close: () => database.close(),
  }
}

function statement(prepared: NodeStatement): SqliteStatement {
  prepared.setReturnArrays(true)
  prepared.setReadBigInts(true)
  return {
    get columns() {
      return prepared.columns().map(({ name, type }) => ({ name, declared: type ?? '' }))
    },
    rows: (values) => prepared.iterate(...values),
    run(values) {
      const { changes, lastInsertRowid } = prepared.run(...values)
      return { changes: Number(changes), lastId: Number(lastInsertRowid) }
    },
    finalize: () => undefined,
  }
}
