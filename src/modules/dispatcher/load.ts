/** Reading sets of destinations, from the file or the database, and changing them in memory. */
import { addressFamily, withoutBrackets } from '../../base/address.ts'
import { isDbError, type DbRows, type DbValue } from '../../db/database.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseParamList } from '../../sip/param-list.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import { parseAttributes, NO_ATTRIBUTES, type Attributes } from './attributes.ts'
import { Destination, State, type Entry } from './destination.ts'
import { DestinationSets } from './destination-set.ts'
import { canSendTo6, lookUp } from './names.ts'
import { parseList } from './list-file.ts'
import { DnsMode } from './params.ts'
import { socketOf } from './sockets.ts'
import { fail, type Dispatcher } from './state.ts'

/** Destinations by set, in the order in which they came. */
type Lists = Map<number, Destination[]>

/** More are not read. */
const DESTINATIONS_MAX = 100_000
const ROWS_AT_ONCE = 500
const ATTRIBUTES_BYTES_MAX = 1024
const HOST_BYTES_MAX = 254

/** Reads all sets anew; false, with lines in the log, when that fails, and the old ones stay. */
export async function loadSets(state: Dispatcher, isReload: boolean): Promise<boolean> {
  const entries = state.database === undefined ? readFile(state) : await readTable(state)
  if (entries === undefined) return false
  const lists: Lists = new Map()
  let isWhole = true
  for (const entry of entries) {
    if (await add(state, lists, entry)) continue
    const { ds_load_mode } = state.params
    state.host.log.warning('dispatcher', `unable to add destination ${entry.uri} to set ${entry.setId} -- skipping`)
    if (ds_load_mode === 1) return false
    isWhole = false
  }
  adopt(state, lists)
  if (isWhole || state.database === undefined) return true
  state.host.log.warning('dispatcher', 'failure while loading one or more dispatcher entries')
  return !isReload
}

function adopt(state: Dispatcher, lists: Lists): void {
  state.sets = lists.size === 0 ? undefined : new DestinationSets(lists, state.host.random)
}

/** Adds one destination behind those in memory, which are made anew. */
export async function addEntry(state: Dispatcher, entry: Entry): Promise<void> {
  const lists = await copy(state, () => true)
  if (!(await add(state, lists, entry))) {
    state.host.log.warning('dispatcher', `unable to add destination ${entry.uri} to set ${entry.setId}`)
    if (state.params.ds_load_mode === 1) return
  }
  adopt(state, lists)
}

/** Takes out all destinations of a set with that URI. */
export async function removeEntries(state: Dispatcher, setId: number, uri: string): Promise<void> {
  adopt(state, await copy(state, (destination, id) => id !== setId || destination.uri !== uri))
}

async function copy(state: Dispatcher, stays: (destination: Destination, setId: number) => boolean): Promise<Lists> {
  const lists: Lists = new Map()
  for (const set of state.sets?.all ?? []) {
    for (const old of set.destinations) {
      if (!stays(old, set.id)) continue
      const { uri, flags, priority, attributes } = old
      const isAdded = await add(state, lists, { setId: set.id, uri, flags, priority, attributes: attributes.body }, old.load)
      if (!isAdded) state.host.log.warning('dispatcher', `failed to add destination in group ${set.id} - ${uri}`)
    }
  }
  return lists
}

/** False, with a line in the log, for a destination that cannot be used. */
async function add(state: Dispatcher, lists: Lists, entry: Entry, load = 0): Promise<boolean> {
  const destination = await makeDestination(state, entry)
  if (destination === undefined) return false
  destination.load = load
  const list = lists.get(entry.setId)
  if (list === undefined) lists.set(entry.setId, [destination])
  else list.push(destination)
  return true
}

async function makeDestination(state: Dispatcher, entry: Entry): Promise<Destination | undefined> {
  const { host } = state
  const uri = readUri(entry.uri)
  if (uri === undefined) {
    fail(state, `bad uri [${entry.uri}]`)
    return undefined
  }
  const name = withoutBrackets(uri.host)
  if (name.length > HOST_BYTES_MAX) {
    fail(state, `hostname in uri is too long [${entry.uri}]`)
    return undefined
  }
  const attributes = readAttributes(state, entry.attributes)
  if (attributes === undefined) return undefined
  const socket = socketOf(state, attributes)
  if (socket === 'none') return undefined
  const destination = new Destination(entry, uri, attributes, socket)
  if (addressFamily(name) === 6 && !canSendTo6(state)) return undefined
  const isAsked = (entry.flags & State.noDns) === 0 && (state.params.ds_dns_mode & (DnsMode.atStart | DnsMode.timer)) !== 0
  if (!isAsked || (await lookUp(state, destination))) return destination
  if (destination.address !== '') return undefined
  host.log.error('dispatcher', `could not resolve ${name} (missing no-probing flag?!?)`)
  return undefined
}

