/** What the log says when a query fails: the driver's line, the interface's and the module's, as Kamailio writes them. */
import type { Database, DbError } from '../db/database.ts'
import type { Host } from './host.ts'

/** What drivers put in front of the database's own words where a statement is refused. */
const REFUSALS: Readonly<Record<string, string>> = { sqlite: 'failed to prepare statement: ', mysql: 'driver error on query: ' }

export function logQueryFailure(host: Host, database: Database, error: DbError, module: string, text = 'failed to query database'): void {
  const prefix = error.kind === 'refused' ? REFUSALS[database.scheme] ?? '' : ''
  host.log.error(`db_${database.scheme}`, `${prefix}${error.reason}`)
  host.log.error('<core>', 'error while submitting query')
  host.log.error(module, text)
}
