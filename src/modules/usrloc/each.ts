/** All contacts, for who pings them: in pieces, so that messages are not kept waiting. */
import { isDbError, type DbCondition } from '../../db/database.ts'
import type { EachOptions } from './api.ts'
import type { Contact } from './contact.ts'
import { addContact } from './memory.ts'
import { AorRecord } from './record.ts'
import { readColumns, readRow, timeType } from './rows.ts'
import { aorHash, type LocationTable } from './location-table.ts'
import type { Usrloc } from './state.ts'

const PIECE = 1000
/** A contact that answers no pings expires so many seconds later. */
const GRACE_S = 10

type Take = (contact: Contact, record: AorRecord) => void

export async function eachContact(usrloc: Usrloc, options: EachOptions, take: Take): Promise<void> {
  for (const table of usrloc.tables) {
    if (usrloc.isDbOnly) await eachRow(usrloc, table, options, take)
    else await eachInMemory(usrloc, table, options, take)
  }
}

async function eachInMemory(usrloc: Usrloc, table: LocationTable, options: EachOptions, take: Take): Promise<void> {
  let seen = 0
  for (let slot = options.part; slot < table.size; slot += options.parts) {
    for (let record = table.firstOf(slot); record !== undefined; record = record.next) {
      for (let at = record.contacts; at !== undefined; at = at.next) {
        seen++
        if (isWanted(usrloc, at, options)) take(at, record)
      }
    }
    if (seen < PIECE) continue
    seen = 0
    await new Promise<void>((resolve) => usrloc.host.clock.after(1, resolve))
  }
}

function isWanted(usrloc: Usrloc, contact: Contact, { flags, isOwnOnly }: EachOptions): boolean {
  if ((contact.cflags & flags) !== flags) return false
  if (isOwnOnly && contact.serverId !== usrloc.host.settings.server_id) return false
  const timeout = usrloc.keepaliveTimeout
  if (timeout <= 0 || contact.lastKeepalive <= 0 || contact.socket?.transport !== 'udp') return true
  const now = usrloc.now()
  if (contact.lastKeepalive + timeout >= now) return true
  if (contact.expires > now + GRACE_S) contact.expires = now + GRACE_S
  return false
}

async function eachRow(usrloc: Usrloc, table: LocationTable, options: EachOptions, take: Take): Promise<void> {
  const { database, params, host } = usrloc
  if (database === undefined) return
  const where: DbCondition[] = [
    { column: params.expires_column, operator: '>', value: usrloc.now(), type: timeType(usrloc) },
    { column: params.partition_column, value: usrloc.partitions > 0 ? options.part : 0, type: 'int' },
  ]
  if ((options.flags & usrloc.natFlag) !== 0) where.push({ column: params.keepalive_column, value: 1, type: 'int' })
  if (options.isOwnOnly) where.push({ column: params.server_id_column, value: host.settings.server_id, type: 'int' })
  const read = await database.scan({ table: table.name, columns: readColumns(usrloc), where }, params.fetch_rows, ({ rows }) => {
    for (const row of rows) {
      const stored = readRow(usrloc, row, true)
      if (stored === undefined || typeof stored === 'string') continue
      const record = new AorRecord(stored.aor, aorHash(stored.aor))
      take(addContact(usrloc, table, record, stored.info.uri, stored.info), record)
    }
  })
  if (isDbError(read)) host.log.error('usrloc', `query error: ${read.reason}`)
}
