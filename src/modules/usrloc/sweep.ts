/** The timer: what has expired goes, what is not in the database yet is written. In pieces, so that messages are not kept waiting. */
import { isDbError, type DbCondition, type DbWrite } from '../../db/database.ts'
import { deleteAttributes, insertAttributes } from './attributes.ts'
import { deleteStatements, updateStatements } from './change.ts'
import { ContactFlag, ContactState, REMOVED, type Contact } from './contact.ts'
import { pingContacts } from './keepalive.ts'
import type { LocationTable } from './location-table.ts'
import { addContact, removeContact } from './memory.ts'
import { AorRecord } from './record.ts'
import { insertOf, isStored, readColumns, readRow, timeType } from './rows.ts'
import { DbMode, type Usrloc } from './state.ts'

/** Contacts that are looked at before messages have a turn, and statements that are sent together. */
const PIECE = 1000
const STATEMENTS_MAX = 200

/** What a contact needs in the database; `state` is that of before. */
interface Pending {
  readonly contact: Contact
  readonly state: number
  readonly statements: readonly DbWrite[]
}

/** One look at all tables; a second call while one runs gets that one. */
export function sweep(usrloc: Usrloc, isLast = false): Promise<void> {
  usrloc.sweeping ??= sweepTables(usrloc, isLast).finally(() => {
    usrloc.sweeping = undefined
  })
  return usrloc.sweeping
}

async function sweepTables(usrloc: Usrloc, isLast: boolean): Promise<void> {
  for (const table of usrloc.tables) {
    if (usrloc.isDbOnly) await cleanRows(usrloc, table)
    else await sweepTable(usrloc, table, isLast)
  }
}

async function sweepTable(usrloc: Usrloc, table: LocationTable, isLast: boolean): Promise<void> {
  const pending: Pending[] = []
  let seen = 0
  for (let slot = 0; slot < table.size; slot++) {
    for (let record = table.firstOf(slot); record !== undefined; ) {
      const { next } = record
      // Somebody is changing it: the next look is soon enough.
      if (!table.busy.has(record.aor)) {
        seen += sweepRecord(usrloc, table, record, pending)
        if (record.contacts === undefined) table.drop(record)
        else if (usrloc.params.ka_mode !== 0 && !isLast) pingContacts(usrloc, record)
      }
      record = next
      if (pending.length >= STATEMENTS_MAX) await flush(usrloc, pending)
    }
    if (seen >= PIECE) {
      seen = 0
      await pause(usrloc)
    }
  }
  await flush(usrloc, pending)
}

function pause(usrloc: Usrloc): Promise<void> {
  return new Promise((resolve) => usrloc.host.clock.after(1, resolve))
}

function sweepRecord(usrloc: Usrloc, table: LocationTable, record: AorRecord, pending: Pending[]): number {
  const now = usrloc.now()
  let count = 0
  for (let at = record.contacts; at !== undefined; count++) {
    const { next } = at
    if (!usrloc.hasItsConnection(at)) at.expires = REMOVED
    if (!at.isValid(now)) expire(usrloc, table, at, pending)
    else if (isWritten(usrloc) && at.state !== ContactState.sync) writeLater(usrloc, table, at, pending)
    at = next
  }
  return count
}

/** Whether rows are written by the timer: in mode 1, those that could not be written at once. */
function isWritten({ params }: Usrloc): boolean {
  return params.db_mode === DbMode.writeThrough || params.db_mode === DbMode.writeBack
}

function expire(usrloc: Usrloc, table: LocationTable, contact: Contact, pending: Pending[]): void {
  if ((contact.flags & ContactFlag.expiryTold) === 0) usrloc.tell('expire', contact, table)
  contact.flags |= ContactFlag.expiryTold
  if (usrloc.params.close_expired_tcp !== 0 && contact.connectionId >= 0) usrloc.host.network.closeConnection(contact.connectionId)
  if (isWritten(usrloc) && contact.state !== ContactState.new && isStored(contact)) {
    pending.push({ contact, state: contact.state, statements: deleteStatements(usrloc, table.name, contact) })
  }
  removeContact(table, contact)
  table.expired.increment()
}

function writeLater(usrloc: Usrloc, table: LocationTable, contact: Contact, pending: Pending[]): void {
  const { state } = contact
  contact.state = ContactState.sync
  if (!isStored(contact)) return
  const statements = state === ContactState.dirty
    ? updateStatements(usrloc, table.name, contact)
    : [insertOf(usrloc, table.name, contact), ...insertAttributes(usrloc, table.name, contact)]
  pending.push({ contact, state, statements })
}

/** All together; when that fails, one by one, so that a faulty row does not keep the others away. */
async function flush(usrloc: Usrloc, pending: Pending[]): Promise<void> {
  const { database, host } = usrloc
  const group = pending.splice(0)
  if (group.length === 0 || database === undefined) return
  const all = await database.batch(group.flatMap(({ statements }) => statements))
  if (!isDbError(all)) return
  const isAway = all.kind === 'unavailable' || all.kind === 'timeout'
  for (const { contact, state, statements } of group) {
    const written = isAway ? all : await database.batch(statements)
    if (!isDbError(written)) continue
    host.log.error('usrloc', `writing a contact into the database failed (aor: ${contact.record.aor}): ${written.reason}`)
    contact.state = state
  }
}

/** Rows that have expired, of contacts that are in the database alone (or with db_timer_clean). */
export async function cleanRows(usrloc: Usrloc, table: LocationTable): Promise<void> {
  const { database, host } = usrloc
  if (database === undefined) return
  if (usrloc.isDbOnly && usrloc.listeners.expire.length > 0) await tellOfExpired(usrloc, table)
  const written = await database.write({ kind: 'delete', table: table.name, where: expiredRows(usrloc) })
  if (isDbError(written)) host.log.error('usrloc', `failed to delete from table ${table.name}: ${written.reason}`)
}

function expiredRows(usrloc: Usrloc): DbCondition[] {
  const { params, host } = usrloc
  const type = timeType(usrloc)
  const where: DbCondition[] = [
    { column: params.expires_column, operator: '<', value: usrloc.now() + 1 - Math.max(0, params.rm_expired_delay), type },
    { column: params.expires_column, operator: '!=', value: 0, type },
  ]
  if (params.server_id_filter !== 0) where.push({ column: params.server_id_column, value: host.settings.server_id, type: 'int' })
  return where
}

async function tellOfExpired(usrloc: Usrloc, table: LocationTable): Promise<void> {
  const { database, host, params } = usrloc
  if (database === undefined) return
  const deletions: DbWrite[] = []
  const query = { table: table.name, columns: readColumns(usrloc), where: expiredRows(usrloc) }
  const read = await database.scan(query, params.fetch_rows, ({ rows }) => {
    for (const row of rows) {
      const stored = readRow(usrloc, row, false)
      if (stored === undefined || typeof stored === 'string') continue
      const contact = addContact(usrloc, table, new AorRecord(stored.aor, 0), stored.info.uri, stored.info)
      usrloc.tell('expire', contact, table)
      deletions.push(...deleteAttributes(usrloc, table.name, stored.aor, contact.ruid))
    }
  })
  if (isDbError(read)) host.log.error('usrloc', `db_query failed: ${read.reason}`)
  for (const deletion of deletions) await database.write(deletion)
}
