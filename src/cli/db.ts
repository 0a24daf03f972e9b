/** `kahea db create URL [group ...]` and `kahea db check URL [group ...]`: Kamailio's tables in a database. */
import { isDbError, type Database, type DbError } from '../db/database.ts'
import { checkTables, createTables, type TableReport } from '../db/schema/create-tables.ts'
import type { SchemaTable } from '../db/schema/notation.ts'
import { schemaGroups, schemaTables, usualGroups } from '../db/schema/schema.ts'
import { allDatabases } from '../server/all-databases.ts'
import type { Terminal } from './main.ts'

const USAGE = `Usage: kahea db create URL [group ...]
       kahea db check URL [group ...]
URL is such as sqlite:////etc/kamailio/kamailio.db, mysql://user:password@host/kamailio, postgres://..., text:///folder,
redis://host:6379/0.
Without groups: the usual ones; "all" is all of them: ${schemaGroups.join(' ')}
`
const FAILED = 255

export async function dbCommand(io: Terminal, words: readonly string[]): Promise<number> {
  const [verb, url, ...groups] = words
  if ((verb !== 'create' && verb !== 'check') || url === undefined) {
    io.err(USAGE)
    return FAILED
  }
  const tables = tablesOf(groups)
  if (typeof tables === 'string') {
    io.err(`kahea: there is no group ${tables}; there are: all ${schemaGroups.join(' ')}\n`)
    return FAILED
  }
  const databases = allDatabases()
  const database = databases.open(url)
  if (typeof database === 'string') {
    io.err(`kahea: ${database}\n`)
    return FAILED
  }
  try {
    return await withDatabase(io, database, verb, tables)
  } finally {
    await databases.close()
  }
}

async function withDatabase(io: Terminal, database: Database, verb: 'create' | 'check', tables: readonly SchemaTable[]): Promise<number> {
  const failure = await database.connect()
  if (failure !== undefined) return tell(io, database, failure)
  const reports = await (verb === 'create' ? createTables : checkTables)(database, tables)
  if (isDbError(reports)) return tell(io, database, reports)
  io.out(drawReports(reports))
  const isRight = reports.every(({ table, state, found }) => state !== 'missing' && found === table.version)
  const made = reports.filter(({ state }) => state === 'made').length
  if (verb === 'create') io.out(`\n${made} tables made, ${reports.length - made} were there.\n`)
  if (!isRight) io.err('Not all tables are as Kamailio 5.6 needs them.\n')
  return isRight ? 0 : 1
}

function tell(io: Terminal, database: Database, { reason }: DbError): number {
  io.err(`kahea: ${database.shownUrl}: ${reason}\n`)
  return FAILED
}

/** The tables of groups, `version` first; a text is the group that there is none of. */
function tablesOf(groups: readonly string[]): readonly SchemaTable[] | string {
  const wanted = groups.includes('all') ? schemaGroups : groups.length === 0 ? usualGroups : ['standard', ...groups]
  const unknown = wanted.find((group) => !schemaGroups.includes(group))
  return unknown ?? schemaTables.filter(({ group }) => wanted.includes(group))
}

function drawReports(reports: readonly TableReport[]): string {
  const width = Math.max(...reports.map(({ table }) => table.name.length))
  const line = (name: string, group: string, version: string, state: string): string =>
    `${name.padEnd(width)}  ${group.padEnd(14)}  ${version.padEnd(8)}  ${state}\n`
  const rows = reports.map(({ table, state, found }) => {
    const hasOther = found !== undefined && found !== table.version
    return line(table.name, table.group, String(table.version), hasOther ? `${state}: it is ${found}` : state)
  })
  return line('table', 'group', 'version', 'state') + rows.join('')
}
