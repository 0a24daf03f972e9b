import type { SqliteOptions } from '../../db/sqlite/sqlite.ts'

const MODES = ['DELETE', 'TRUNCATE', 'PERSIST', 'MEMORY', 'WAL', 'OFF']

/** What the parameters say of each file, by the path as URLs have it; a text says what is wrong. */
export function fileOptions(
  readOnly: readonly string[],
  journalModes: readonly string[],
): ReadonlyMap<string, Partial<SqliteOptions>> | string {
  const files = new Map<string, Partial<SqliteOptions>>()
  for (const path of readOnly) files.set(path, { readOnly: true })
  for (const text of journalModes) {
    const [, path = '', mode = ''] = /^(.+)=\s*(\w+)\s*;?\s*$/.exec(text) ?? []
    if (!MODES.includes(mode.toUpperCase())) return `db_set_journal_mode "${text}" is no path and mode such as /path/kamailio.db=WAL`
    files.set(path, { ...files.get(path), journalMode: mode.toUpperCase() })
  }
  return files
}
