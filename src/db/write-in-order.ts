import { isDbError, type DbError, type DbWrite } from './database.ts'

/** One write after the other, until one fails: for databases without transactions that could look first. Gives the rows together. */
export async function writeInOrder(
  write: (statement: DbWrite) => Promise<number | DbError>, statements: readonly DbWrite[],
): Promise<number | DbError> {
  let count = 0
  for (const statement of statements) {
    const changed = await write(statement)
    if (isDbError(changed)) return changed
    count += changed
  }
  return count
}
