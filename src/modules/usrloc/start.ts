/** Opens the database, reads the tables, and starts the timers. */
import { isDbError, type Database } from '../../db/database.ts'
import { SetupError } from '../../define/define.ts'
import { every } from '../../runtime/timer-process.ts'
import { loadTable } from './load.ts'
import type { LocationTable } from './location-table.ts'
import { ofAor } from './rows.ts'
import { DbMode, type Usrloc } from './state.ts'
import { cleanRows, sweep } from './sweep.ts'

const TABLE_VERSION = 9
/** The start waits so long for the tables; larger ones are read on while the server answers. */
const LOAD_WAIT_MS = 2000

export async function startUsrloc(usrloc: Usrloc): Promise<SetupError | undefined> {
  const { host, params } = usrloc
  for (const name of params.preload) usrloc.table(String(name))
  if (params.ka_mode !== 0) {
    const format = host.prepare.format(params.ka_logmsg)
    if (typeof format === 'string') return new SetupError(`ka_logmsg: ${format}`)
    usrloc.pingLog = format
  }
  if (params.db_mode !== DbMode.none) {
    const problem = await openDatabase(usrloc)
    if (problem !== undefined) return new SetupError(problem)
  }
  startTimers(usrloc)
  return undefined
}

function startTimers(usrloc: Usrloc): void {
  const { host, params } = usrloc
  if (params.timer_interval <= 0) return
  const intervalMs = params.timer_interval * 1000
  usrloc.stopTimers.push(every(host.clock, intervalMs, () => sweep(usrloc)))
  const cleansRows = params.db_timer_clean !== 0 && (params.db_mode === DbMode.writeThrough || params.db_mode === DbMode.writeBack)
  if (!cleansRows) return
  usrloc.stopTimers.push(every(host.clock, intervalMs, async () => {
    for (const table of usrloc.tables) await cleanRows(usrloc, table)
  }))
}

async function openDatabase(usrloc: Usrloc): Promise<string | undefined> {
  const { host, params } = usrloc
  const database = host.databases.open(params.db_url)
  if (typeof database === 'string') return database
  usrloc.database = database
  const failed = await database.connect()
  if (failed !== undefined) return `failed to open database connection: ${failed.reason}`
  for (const table of usrloc.tables) {
    const problem = await checkTable(usrloc, database, table)
    if (problem !== undefined) return problem
  }
  if (params.db_mode === DbMode.only || (params.db_load === 0 && params.db_mode !== DbMode.readOnly)) return undefined
  usrloc.onNewTable = (table) => void loadTable(usrloc, table)
  return loadTables(usrloc)
}

/** Whether the table has the version of Kamailio 5.6, and can be read. */
async function checkTable(usrloc: Usrloc, database: Database, table: LocationTable): Promise<string | undefined> {
  const { params, host } = usrloc
  if (params.version_table !== 0) {
    const problem = await versionProblem(database, host.settings.version_table, table.name)
    if (problem !== undefined) return problem
  }
  const where = ofAor(usrloc, 'dummy_user@dummy_domain')
  const tried = await database.select({ table: table.name, columns: [params.user_column], where })
  return isDbError(tried) ? `testing domain '${table.name}' failed: ${tried.reason}` : undefined
}

async function versionProblem(database: Database, versions: string, name: string): Promise<string | undefined> {
  const found = await database.select({ table: versions, columns: ['table_version'], where: [{ column: 'table_name', value: name }] })
  if (isDbError(found)) return `the version of table ${name} cannot be read: ${found.reason}`
  const version = Number(found.rows[0]?.[0] ?? 0)
  if (version === TABLE_VERSION) return undefined
  return `invalid version ${version} for table ${name} found, expected ${TABLE_VERSION} (check table structure and table "version")`
}

/** Reads all tables; what takes long goes on behind the start. */
async function loadTables(usrloc: Usrloc): Promise<string | undefined> {
  let problem: string | undefined
  const loading = (async () => {
    for (const table of usrloc.tables) {
      if (!(await loadTable(usrloc, table))) problem ??= `failed to preload domain '${table.name}'`
    }
  })()
  await Promise.race([loading, new Promise<void>((resolve) => usrloc.stopTimers.push(usrloc.host.clock.after(LOAD_WAIT_MS, resolve)))])
  return problem
}

/** Writes what is not in the database yet. */
export async function stopUsrloc(usrloc: Usrloc): Promise<void> {
  for (const stop of usrloc.stopTimers.splice(0)) stop()
  await usrloc.sweeping
  if (usrloc.database !== undefined) await sweep(usrloc, true)
}

