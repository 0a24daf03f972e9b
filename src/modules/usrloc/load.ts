/** Contacts from the database: the whole table at start, or those of an address when it is asked for. */
import { isDbError, type DbCondition, type DbRows } from '../../db/database.ts'
import { loadAttributes, loadAttributesOf } from './attributes.ts'
import { ContactState, type Contact } from './contact.ts'
import { aorHash, type LocationTable } from './location-table.ts'
import { addContact } from './memory.ts'
import { AorRecord } from './record.ts'
import { ofAor, readColumns, readRow, type StoredContact } from './rows.ts'
import type { Usrloc } from './state.ts'

/** Whether an address's contacts are to be read before anything is done with them. */
export function mustLoad(usrloc: Usrloc, table: LocationTable, aor: string): boolean {
  return usrloc.isDbOnly || (table.loading !== undefined && !table.loading.has(aor))
}

/** The contacts of an address as the database has them; undefined when there are none, or it cannot be asked. */
export async function loadRecord(usrloc: Usrloc, table: LocationTable, aor: string): Promise<AorRecord | undefined> {
  const record = await selectRecord(usrloc, table, aor, ofAor(usrloc, aor))
  if (usrloc.isDbOnly || table.loading?.has(aor) !== false) return usrloc.isDbOnly ? record : table.get(aor)
  if (record === undefined) return table.get(aor)
  // The whole table is being read: this address is done with.
  table.loading.add(aor)
  return adopt(usrloc, table, record)
}

/** Takes over what is not in memory yet: some rows of the address may have been read with the others. */
function adopt(usrloc: Usrloc, table: LocationTable, record: AorRecord): AorRecord {
  const kept = table.get(record.aor) ?? table.add(record.aor)
  for (let at = record.contacts; at !== undefined; at = at.next) {
    if (!kept.has(at.ruid)) addContact(usrloc, table, kept, at.uri, at).state = ContactState.sync
  }
  return kept
}

async function selectRecord(
  usrloc: Usrloc, table: LocationTable, aor: string | undefined, where: readonly DbCondition[],
): Promise<AorRecord | undefined> {
  const { database, params, host } = usrloc
  if (database === undefined) return undefined
  const orderBy = params.desc_time_order === 0 ? params.q_column : 'last_modified'
  const found = await database.select({ table: table.name, columns: readColumns(usrloc), where, orderBy })
  if (isDbError(found)) {
    host.log.error('usrloc', `db_query failed: ${found.reason}`)
    return undefined
  }
  let record: AorRecord | undefined
  for (const row of found.rows) {
    const stored = accepted(usrloc, table, readRow(usrloc, row, true), String(row[0]))
    if (stored === undefined) continue
    record ??= new AorRecord(aor ?? stored.aor, aorHash(aor ?? stored.aor))
    addContact(usrloc, table, record, stored.info.uri, stored.info).state = ContactState.sync
  }
  for (let at = record?.contacts; at !== undefined; at = at.next) await loadAttributesOf(usrloc, table.name, at)
  return record
}

/** A contact by its own name, from the database. */
export async function loadByRuid(usrloc: Usrloc, table: LocationTable, hash: number, ruid: string): Promise<Contact | undefined> {
  const record = await selectRecord(usrloc, table, undefined, [{ column: usrloc.params.ruid_column, value: ruid }])
  return record?.hash === (hash | 0) ? record.contacts : undefined
}

function accepted(
  usrloc: Usrloc, table: LocationTable, stored: StoredContact | string | undefined, user: string,
): StoredContact | undefined {
  if (typeof stored !== 'string') return stored
  usrloc.host.log.error('usrloc', `${stored}: skipping record for ${user} in table ${table.name}`)
  return undefined
}

/** Reads a whole table into memory, some rows at a time; what is asked for meanwhile is read by itself. False when it cannot. */
export async function loadTable(usrloc: Usrloc, table: LocationTable): Promise<boolean> {
  const { database, params, host } = usrloc
  if (database === undefined) return false
  table.loading = new Set()
  if (params.db_clean_tcp !== 0) await deleteConnections(usrloc, table)
  const where: DbCondition[] = []
  if (params.server_id_filter !== 0) {
    host.log.notice('usrloc', `filtered by server_id[${host.settings.server_id}]`)
    where.push({ column: params.server_id_column, value: host.settings.server_id, type: 'int' })
  }
  const take = ({ rows }: DbRows): void => {
    for (const row of rows) takeRow(usrloc, table, accepted(usrloc, table, readRow(usrloc, row, false), String(row[0])))
  }
  const startMs = host.clock.now()
  const read = await database.scan({ table: table.name, columns: readColumns(usrloc), where }, params.fetch_rows, take)
  if (isDbError(read)) host.log.error('usrloc', `failed to preload domain '${table.name}': ${read.reason}`)
  else await loadAttributes(usrloc, table)
  table.loading = undefined
  host.log.info('usrloc', `${table.contacts} contacts of table ${table.name} were read in ${host.clock.now() - startMs} ms`)
  return !isDbError(read)
}

function takeRow(usrloc: Usrloc, table: LocationTable, stored: StoredContact | undefined): void {
  if (stored === undefined || table.loading?.has(stored.aor) !== false) return
  const record = table.get(stored.aor) ?? table.add(stored.aor)
  // It may have been registered and written while the table was being read.
  if (record.has(stored.info.ruid)) return
  addContact(usrloc, table, record, stored.info.uri, stored.info).state = ContactState.sync
}

async function deleteConnections(usrloc: Usrloc, table: LocationTable): Promise<void> {
  const { database, params, host } = usrloc
  const where: DbCondition[] = [{ column: params.connection_id_column, operator: '>', value: 0, type: 'int' }]
  if (params.server_id_filter !== 0) where.push({ column: params.server_id_column, value: host.settings.server_id, type: 'int' })
  const written = await database?.write({ kind: 'delete', table: table.name, where })
  if (isDbError(written)) host.log.error('usrloc', `deleting from database failed: ${written.reason}`)
}
