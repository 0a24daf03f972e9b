/** avp_db_store() and avp_db_delete(). */
import type { DbCell, DbWrite } from '../../db/database.ts'
import type { Avp } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { AvpType, missing } from './db-load.ts'
import { IN_DATABASE, matching, type DbMatch } from './match.ts'
import { conditionsOf, ownerOf, type Owner, type Source } from './source.ts'
import { failed, type Avpops } from './state.ts'

export async function storeAvps(context: RouteContext, state: Avpops, source: Source, match: DbMatch): Promise<number> {
  const { database, params } = state
  const owner = ownerOf(context, state, source)
  if (owner === undefined) return -1
  if (database === undefined) return missing(state)
  if (match.scheme !== undefined) return noScheme(state)
  const avps = matching(context, match).filter(({ flags }) => (flags & IN_DATABASE) === 0)
  if (avps.length === 0) return -1
  const table = match.table ?? params.avp_table
  const writes = avps.map((avp): DbWrite => ({ kind: 'insert', table, cells: rowOf(state, owner, avp) }))
  if (failed(state, await database.batch(writes), 'db_store')) return -1
  for (const avp of avps) avp.flags |= IN_DATABASE
  return 1
}

/** What the owner does not have is left to the table, but for identifier and user name. */
function rowOf({ params, columns }: Avpops, { uuid, username, domain }: Owner, { name, value }: Avp): readonly DbCell[] {
  const type = (typeof value === 'number' ? AvpType.numberValue : 0) | (typeof name === 'number' ? AvpType.numberName : 0)
  const cells: DbCell[] = [
    { column: columns.uuid, value: uuid },
    { column: params.attribute_column, value: String(name) },
    { column: params.value_column, value: String(value) },
    { column: params.type_column, value: type },
    { column: columns.username, value: username ?? '' },
  ]
  if (domain !== undefined) cells.push({ column: columns.domain, value: domain })
  return cells
}

function noScheme({ host }: Avpops): number {
  host.log.error('avpops', 'a db_scheme is for loading only')
  return -1
}

/** Values of the type column for kinds of names; undefined for whatever it is. */
const typesOf: Readonly<Record<DbMatch['kind'], readonly (number | undefined)[]>> = {
  a: [undefined],
  s: [0, AvpType.numberValue],
  i: [AvpType.numberName, AvpType.numberName | AvpType.numberValue],
}

export async function removeAvps(context: RouteContext, state: Avpops, source: Source, match: DbMatch): Promise<number> {
  const { database, params, columns } = state
  const owner = ownerOf(context, state, source)
  if (owner === undefined) return -1
  if (database === undefined) return missing(state)
  if (match.scheme !== undefined) return noScheme(state)
  const table = match.table ?? params.avp_table
  const where = conditionsOf(owner, columns)
  if (match.naming !== undefined) {
    const name = match.naming(context)
    if (name === undefined) return -1
    where.push({ column: params.attribute_column, value: String(name.name) })
    return failed(state, await database.write({ kind: 'delete', table, where }), 'db_delete') ? -1 : 1
  }
  for (const type of typesOf[match.kind]) {
    const conditions = type === undefined ? where : [...where, { column: params.type_column, value: type }]
    if (failed(state, await database.write({ kind: 'delete', table, where: conditions }), 'db_delete')) return -1
  }
  return 1
}
