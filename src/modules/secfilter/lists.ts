/** What is blocked and what is let through, read from the table `secfilter` at the start and when asked to. */
import { connectDatabase } from '../../db/connect.ts'
import { isDbError, type Database, type DbValue } from '../../db/database.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import type { Host } from '../../runtime/host.ts'
import { PrefixList } from './prefix-list.ts'
import type { SecfilterParams } from './params.ts'

/** Kinds of entries, by their numbers in column `type`; commands name them so. */
export const KINDS = ['ua', 'country', 'domain', 'ip', 'user'] as const
export type Kind = (typeof KINDS)[number]

/** Column `action`. */
const Action = { block: 0, allow: 1, destination: 2 } as const

/** One generation of the lists: a reload makes a new one. */
export class Lists {
  readonly blocked: Readonly<Record<Kind, PrefixList>> = emptyLists()
  readonly allowed: Readonly<Record<Kind, PrefixList>> = emptyLists()
  readonly destinations = new PrefixList()

  /** 1 in neither list, 2 allowed, -2 blocked. */
  find(kind: Kind, text: string): 1 | 2 | -2 {
    if (this.allowed[kind].matches(text)) return 2
    return this.blocked[kind].matches(text) ? -2 : 1
  }
}

function emptyLists(): Record<Kind, PrefixList> {
  return { ua: new PrefixList(), country: new PrefixList(), domain: new PrefixList(), ip: new PrefixList(), user: new PrefixList() }
}

export interface ListSource {
  readonly host: Host
  readonly params: SecfilterParams
  database: Database | undefined
  lists: Lists
  /** A reading that goes on: who asks meanwhile waits for it. */
  reading: Promise<string | undefined> | undefined
}

const TABLE_VERSION = 1
const ROWS_AT_ONCE = 1000

/** Connects and reads; a text says what is wrong. */
export async function openLists(source: ListSource): Promise<string | undefined> {
  const { host, params } = source
  const database = await connectDatabase(host.databases, params.db_url)
  if (typeof database === 'string') return database
  source.database = database
  return await checkTableVersion(database, params.table_name, TABLE_VERSION) ?? await reloadLists(source)
}

/** Reads the table; the old lists stay when that fails, and a text says why. */
export function reloadLists(source: ListSource): Promise<string | undefined> {
  source.reading ??= readLists(source).then((lists) => {
    source.reading = undefined
    if (typeof lists === 'string') return lists
    source.lists = lists
    return undefined
  })
  return source.reading
}

async function readLists({ params, database }: ListSource): Promise<Lists | string> {
  if (database === undefined) return 'there is no database'
  const lists = new Lists()
  let problem: string | undefined
  const query = { table: params.table_name, columns: [params.action_col, params.type_col, params.data_col] }
  const count = await database.scan(query, ROWS_AT_ONCE, ({ rows }) => {
    for (const row of rows) problem ??= addRow(lists, row)
  })
  if (isDbError(count)) return `failed to query the database: ${count.reason}`
  return problem ?? lists
}

/** A row without data is left out; one with an unknown number makes the table useless, as for Kamailio. */
function addRow(lists: Lists, [action = null, type = null, data = null]: readonly DbValue[]): string | undefined {
  if (data === null) return undefined
  const [does, kind] = [Number(action ?? 0), KINDS[Number(type ?? 0)]]
  if (does !== Action.block && does !== Action.allow && does !== Action.destination) return `unknown action value ${does}`
  if (kind === undefined) return `unknown type value ${type}`
  if (does === Action.destination && kind === 'ua') lists.destinations.add(String(data))
  else (does === Action.allow ? lists.allowed : lists.blocked)[kind].add(String(data))
  return undefined
}
