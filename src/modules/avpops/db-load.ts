/** avp_db_load(). */
import type { DbRows, DbSelect, DbValue } from '../../db/database.ts'
import { textToInt } from '../../define/coerce.ts'
import { avpNameOf, type AvpName } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { IN_DATABASE, type DbMatch } from './match.ts'
import { conditionsOf, ownerOf, type Owner, type Source } from './source.ts'
import { failed, type Avpops } from './state.ts'

/** Bits of the type column. */
export const AvpType = { numberValue: 1, numberName: 2 } as const

export async function loadAvps(context: RouteContext, state: Avpops, source: Source, match: DbMatch): Promise<number> {
  const { database, host } = state
  const owner = ownerOf(context, state, source)
  if (owner === undefined) return -1
  if (database === undefined) return missing(state)
  const name = match.naming?.(context)
  if (match.naming !== undefined && name === undefined) return -1
  const query = match.scheme === undefined ? tableQuery(state, owner, match, name) : schemeQuery(state, owner, match.scheme)
  if (query === undefined) {
    host.log.error('avpops', `there is no db_scheme ${match.scheme ?? ''}`)
    return -1
  }
  // As in Kamailio: values of a scheme belong to names that are texts.
  if (match.scheme !== undefined && typeof name?.name === 'number') return -1
  const rows = await database.select(query)
  if (failed(state, rows, 'db_load')) return -1
  const isNumber = match.scheme === undefined ? undefined : state.schemes.get(match.scheme)?.isNumber
  return addRows(context, state, rows, { match, name, isNumber }) > 0 ? 1 : -1
}

export function missing({ host }: Avpops): number {
  host.log.error('avpops', 'there is no database: set db_url and avp_table')
  return -1
}

function tableQuery({ params, columns }: Avpops, owner: Owner, match: DbMatch, name: AvpName | undefined): DbSelect {
  const { value_column: value, type_column: type, attribute_column: attribute } = params
  const where = conditionsOf(owner, columns)
  if (name !== undefined) where.push({ column: attribute, value: String(name.name) })
  return { table: match.table ?? params.avp_table, columns: [value, type, attribute], where }
}

function schemeQuery({ schemes }: Avpops, owner: Owner, name: string): DbSelect | undefined {
  const scheme = schemes.get(name)
  return scheme && { table: scheme.table, columns: [scheme.value], where: conditionsOf(owner, scheme.columns) }
}

interface Reading {
  readonly match: DbMatch
  readonly name: AvpName | undefined
  /** The type of all values, by the scheme. */
  readonly isNumber: boolean | undefined
}

function addRows(context: RouteContext, state: Avpops, { rows }: DbRows, { match, name, isNumber }: Reading): number {
  let count = 0
  for (const [value, typeCell, attribute] of rows) {
    const type = Number(typeCell ?? 0)
    const isNumberName = (type & AvpType.numberName) !== 0
    if (match.kind !== 'a' && (match.kind === 'i') !== isNumberName) continue
    const own = name ?? rowName(attribute, isNumberName)
    const result = readValue(state, value, isNumber ?? (type & AvpType.numberValue) !== 0)
    if (own === undefined || result === undefined) continue
    context.avps.add(own, result)
    const added = context.avps.first(own)
    if (added !== undefined) added.flags |= match.scriptFlags | IN_DATABASE
    count++
  }
  return count
}

function rowName(attribute: DbValue | undefined, isNumber: boolean): AvpName | undefined {
  if (attribute === null || attribute === undefined) return undefined
  if (!isNumber) return avpNameOf(String(attribute))
  const number = textToInt(String(attribute))
  return Number.isNaN(number) ? undefined : avpNameOf(number)
}

function readValue({ host }: Avpops, value: DbValue | undefined, isNumber: boolean): string | number | undefined {
  if (value === null || value === undefined || value === '') return undefined
  if (!isNumber) return String(value)
  const number = typeof value === 'number' ? value | 0 : textToInt(value)
  if (!Number.isNaN(number)) return number
  host.log.error('avpops', `value is not int as flags say <${value}>`)
  return undefined
}
