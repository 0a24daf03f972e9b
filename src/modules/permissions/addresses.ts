/** allow_address() and its kin, and loading what they look up. */
import { isDbError, type DbRows, type DbValue } from '../../db/database.ts'
import { LogLevel } from '../../base/log.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { parseAddressFile } from './address-file.ts'
import { AddressTables, type AddressRow, type Match } from './address-tables.ts'
import { giveTag, pathOf, type Permissions } from './state.ts'

/** 1 when the source is in the group, -1 otherwise. */
export function allowSource(state: Permissions, context: RouteContext, group: number): number {
  const { sourceAddress, sourcePort } = context.message.received
  return found(state, context, state.addresses?.findAddress(sourceAddress, sourcePort, group)) === undefined ? -1 : 1
}

/** The group that the source is in, -1 for none. */
export function sourceGroup(state: Permissions, context: RouteContext): number {
  const { sourceAddress, sourcePort } = context.message.received
  return found(state, context, state.addresses?.findAddress(sourceAddress, sourcePort, undefined))?.group ?? -1
}

export function allowAddress(state: Permissions, context: RouteContext, group: number, address: string, port: number): number {
  return found(state, context, state.addresses?.find(address, port, group)) === undefined ? -1 : 1
}

export function addressGroup(state: Permissions, context: RouteContext, address: string, port: number): number {
  return found(state, context, state.addresses?.find(address, port, undefined))?.group ?? -1
}

function found(state: Permissions, context: RouteContext, match: Match | undefined): Match | undefined {
  if (match !== undefined) giveTag(state, context, match.tag)
  return match
}

/** Reads the file or the table anew; a text says why that failed, and the old tables stay. */
export async function loadAddresses(state: Permissions): Promise<string | undefined> {
  const { address_file, max_subnets } = state.params
  const tables = new AddressTables(max_subnets)
  const failure = address_file === '' ? await fromDatabase(state, tables) : fromFile(state, tables, pathOf(state.host, address_file))
  if (failure === undefined) state.addresses = tables
  return failure
}

function fromFile(state: Permissions, tables: AddressTables, path: string): string | undefined {
  const text = state.host.files.read(path)
  if (text === undefined) return `can't open list file [${path}]`
  const rows = parseAddressFile(text)
  if (typeof rows === 'string') return `${path}: ${rows}`
  for (const row of rows) if (!add(state, tables, row)) return `${path}: ${row.address} cannot have a prefix of ${row.mask} bits`
  return undefined
}

/** Rows that are read before others get their turn. */
const ROWS_AT_ONCE = 500

async function fromDatabase(state: Permissions, tables: AddressTables): Promise<string | undefined> {
  const { database, params } = state
  if (database === undefined) return 'db_url not set'
  let isFaulty = false
  const take = ({ rows }: DbRows): void => {
    for (const values of rows) {
      const row = rowOf(values)
      if (row === undefined || !add(state, tables, row)) isFaulty = true
    }
  }
  const columns = [params.grp_col, params.ip_addr_col, params.mask_col, params.port_col, params.tag_col]
  const count = await database.scan({ table: params.address_table, columns }, ROWS_AT_ONCE, take)
  if (isDbError(count)) return `failed to query database: ${count.reason}`
  return isFaulty ? 'database problem - invalid record' : undefined
}

function rowOf([group, address, mask, port, tag]: readonly DbValue[]): AddressRow | undefined {
  if (typeof group !== 'number' || group <= 0 || typeof address !== 'string' || typeof mask !== 'number' || typeof port !== 'number') {
    return undefined
  }
  return { group, address, mask, port, tag: tag === null || tag === undefined ? undefined : String(tag) }
}

function add({ host }: Permissions, tables: AddressTables, row: AddressRow): boolean {
  const added = tables.add(row)
  if (added === 'full') host.log.write({ level: LogLevel.crit, origin: 'permissions: ', text: 'subnet table is full' })
  return added !== 'invalid'
}
