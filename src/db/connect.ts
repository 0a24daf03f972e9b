import { isDbError, type Database, type Databases } from './database.ts'

/** Opens and connects the database of a module; a text says why that fails. */
export async function connectDatabase(databases: Databases, url: string): Promise<Database | string> {
  const database = databases.open(url)
  if (typeof database === 'string') return `unable to bind to a database driver: ${database}`
  const failed = await database.connect()
  return isDbError(failed) ? `unable to connect to the database: ${failed.reason}` : database
}
