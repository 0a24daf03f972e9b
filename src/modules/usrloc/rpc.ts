/** Commands that look into the tables and change them. */
import { isDbError } from '../../db/database.ts'
import { RpcDouble, RpcFault, RpcStruct, type RpcAnswer, type RpcDef } from '../../define/define.ts'
import { changeRecord, withRecord } from './change.ts'
import { ContactState, NO_CONNECTION, PERMANENT, REMOVED, type Contact, type ContactInfo } from './contact.ts'
import type { LocationTable } from './location-table.ts'
import { findByMode } from './match.ts'
import type { AorRecord } from './record.ts'
import { qOf, qValue } from './rows.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { socketText } from './socket-text.ts'
import { DbMode, type Usrloc } from './state.ts'
import { sweep } from './sweep.ts'

type Params = readonly (string | number)[]

const fault = (reason: string): RpcFault => new RpcFault(500, reason)
const NO_TABLE = fault('Domain table not found')
const NO_DOMAIN = fault('Domain missing in AOR')

/** Call-ID, Path and CSeq that commands search with, so that they never meet those of a phone. */
const OWN = { callId: 'dfjrewr12386fd6-343@kamailio.rpc', path: 'dummypath', cseq: 1 }
const SEARCH = { ...OWN, cseq: OWN.cseq + 1 }
const USER_AGENT = 'kamailio SIP Router - RPC Server'

const setOr = (text: string): string => text || '[not set]'

const STATES: Readonly<Record<number, string>> = {
  [ContactState.new]: 'CS_NEW', [ContactState.sync]: 'CS_SYNC', [ContactState.dirty]: 'CS_DIRTY',
}

function expiresOf(contact: Contact, now: number): string | number {
  if (contact.expires === PERMANENT) return 'permanent'
  if (contact.expires === REMOVED) return 'deleted'
  return now > contact.expires ? 'expired' : contact.expires - now
}

function contactStruct(contact: Contact, now: number): RpcStruct {
  return new RpcStruct()
    .add('Address', contact.uri)
    .add('Expires', expiresOf(contact, now))
    .add('Q', new RpcDouble(qValue(contact.q)))
    .add('Call-ID', contact.callId)
    .add('CSeq', contact.cseq)
    .add('User-Agent', setOr(contact.userAgent))
    .add('Received', setOr(contact.received))
    .add('Path', setOr(contact.path))
    .add('State', STATES[contact.state] ?? 'CS_UNKNOWN')
    .add('Flags', contact.flags >>> 0)
    .add('CFlags', contact.cflags >>> 0)
    .add('Socket', setOr(contact.socketText))
    .add('Methods', contact.methods >>> 0)
    .add('Ruid', setOr(contact.ruid))
    .add('Instance', setOr(contact.instance))
    .add('Reg-Id', contact.regId)
    .add('Server-Id', contact.serverId)
    .add('Tcpconn-Id', contact.connectionId)
    .add('Keepalive', contact.keepalive)
    .add('Last-Keepalive', contact.lastKeepalive)
    .add('KA-Roundtrip', contact.roundTrip)
    .add('Last-Modified', contact.lastModified)
}

function contactList(record: AorRecord, now: number, isOnlyValid: boolean): RpcStruct[] {
  const list: RpcStruct[] = []
  for (let at = record.contacts; at !== undefined; at = at.next) {
    if (!isOnlyValid || at.isValid(now)) list.push(new RpcStruct().add('Contact', contactStruct(at, now)))
  }
  return list
}

function tableStruct(usrloc: Usrloc, table: LocationTable, isBrief: boolean): RpcStruct {
  const now = usrloc.now()
  const records: RpcStruct[] = []
  for (const record of table.records()) {
    if (isBrief) records.push(new RpcStruct().add('AoR', record.aor))
    else {
      const info = new RpcStruct().add('AoR', record.aor).add('HashID', record.hash >>> 0).add('Contacts', contactList(record, now, false))
      records.push(new RpcStruct().add('Info', info))
    }
  }
  let most = 0
  for (let slot = 0; slot < table.size; slot++) most = Math.max(most, table.countOf(slot))
  return new RpcStruct()
    .add('Domain', table.name)
    .add('Size', table.size)
    .add('AoRs', records)
    .add('Stats', new RpcStruct().add('Records', table.users).add('Max-Slots', most))
}

