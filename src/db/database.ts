/**
 * One database, whatever kind it is: Kamailio's database interface (lib/srdb1) as promises. Nothing here rejects: what
 * went wrong is a `DbError`. Texts are byte strings, one character a byte, on the way in and on the way out.
 */

import type { SchemaTable } from './schema/notation.ts'

/** Kamailio's column types. A `datetime` is a number of seconds since 1970. */
export type DbType = 'int' | 'bigint' | 'double' | 'string' | 'blob' | 'datetime' | 'bitmap'

export type DbValue = string | number | null

/** A column with a value to write, or to set. */
export interface DbCell {
  readonly column: string
  readonly value: DbValue
  /** Needed for `datetime` and `double`; otherwise a text is a `string` and a number an `int`. */
  readonly type?: DbType
}

/** A column to compare with a value; a comparison with null is `IS NULL` or, with `!=`, `IS NOT NULL`. */
export interface DbCondition extends DbCell {
  readonly operator?: '=' | '!=' | '<' | '<=' | '>' | '>='
}

export interface DbSelect {
  readonly table: string
  /** Empty for all of them. */
  readonly columns: readonly DbColumnName[]
  /** All of them hold. */
  readonly where?: readonly DbCondition[]
  /** A column, with ` DESC` behind it for the largest first. */
  readonly orderBy?: string
}

/** A column by name, with its type where the database may not know it (a `datetime` of SQLite or a text file). */
export type DbColumnName = string | { readonly name: string; readonly type: DbType }

export interface DbColumn {
  readonly name: string
  readonly type: DbType
}

export interface DbRows {
  readonly columns: readonly DbColumn[]
  readonly rows: readonly (readonly DbValue[])[]
}

/** What a statement gave: rows of a query, or how many rows it changed. */
export interface DbResult extends DbRows {
  readonly affectedRows: number
  /** The key made by AUTO_INCREMENT; 0 where there is none. */
  readonly insertId: number
  /** Whether there is a result set, be it an empty one. */
  readonly hasRows: boolean
}

export class DbError {
  /**
   * `unavailable`: no connection, or it broke. `timeout`: no answer in time. `duplicate`: a unique key is there already.
   * `refused`: the database understood and said no. `unsupported`: this kind of database cannot do that.
   */
  readonly kind: 'unavailable' | 'timeout' | 'duplicate' | 'refused' | 'unsupported'
  readonly reason: string

  constructor(kind: DbError['kind'], reason: string) {
    this.kind = kind
    this.reason = reason
  }
}

export const isDbError = (value: unknown): value is DbError => value instanceof DbError

/**
 * What becomes of a row that collides with a unique key: `fail` gives an error of kind `duplicate`, `replace` puts the
 * new row in place of the old one, `ignore` keeps the old one, `update` sets the given cells in the old one.
 */
export type OnDuplicate = 'fail' | 'replace' | 'ignore' | 'update'

/** One of several statements that are done together (`batch`). */
export type DbWrite =
  | {
    readonly kind: 'insert'
    readonly table: string
    readonly cells: readonly DbCell[]
    readonly onDuplicate?: OnDuplicate
    /** The unique key's columns, for `replace` and `update` where the database must be told (PostgreSQL, Redis, text). */
    readonly key?: readonly string[]
  }
  | { readonly kind: 'update'; readonly table: string; readonly cells: readonly DbCell[]; readonly where: readonly DbCondition[] }
  | { readonly kind: 'delete'; readonly table: string; readonly where: readonly DbCondition[] }

/** A handle on a database. All who name the same URL share one, with its pool of connections. */
export interface Database {
  /** `sqlite`, `mysql`, `postgres`, `redis`, `text`, `mongodb`. */
  readonly scheme: string
  /** The URL without its password, for the log. */
  readonly shownUrl: string
  /** Whether it takes SQL (`execute`). */
  readonly hasSql: boolean
  /** Connects, or says why that fails; what is asked before waits for it. */
  connect(): Promise<DbError | undefined>
  select(query: DbSelect): Promise<DbRows | DbError>
  /**
   * Reads a whole table, some rows at a time, so that the server goes on meanwhile; `take` may say when it is ready for more.
   * Gives the number of rows.
   */
  scan(query: DbSelect, rowsAtOnce: number, take: (rows: DbRows) => void | Promise<void>): Promise<number | DbError>
  /** Gives the number of rows that were written, changed or deleted. */
  write(statement: DbWrite): Promise<number | DbError>
  /** Several writes in order and, where the database can, in one transaction: all or none. Gives the numbers of rows together. */
  batch(statements: readonly DbWrite[]): Promise<number | DbError>
  /** A statement in the database's own SQL; each `?` outside of quotes stands for the next value, which is bound, never pasted. */
  execute(sql: string, values?: readonly DbValue[]): Promise<DbResult | DbError>
  /** Makes one of Kamailio's tables, where that is not done in SQL (text files, Redis). */
  createTable?(table: SchemaTable): Promise<DbError | undefined>
  close(): Promise<void>
}

/** Makes databases of one kind; the modules `db_*` register them. */
export interface DbDriver {
  /** Schemes of URLs that it is for. */
  readonly schemes: readonly string[]
  /** A text says what is wrong with the URL. */
  open(url: DbUrl): Database | string
}

/** A URL in Kamailio's form, in its parts. */
export interface DbUrl {
  /** As written. */
  readonly text: string
  readonly scheme: string
  readonly user: string
  readonly password: string
  readonly host: string
  /** 0 for the usual one. */
  readonly port: number
  /** Name of the database, or path of the file or folder. */
  readonly database: string
}

/** The databases of a server. */
export interface Databases {
  register(driver: DbDriver): void
  /**
   * The database of a URL, not connected yet; the same URL gives the same one. A text says why there is none: a URL that
   * cannot be read, or a kind whose module is not loaded.
   */
  open(url: string): Database | string
  /** Closes all of them. */
  close(): Promise<void>
}
