/** Values that scripts keep with contacts (xavp_contact), as rows of `location_attrs`. */
import { isDbError, type DbColumnName, type DbRows, type DbValue, type DbWrite } from '../../db/database.ts'
import { XavpTree } from '../../runtime/xavp.ts'
import type { Contact } from './contact.ts'
import { aorHash, type LocationTable } from './location-table.ts'
import { timeType, userAndDomain } from './rows.ts'
import type { Usrloc } from './state.ts'

const TYPE_TEXT = 0
const TYPE_NUMBER = 1

const tableOf = (table: string): string => `${table}_attrs`

/** Rows for a contact's values; none where the feature is off. */
export function insertAttributes(usrloc: Usrloc, table: string, contact: Contact): DbWrite[] {
  if (usrloc.params.xavp_contact === undefined || contact.xavp === undefined) return []
  const { user, domain } = userAndDomain(usrloc, contact.record.aor)
  const writes: DbWrite[] = []
  for (let at = contact.xavp.head; at !== undefined; at = at.next) {
    if (typeof at.value !== 'string' && typeof at.value !== 'number') continue
    const cells = [
      { column: 'username', value: user },
      { column: 'ruid', value: contact.ruid },
      { column: 'last_modified', value: usrloc.now(), type: timeType(usrloc) },
      { column: 'aname', value: at.name },
      { column: 'atype', value: typeof at.value === 'string' ? TYPE_TEXT : TYPE_NUMBER },
      { column: 'avalue', value: String(at.value) },
    ]
    if (domain !== undefined) cells.push({ column: 'domain', value: domain })
    writes.push({ kind: 'insert', table: tableOf(table), cells })
  }
  return writes
}

export function deleteAttributes(usrloc: Usrloc, table: string, aor: string, ruid: string): DbWrite[] {
  if (usrloc.params.xavp_contact === undefined) return []
  const where = [{ column: 'ruid', value: ruid }]
  if (usrloc.params.db_ops_ruid !== 1) {
    const { user, domain } = userAndDomain(usrloc, aor)
    where.push({ column: 'username', value: user })
    if (domain !== undefined) where.push({ column: 'domain', value: domain })
  }
  return [{ kind: 'delete', table: tableOf(table), where }]
}

const COLUMNS: readonly DbColumnName[] = [
  { name: 'username', type: 'string' }, { name: 'ruid', type: 'string' }, { name: 'aname', type: 'string' },
  { name: 'atype', type: 'int' }, { name: 'avalue', type: 'string' }, { name: 'domain', type: 'string' },
]

function addValue(contact: Contact, name: string, type: DbValue, text: string): void {
  if (type !== TYPE_TEXT && type !== TYPE_NUMBER) return
  contact.xavp ??= new XavpTree()
  contact.xavp.add(name, type === TYPE_TEXT ? text : Number.parseInt(text, 10) || 0)
}

/** All values of a table, for contacts that are in memory; rows of others are deleted. */
export async function loadAttributes(usrloc: Usrloc, table: LocationTable): Promise<void> {
  const { database, params, host } = usrloc
  if (database === undefined || params.xavp_contact === undefined) return
  const orphans: DbWrite[] = []
  const take = ({ rows }: DbRows): void => {
    for (const [user, ruid, name, type, value, domain] of rows) {
      const aor = params.use_domain === 0 ? String(user) : `${String(user)}@${String(domain)}`
      const contact = table.byRuid(aorHash(aor), String(ruid))
      if (contact !== undefined) addValue(contact, String(name), type ?? null, String(value))
      else {
        host.log.info('usrloc', 'no contact record for this ruid')
        orphans.push(...deleteAttributes(usrloc, table.name, aor, String(ruid)))
      }
    }
  }
  const columns = params.use_domain === 0 ? COLUMNS.slice(0, 5) : COLUMNS
  const read = await database.scan({ table: tableOf(table.name), columns }, params.fetch_rows, take)
  if (isDbError(read)) host.log.error('usrloc', `db_query failed: ${read.reason}`)
  for (const orphan of orphans) {
    const written = await database.write(orphan)
    if (isDbError(written)) host.log.error('usrloc', `deleting from database failed: ${written.reason}`)
  }
}

/** The values of one contact, where contacts live in the database alone. */
export async function loadAttributesOf(usrloc: Usrloc, table: string, contact: Contact): Promise<void> {
  const { database, params, host } = usrloc
  if (database === undefined || params.xavp_contact === undefined) return
  const found = await database.select({
    table: tableOf(table), columns: COLUMNS.slice(2, 5), where: [{ column: 'ruid', value: contact.ruid }],
  })
  if (isDbError(found)) host.log.error('usrloc', `db_query failed: ${found.reason}`)
  else for (const [name, type, value] of found.rows) addValue(contact, String(name), type ?? null, String(value))
}