/** A URI, with `sip:` in front of it where it has no scheme. */
function readUri(text: string): SipUri | undefined {
  if (text.length < 4) return undefined
  const uri = parseUri(text)
  if (!(uri instanceof ParseError)) return uri
  const fixed = /^sips?:/i.test(text) ? uri : parseUri(`sip:${text}`)
  return fixed instanceof ParseError ? undefined : fixed
}

function readAttributes(state: Dispatcher, text: string): Attributes | undefined {
  const isNone = text === ''
  if (isNone && state.params.ds_attrs_none === 0) return NO_ATTRIBUTES
  const attributes = parseAttributes(isNone ? 'none=yes' : text)
  if (attributes === undefined) {
    fail(state, 'cannot set attributes!')
    return undefined
  }
  const isIn = (value: number): boolean => value >= 1 && value <= 100
  let { weight, rweight } = attributes
  // The last parameter comes first, as in Kamailio.
  for (const { name } of (parseParamList(attributes.body) ?? []).toReversed()) {
    if (name.toLowerCase() === 'weight' && !isIn(weight)) {
      fail(state, `weight ${weight} not in 1-100 range - ignoring destination`)
      weight = 0
    } else if (name.toLowerCase() === 'rweight' && !isIn(rweight)) {
      state.host.log.warning('dispatcher', `rweight ${rweight} not in 1-100 range - ignoring`)
      rweight = 0
    }
  }
  return { ...attributes, weight, rweight }
}

function readFile(state: Dispatcher): readonly Entry[] | undefined {
  const { list_file } = state.params
  const text = state.host.files.read(list_file)
  if (text === undefined) {
    fail(state, `can't open list file [${list_file}]`)
    return undefined
  }
  const entries: Entry[] = []
  for (const entry of parseList(text)) {
    if (typeof entry === 'string') {
      fail(state, `bad line [${entry}]`)
      return undefined
    }
    entries.push(entry)
    if (entries.length > DESTINATIONS_MAX) {
      fail(state, `more than ${DESTINATIONS_MAX} destinations in [${list_file}]`)
      return undefined
    }
  }
  return entries
}

interface ExtraColumn {
  readonly attribute: string
  readonly column: string
}

/** `name=column;name=column` of ds_db_extra_attrs; undefined when it cannot be read. */
export function extraColumns(text: string): readonly ExtraColumn[] | undefined {
  const trimmed = text.replace(/;$/, '')
  const params = parseParamList(trimmed)
  if (params === undefined || params.some(({ name, value }) => name === '' || value === '')) return undefined
  return params.map(({ name, value }) => ({ attribute: name, column: value }))
}

async function readTable(state: Dispatcher): Promise<readonly Entry[] | undefined> {
  const { params, database } = state
  if (database === undefined) return undefined
  const extras = extraColumns(params.ds_db_extra_attrs) ?? []
  const columns = [
    params.setid_col, params.destination_col, params.flags_col, params.priority_col, params.attrs_col,
    ...extras.map(({ column }) => column),
  ]
  const entries: Entry[] = []
  const take = ({ rows }: DbRows): void => {
    for (const row of rows) if (entries.length <= DESTINATIONS_MAX) entries.push(entryOf(row, extras))
  }
  const count = await database.scan({ table: params.table_name, columns }, ROWS_AT_ONCE, take)
  if (isDbError(count)) {
    fail(state, 'error while querying database')
    state.host.log.info('dispatcher', `${database.shownUrl}: ${count.reason}`)
    return undefined
  }
  if (entries.length > DESTINATIONS_MAX) {
    fail(state, `more than ${DESTINATIONS_MAX} destinations in table ${params.table_name}`)
    return undefined
  }
  if (count === 0) state.host.log.warning('dispatcher', 'no dispatching data in the db -- empty destination set')
  return entries
}

function entryOf(row: readonly DbValue[], extras: readonly ExtraColumn[]): Entry {
  const [setId = null, uri = null, flags = null, priority = null, attributes = null] = row
  let text = attributes === null ? '' : String(attributes)
  extras.forEach(({ attribute }, index) => {
    const value = row[5 + index]
    if (value === undefined || value === null || value === '') return
    const added = `${text === '' || text.endsWith(';') ? '' : ';'}${attribute}=${value}`
    if (text.length + added.length < ATTRIBUTES_BYTES_MAX) text += added
  })
  return {
    setId: numberOf(setId), uri: uri === null ? '' : String(uri), flags: numberOf(flags), priority: numberOf(priority), attributes: text,
  }
}

function numberOf(value: DbValue): number {
  const number = Number(value ?? 0)
  return Number.isFinite(number) ? number | 0 : 0
}