/** The address as the tables have it; undefined where its domain is missing. */
function aorOf(usrloc: Usrloc, text: string): string | undefined {
  const at = text.indexOf('@')
  if (usrloc.params.use_domain !== 0 && at < 0) return undefined
  const aor = usrloc.params.use_domain === 0 && at >= 0 ? text.slice(0, at) : text
  return usrloc.isCaseSensitive() ? aor : aor.toLowerCase()
}

type Work = (table: LocationTable, aor: string) => RpcAnswer | Promise<RpcAnswer>

/** Finds table and address, which are the first parameters of a command. */
function onAor(usrloc: Usrloc, params: Params, needed: number, complaint: string, work: Work): RpcAnswer | Promise<RpcAnswer> {
  const [name, address] = params
  // Numbers are no names, as in Kamailio: `s:123` writes one as a text.
  if (params.length < needed || typeof name !== 'string' || typeof address !== 'string') return fault(complaint)
  if (needed > 2 && typeof params[2] !== 'string') return fault(complaint)
  const table = usrloc.tableNamed(name)
  if (table === undefined) return NO_TABLE
  const aor = aorOf(usrloc, address)
  return aor === undefined ? NO_DOMAIN : work(table, aor)
}

function lookup(usrloc: Usrloc, table: LocationTable, aor: string): RpcAnswer | Promise<RpcAnswer> {
  return withRecord<RpcAnswer>(usrloc, table, aor, (record) => {
    if (record === undefined) return fault('AOR not found in location table')
    const contacts = contactList(record, usrloc.now(), true)
    return contacts.length === 0 ? fault('AOR has no contacts') : [new RpcStruct().add('AoR', aor).add('Contacts', contacts)]
  })
}

function removeAor(usrloc: Usrloc, table: LocationTable, aor: string): RpcAnswer | Promise<RpcAnswer> {
  return changeRecord<void, RpcAnswer>(
    usrloc, table, aor, (change) => change.removeAll(), (_, failure) => (failure === undefined ? [] : fault('Failed to delete AOR')),
  )
}

function removeContactOf(usrloc: Usrloc, table: LocationTable, aor: string, uri: string): RpcAnswer | Promise<RpcAnswer> {
  return changeRecord<RpcFault | undefined, RpcAnswer>(usrloc, table, aor, (change) => {
    if (change.record === undefined) return new RpcFault(404, 'AOR not found')
    const found = findByMode(usrloc.params, change.record, uri, SEARCH, usrloc.now())
    if (found === 'none') return new RpcFault(404, 'Contact not found')
    if (typeof found === 'string') return fault('Internal error (can\'t get contact)')
    change.remove(found)
    change.close()
    return undefined
  }, (problem, failure) => problem ?? (failure === undefined ? [] : fault('Internal error (can\'t delete contact)')))
}

/** `.` and `0` stand for parameters that are left out. */
const given = (value: string | number | undefined): string => {
  const text = value === undefined ? '' : String(value)
  return text === '.' || text === '0' ? '' : text
}

/** q goes through a float, as in Kamailio. */
function infoOf(usrloc: Usrloc, params: Params): ContactInfo | undefined {
  const numbers = [3, 4, 6, 7, 8].map((index) => Number(params[index]))
  const [expires = 0, q = 0, flags = 0, cflags = 0, methods = 0] = numbers
  const texts = [params[5], params[9] ?? '', params[10] ?? '']
  if (numbers.some(Number.isNaN) || texts.some((text) => typeof text !== 'string')) return undefined
  const { settings, network } = usrloc.host
  const name = parseSocketName(given(params[10]))
  const socket = name === undefined ? undefined : network.socketOf(name.host, name.port, name.transport)
  return {
    uri: String(params[2]), expires: expires === 0 ? PERMANENT : expires + usrloc.now(), q: qOf(Math.fround(q)),
    callId: OWN.callId, cseq: OWN.cseq,
    flags, cflags, methods: methods | 0, userAgent: USER_AGENT, received: given(params[9]), path: given(params[5]), socket,
    socketText: socket === undefined ? '' : socketText(socket), instance: '', regId: 0, ruid: usrloc.newRuid(),
    serverId: settings.server_id, connectionId: NO_CONNECTION, lastModified: 0, xavp: undefined,
  }
}

