/** An SQLite file with Kamailio's own tables in the server's working directory, and what is in it when the server has stopped. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case } from './case-file.ts'
import { intoSlot } from './slots.ts'
import type { StepRecord } from './transcript.ts'

/** Where Debian keeps Kamailio's scripts that create tables. */
const SCRIPTS = '/usr/share/kamailio/db_sqlite'

const sqlite = (path: string, sql: string): string =>
  execFileSync('sqlite3', ['-nullvalue', '<null>', path], { input: sql, encoding: 'latin1' })

/** Makes `kamailio.db` with the tables of the scripts that the case names, and what the `.sql` file beside the case adds. */
export const createDatabase = (item: Case, folder: string, slot: number): void => {
  if (item.tables.length === 0) return
  const scripts = ['standard', ...item.tables].map((name) => readFileSync(join(SCRIPTS, `${name}-create.sql`), 'latin1'))
  const own = item.path.replace(/\.\w+$/, '.sql')
  const rows = existsSync(own) ? intoSlot(readFileSync(own, 'latin1'), slot) : ''
  const path = join(folder, 'kamailio.db')
  sqlite(path, `PRAGMA journal_mode = OFF;\n${scripts.join('\n')}\n${rows}`)
  chmodSync(path, 0o666)
}

/** The rows that the case asks for, once the server has written all it had. */
export const dumpDatabase = (item: Case, folder: string): StepRecord[] => item.dumps.map((sql) => ({
  title: [`== ${sql}`, ...sqlite(join(folder, 'kamailio.db'), sql).split('\n').filter(Boolean).map((row) => `  ${row}`)].join('\n'),
  arrivals: [],
  stderr: '',
}))
