/** Contacts as rows of the table `location`, and back. */
import type { DbCell, DbColumnName, DbCondition, DbType, DbValue, DbWrite } from '../../db/database.ts'
import { withoutBrackets } from '../../base/address.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { ALL_METHODS, ContactFlag, NO_CONNECTION, Q_UNSET, type Contact, type ContactInfo } from './contact.ts'
import { MatchingMode } from './match.ts'
import type { Usrloc } from './state.ts'

const bits = (value: number): number => value >>> 0

/** User and domain of an address as their columns have them; without use_domain, all of it is the user. */
export function userAndDomain(usrloc: Usrloc, aor: string): { readonly user: string; readonly domain: string | undefined } {
  if (usrloc.params.use_domain === 0) return { user: aor, domain: undefined }
  const at = aor.indexOf('@')
  return at < 0 ? { user: '', domain: aor } : { user: aor.slice(0, at), domain: aor.slice(at + 1) }
}

/** Conditions for the rows of an address. */
export function ofAor(usrloc: Usrloc, aor: string): DbCondition[] {
  const { user_column, domain_column } = usrloc.params
  const { user, domain } = userAndDomain(usrloc, aor)
  const where: DbCondition[] = [{ column: user_column, value: user }]
  if (domain !== undefined) where.push({ column: domain_column, value: domain })
  return where
}

export function timeType(usrloc: Usrloc): DbType {
  return usrloc.params.expires_type === 1 ? 'bigint' : 'datetime'
}

export const qValue = (q: number): number => (q === Q_UNSET ? -1 : q / 1000)
export const qOf = (value: number): number => (value === -1 ? Q_UNSET : Math.trunc(value * 1000))

/** What an insert and an update both write. */
function commonCells(usrloc: Usrloc, contact: Contact): DbCell[] {
  const { params } = usrloc
  const time = timeType(usrloc)
  const textOrNull = (column: string, value: string): DbCell => ({ column, value: value === '' ? null : value, type: 'string' })
  return [
    { column: params.contact_column, value: contact.uri },
    { column: params.expires_column, value: contact.expires, type: time },
    { column: params.q_column, value: qValue(contact.q), type: 'double' },
    { column: params.callid_column, value: contact.callId },
    { column: params.cseq_column, value: contact.cseq, type: 'int' },
    { column: params.flags_column, value: contact.flags, type: 'int' },
    { column: params.cflags_column, value: contact.cflags, type: 'int' },
    { column: params.user_agent_column, value: contact.userAgent },
    textOrNull(params.received_column, contact.received),
    textOrNull(params.path_column, contact.path),
    textOrNull(params.socket_column, contact.socketText),
    { column: params.methods_column, value: contact.methods === ALL_METHODS ? null : bits(contact.methods), type: 'bitmap' },
    { column: 'last_modified', value: contact.lastModified, type: time },
    textOrNull(params.instance_column, contact.instance),
    { column: params.reg_id_column, value: contact.regId, type: 'int' },
    { column: params.server_id_column, value: contact.serverId, type: 'int' },
    { column: params.connection_id_column, value: contact.connectionId, type: 'int' },
    { column: params.keepalive_column, value: contact.keepalive, type: 'int' },
  ]
}

/** Kinds of databases that Kamailio lets update where an insert finds its row (db_insert_update); others take it for a plain insert. */
const UPDATING: ReadonlySet<string> = new Set(['mysql', 'postgres'])

export function insertOf(usrloc: Usrloc, table: string, contact: Contact): DbWrite {
  const { params } = usrloc
  const { user, domain } = userAndDomain(usrloc, contact.record.aor)
  const cells: DbCell[] = [{ column: params.user_column, value: user }]
  for (const cell of commonCells(usrloc, contact)) if (cell.value !== null || params.db_insert_null !== 0) cells.push(cell)
  cells.push({ column: params.ruid_column, value: contact.ruid })
  cells.push({ column: params.partition_column, value: nextPartition(usrloc), type: 'int' })
  if (domain !== undefined) cells.push({ column: params.domain_column, value: domain })
  if (params.db_insert_update === 0 || !UPDATING.has(usrloc.database?.scheme ?? '')) return { kind: 'insert', table, cells }
  return { kind: 'insert', table, cells, onDuplicate: 'update', key: [params.ruid_column] }
}

function nextPartition(usrloc: Usrloc): number {
  return usrloc.partitions > 0 ? (usrloc.partitionCount++ + usrloc.host.identity.pid) % usrloc.partitions : 0
}

export function updateOf(usrloc: Usrloc, table: string, contact: Contact): DbWrite {
  const { params } = usrloc
  const where = rowOf(usrloc, contact, true)
  const fixed = new Set(where.map(({ column }) => column))
  fixed.delete(params.contact_column)
  const cells = commonCells(usrloc, contact).filter(({ column }) => !fixed.has(column))
  if (params.db_ops_ruid === 0 && contact.instance === '') cells.push({ column: params.ruid_column, value: contact.ruid })
  return { kind: 'update', table, cells, where }
}

