import { isDbError, type Database } from './database.ts'

/** Checks a table's version as Kamailio's table `version` tells it; several may do. A text says what is wrong. */
export async function checkTableVersion(
  database: Database, table: string, wanted: number | readonly number[],
): Promise<string | undefined> {
  const answer = await database.select({ table: 'version', columns: ['table_version'], where: [{ column: 'table_name', value: table }] })
  if (isDbError(answer)) return `the version of table ${table} cannot be read: ${answer.reason}`
  const found = Number(answer.rows[0]?.[0] ?? 0)
  const versions = typeof wanted === 'number' ? [wanted] : wanted
  if (versions.includes(found)) return undefined
  const needed = versions.join(' or ')
  return `table ${table} has version ${found}, and ${needed} is needed: kahea db create makes it, or the scripts of Kamailio 5.6`
}
