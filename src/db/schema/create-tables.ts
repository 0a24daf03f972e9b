/** Makes Kamailio's tables in a database, or looks whether they are there and right. */
import { isDbError, type Database, type DbError } from '../database.ts'
import type { SchemaTable } from './notation.ts'
import { createTableSql, type SqlKind } from './table-sql.ts'

export type TableState = 'made' | 'kept' | 'missing' | 'right' | 'wrong version'

export interface TableReport {
  readonly table: SchemaTable
  readonly state: TableState
  /** As the table `version` says; undefined when it says nothing. */
  readonly found: number | undefined
}

const isSqlKind = (scheme: string): scheme is SqlKind => scheme === 'mysql' || scheme === 'postgres' || scheme === 'sqlite'

const hasTables = ({ scheme }: Database): boolean => isSqlKind(scheme) || scheme === 'text'

/** Versions by table; empty when there is no table of versions. */
export async function readVersions(database: Database): Promise<ReadonlyMap<string, number> | DbError> {
  const answer = await database.select({ table: 'version', columns: ['table_name', 'table_version'] })
  if (!isDbError(answer)) return new Map(answer.rows.map(([name, version]) => [String(name), Number(version)]))
  return answer.kind === 'unavailable' || answer.kind === 'timeout' ? answer : new Map()
}

/** Tables that the database has already stay as they are. */
export async function createTables(database: Database, tables: readonly SchemaTable[]): Promise<readonly TableReport[] | DbError> {
  const versions = await readVersions(database)
  if (isDbError(versions)) return versions
  const reports: TableReport[] = []
  for (const table of tables) {
    const found = versions.get(table.name)
    if (found !== undefined || await exists(database, table)) {
      reports.push({ table, state: 'kept', found })
      continue
    }
    const failure = await createTable(database, table)
    if (failure !== undefined) return failure
    reports.push({ table, state: 'made', found: table.version })
  }
  return reports
}

export async function checkTables(database: Database, tables: readonly SchemaTable[]): Promise<readonly TableReport[] | DbError> {
  const versions = await readVersions(database)
  if (isDbError(versions)) return versions
  const reports: TableReport[] = []
  for (const table of tables) {
    const found = versions.get(table.name)
    const isThere = found !== undefined && (!hasTables(database) || await exists(database, table))
    reports.push({ table, found, state: !isThere ? 'missing' : found === table.version ? 'right' : 'wrong version' })
  }
  return reports
}

/** In stores without tables what `version` says is all there is to know. */
async function exists(database: Database, table: SchemaTable): Promise<boolean> {
  if (!hasTables(database)) return false
  const [first] = table.columns
  // No row has it; what counts is that the question is understood.
  const where = first === undefined ? [] : [{ column: first.name, value: -1 }]
  return !isDbError(await database.select({ table: table.name, columns: table.columns.map(({ name }) => name), where }))
}

async function createTable(database: Database, table: SchemaTable): Promise<DbError | undefined> {
  if (isSqlKind(database.scheme)) {
    for (const sql of createTableSql(table, database.scheme)) {
      const answer = await database.execute(sql)
      if (isDbError(answer)) return answer
    }
  } else {
    const failure = await database.createTable?.(table)
    if (failure !== undefined) return failure
  }
  const cells = [{ column: 'table_name', value: table.name }, { column: 'table_version', value: table.version }]
  const written = await database.write({ kind: 'insert', table: 'version', cells })
  return isDbError(written) ? written : undefined
}
