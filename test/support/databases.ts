/** Databases for tests: in memory, or in a folder that goes when the test ends. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { isDbError, type Database, type DbResult, type DbError } from '../../src/db/database.ts'
import { createDatabases } from '../../src/db/databases.ts'
import { sqliteDriver } from '../../src/db/sqlite/sqlite.ts'

/** A value that is no error; an error fails the test with its reason. */
export function good<Value>(value: Value | DbError): Value {
  if (isDbError(value)) throw new Error(`${value.kind}: ${value.reason}`)
  return value
}

/** An SQLite database in memory, with what the statements put into it. */
export async function memoryDatabase(t: TestContext, ...statements: readonly string[]): Promise<Database> {
  const databases = createDatabases()
  databases.register(sqliteDriver())
  t.after(() => databases.close())
  const database = databases.open('sqlite://x/:memory:')
  if (typeof database === 'string') throw new Error(database)
  for (const statement of statements) good(await database.execute(statement))
  return database
}

/** A folder of the test's own. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-db-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function rowsOf(database: Database, sql: string): Promise<DbResult['rows']> {
  return good(await database.execute(sql)).rows
}
