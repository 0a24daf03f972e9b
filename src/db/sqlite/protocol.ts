/** What the server's thread and a database's worker say to each other. */
import type { DbColumn, DbError, DbType, DbValue } from '../database.ts'

export interface SqliteSettings {
  readonly path: string
  readonly readOnly: boolean
  /** `WAL` and the like; empty for the file's own. */
  readonly journalMode: string
  readonly busyTimeoutMs: number
}

/** A value and how it is bound: a `datetime` as the Julian day. */
export interface BoundValue {
  readonly value: DbValue
  readonly type?: DbType
}

export interface SqliteStatementText {
  readonly sql: string
  readonly values: readonly BoundValue[]
}

export type SqliteTask =
  | { readonly kind: 'open' }
  | ({ readonly kind: 'execute'; readonly types: Readonly<Record<string, DbType>> } & SqliteStatementText)
  | { readonly kind: 'batch'; readonly statements: readonly SqliteStatementText[] }
  | ({ readonly kind: 'scan'; readonly types: Readonly<Record<string, DbType>>; readonly rowsAtOnce: number } & SqliteStatementText)
  | { readonly kind: 'more'; readonly scan: number }
  | { readonly kind: 'endScan'; readonly scan: number }

export interface SqliteRequest {
  readonly id: number
  readonly task: SqliteTask
}

export interface SqliteAnswer {
  readonly columns: readonly DbColumn[]
  readonly rows: readonly (readonly DbValue[])[]
  readonly affectedRows: number
  readonly insertId: number
  readonly hasRows: boolean
  /** Of `scan` and `more`: 0 when there are no more rows. */
  readonly scan: number
  /** Of `open`: whether other programs may use the file at the same time. */
  readonly isShared: boolean
}

export interface SqliteFailure {
  readonly kind: DbError['kind']
  readonly reason: string
}

export type SqliteReply =
  | { readonly id: number; readonly answer: SqliteAnswer }
  | { readonly id: number; readonly failure: SqliteFailure }