export function deleteOf(usrloc: Usrloc, table: string, contact: Contact): DbWrite {
  return { kind: 'delete', table, where: rowOf(usrloc, contact, false) }
}

/** Conditions for a contact's row; updates find that of a phone with an instance by it. */
function rowOf(usrloc: Usrloc, contact: Contact, isUpdate: boolean): DbCondition[] {
  const { params } = usrloc
  if (params.db_ops_ruid !== 0) return [{ column: params.ruid_column, value: contact.ruid }]
  const where = ofAor(usrloc, contact.record.aor)
  if (isUpdate && contact.instance !== '') {
    where.push({ column: params.instance_column, value: contact.instance })
    where.push({ column: params.reg_id_column, value: contact.regId, type: 'int' })
    return where
  }
  where.push({ column: params.contact_column, value: contact.uri })
  if (params.matching_mode === MatchingMode.contactCallId) where.push({ column: params.callid_column, value: contact.callId })
  if (params.matching_mode === MatchingMode.contactPath) {
    where.push({ column: params.path_column, value: contact.path === '' ? null : contact.path })
  }
  return where
}

/** Whether the contact is to be in the database at all. */
export function isStored(contact: Contact): boolean {
  return (contact.flags & ContactFlag.memoryOnly) === 0
}

/** Columns that are read, in the order in which `readRow` takes them. */
export function readColumns(usrloc: Usrloc): DbColumnName[] {
  const { params } = usrloc
  const time = timeType(usrloc)
  const of = (name: string, type: DbType): DbColumnName => ({ name, type })
  const columns = [
    of(params.user_column, 'string'), of(params.contact_column, 'string'), of(params.expires_column, time),
    of(params.q_column, 'double'), of(params.callid_column, 'string'), of(params.cseq_column, 'int'), of(params.flags_column, 'int'),
    of(params.cflags_column, 'int'), of(params.user_agent_column, 'string'), of(params.received_column, 'string'),
    of(params.path_column, 'string'), of(params.socket_column, 'string'), of(params.methods_column, 'bitmap'), of('last_modified', time),
    of(params.ruid_column, 'string'), of(params.instance_column, 'string'), of(params.reg_id_column, 'int'),
    of(params.server_id_column, 'int'), of(params.connection_id_column, 'int'), of(params.keepalive_column, 'int'),
  ]
  if (params.use_domain !== 0) columns.push(of(params.domain_column, 'string'))
  return columns
}

const textAt = (row: readonly DbValue[], index: number): string => {
  const value = row[index]
  return value === null || value === undefined ? '' : String(value)
}

const numberAt = (row: readonly DbValue[], index: number): number | undefined => {
  const value = row[index]
  return value === null || value === undefined ? undefined : Number(value)
}

/** What may not be empty. */
const NEEDED: readonly (readonly [index: number, complaint: string])[] = [
  [1, 'bad contact'], [2, 'empty expire'], [3, 'empty q'], [5, 'empty cseq_nr'], [4, 'bad callid'], [6, 'empty flag'], [7, 'empty cflag'],
]

export interface StoredContact {
  readonly aor: string
  readonly info: ContactInfo
}

/** A row as a contact; a text says what is wrong with it, undefined leaves it out (skip_remote_socket). */
export function readRow(usrloc: Usrloc, row: readonly DbValue[], keepsConnection: boolean): StoredContact | string | undefined {
  for (const [index, complaint] of NEEDED) if (textAt(row, index) === '') return complaint
  const { params } = usrloc
  const user = textAt(row, 0)
  const domain = textAt(row, 20)
  const socketText = textAt(row, 11)
  const socket = socketText === '' ? undefined : socketNamed(usrloc, socketText)
  if (socketText !== '' && socket === undefined && params.skip_remote_socket !== 0) return undefined
  const info: ContactInfo = {
    uri: textAt(row, 1),
    expires: numberAt(row, 2) ?? 0,
    q: qOf(numberAt(row, 3) ?? -1),
    callId: textAt(row, 4),
    cseq: numberAt(row, 5) ?? 0,
    flags: numberAt(row, 6) ?? 0,
    cflags: numberAt(row, 7) ?? 0,
    userAgent: textAt(row, 8),
    received: textAt(row, 9),
    path: textAt(row, 10),
    socket,
    socketText: socket === undefined ? '' : usrloc.userAgents.get(socketText),
    methods: (numberAt(row, 12) ?? ALL_METHODS) | 0,
    lastModified: numberAt(row, 13) ?? 0,
    ruid: textAt(row, 14),
    instance: textAt(row, 15),
    regId: numberAt(row, 16) ?? 0,
    serverId: numberAt(row, 17) ?? 0,
    connectionId: keepsConnection ? numberAt(row, 18) ?? NO_CONNECTION : NO_CONNECTION,
    xavp: undefined,
  }
  if (info.ruid === '') return `no ruid for aor: ${user}`
  return { aor: params.use_domain === 0 ? user : `${user}@${domain}`, info }
}

function socketNamed(usrloc: Usrloc, text: string) {
  const name = parseSocketName(text)
  return name === undefined ? undefined : usrloc.host.network.socketOf(withoutBrackets(name.host), name.port, name.transport)
}