function addOf(usrloc: Usrloc, params: Params, table: LocationTable, aor: string): RpcAnswer | Promise<RpcAnswer> {
  const info = infoOf(usrloc, params)
  if (info === undefined) return fault('Not enough parameters or wrong format')
  return changeRecord<RpcFault | undefined, RpcAnswer>(usrloc, table, aor, (change) => {
    const { record } = change
    const found = record === undefined ? 'none' : findByMode(usrloc.params, record, info.uri, SEARCH, usrloc.now())
    if (found === 'outdated' || found === 'repeated') return fault('Can\'t get record')
    if (found === 'none') change.insert(info)
    else change.update(found, info)
    return undefined
  }, (problem, failure) => problem ?? (failure === undefined ? [] : fault(`Can't ${failure} contact`)))
}

/** A number that the database counts. */
function count(usrloc: Usrloc, params: Params, what: string, where: string): RpcAnswer | Promise<RpcAnswer> {
  const { database } = usrloc
  if (usrloc.params.db_mode === DbMode.none || database === undefined) return fault('Command is not supported in db_mode=0')
  const [table] = params
  if (typeof table !== 'string') return fault('Not enough parameters (table to lookup)')
  if (!database.hasSql) return fault('Database does not support raw queries')
  // The name cannot be bound: only what can be no more than a name is taken.
  if (!/^[A-Za-z0-9_]{1,64}$/.test(table)) return fault('Failed to use table')
  return database.execute(`SELECT ${what} FROM ${table} WHERE ${where}`).then((found) => {
    if (isDbError(found)) return fault(what.includes('DISTINCT') ? 'Failed to query AoR count' : 'Failed to query contact count')
    return [Number(found.rows[0]?.[0] ?? 0)]
  })
}

const ALIVE = '(UNIX_TIMESTAMP(expires) = 0) OR (expires > NOW())'
const DEAD = '(UNIX_TIMESTAMP(expires) > 0) AND (expires <= NOW())'

const AOR_NEEDED = 'Not enough parameters (table and AOR to lookup)'

export const usrlocRpc: Readonly<Record<string, RpcDef<Usrloc>>> = {
  'ul.dump': {
    summary: 'All contacts of all tables; `brief` for the addresses of record alone.',
    run: (usrloc, [mode]) => {
      const domains = usrloc.tables.map((table) => new RpcStruct().add('Domain', tableStruct(usrloc, table, mode === 'brief')))
      return [new RpcStruct().add('Domains', domains)]
    },
  },
  'ul.lookup': {
    summary: 'The contacts of an address: table, address.',
    run: (usrloc, params) => onAor(usrloc, params, 2, AOR_NEEDED, (table, aor) => lookup(usrloc, table, aor)),
  },
  'ul.rm': {
    summary: 'Removes an address with its contacts: table, address.',
    run: (usrloc, params) => onAor(usrloc, params, 2, AOR_NEEDED, (table, aor) => removeAor(usrloc, table, aor)),
  },
  'ul.rm_contact': {
    summary: 'Removes a contact: table, address, contact.',
    run: (usrloc, params) => onAor(usrloc, params, 3, 'Not enough parameters (table, AOR and contact)',
      (table, aor) => removeContactOf(usrloc, table, aor, String(params[2]))),
  },
  'ul.flush': {
    summary: 'Does what the timer does: removes what has expired, writes what is to be written.',
    run: async (usrloc) => {
      await sweep(usrloc)
      return []
    },
  },
  'ul.add': {
    summary: 'Adds a contact: table, address, contact, expires (0: never), q, path, flags, cflags, methods, [received], [socket].',
    run: (usrloc, params) => onAor(usrloc, params, 9, 'Not enough parameters or wrong format',
      (table, aor) => addOf(usrloc, params, table, aor)),
  },
  'ul.db_users': {
    summary: 'How many addresses in the database have contacts: table.',
    run: (usrloc, params) => {
      const { user_column, domain_column } = usrloc.params
      return count(usrloc, params, `COUNT(DISTINCT ${user_column}, ${domain_column})`, ALIVE)
    },
  },
  'ul.db_contacts': {
    summary: 'How many contacts in the database have not expired: table.',
    run: (usrloc, params) => count(usrloc, params, 'COUNT(*)', ALIVE),
  },
  'ul.db_expired_contacts': {
    summary: 'How many contacts in the database have expired: table.',
    run: (usrloc, params) => count(usrloc, params, 'COUNT(*)', DEAD),
  },
}
