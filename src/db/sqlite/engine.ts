/** SQLite itself, as the worker needs it; one file for each library that has it. Only the worker imports this. */
export type SqliteValue = null | number | bigint | string | Uint8Array

export interface SqliteColumn {
  readonly name: string
  /** As `CREATE TABLE` says it; empty where the column is an expression, or where that is not known. */
  readonly declared: string
}

export interface SqliteChanges {
  readonly changes: number
  readonly lastId: number
}

/** What fails here throws. Texts are JavaScript strings, integers `bigint` where they are bound. */
export interface SqliteStatement {
  /** None for a statement without a result. */
  readonly columns: readonly SqliteColumn[]
  rows(values: readonly SqliteValue[]): Iterable<readonly SqliteValue[]>
  run(values: readonly SqliteValue[]): SqliteChanges
  finalize(): void
}

export type SqliteFunction = (...values: SqliteValue[]) => SqliteValue

export interface SqliteConnection {
  prepare(sql: string): SqliteStatement
  exec(sql: string): void
  define(name: string, run: SqliteFunction): void
  close(): void
}

export interface SqliteOpenOptions {
  readonly path: string
  readonly readOnly: boolean
}

export type SqliteEngine = (options: SqliteOpenOptions) => SqliteConnection
