/** avp_db_query(). */
import { arg, type Arg } from '../../define/define.ts'
import { isDbError, type DbType, type DbValue } from '../../db/database.ts'
import { avpNameOf, type AvpName } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { bindQuery, prepareQuery, QueryRefusal, sqlTexts, type Query } from '../sqlops/api.ts'
import { readAvp, type AvpNaming } from './avp-name.ts'
import { missing } from './db-load.ts'
import { failed, withoutDatabase, type Avpops } from './state.ts'

const NO_ROWS = -2

export const queryArg: Arg<Query> = arg.custom('query', 'The SQL; variables in it are bound, not pasted.', (text, env, state) =>
  withoutDatabase(state) ?? prepareQuery(text, env))

const DESTINATIONS = '`$avp(a);$avp(b)`: one for each column.'

export const destinationsArg: Arg<readonly AvpNaming[]> = arg.custom('destinations', DESTINATIONS, (text, env) => {
  const namings: AvpNaming[] = []
  for (const part of text.split(';')) {
    if (part.trim() === '') continue
    const naming = readAvp(part.trim(), env)
    if (naming === undefined) return `'${part}' is no AVP`
    if (typeof naming === 'string') return naming
    namings.push(naming)
  }
  return namings.length === 0 ? 'there is no AVP for the result' : { fixed: namings }
})

export async function queryAvps(
  context: RouteContext, state: Avpops, query: Query, destinations: readonly AvpNaming[] | undefined,
): Promise<number> {
  const { database, host } = state
  if (database === undefined) return missing(state)
  if (!database.hasSql) {
    host.log.error('avpops', `databases of the kind ${database.scheme} take no queries`)
    return -1
  }
  const bound = bindQuery(query.template(database.scheme), sqlTexts(database.scheme), context)
  if (bound instanceof QueryRefusal) {
    host.log.error('avpops', bound.reason)
    return -1
  }
  const result = await database.execute(bound.sql, bound.values)
  if (failed(state, result, 'the query') || isDbError(result)) return -1
  if (result.rows.length === 0) return NO_ROWS
  const names = result.columns.map((_column, index) => nameOf(context, destinations, index))
  // The first row is added last, and so is the newest value.
  for (const row of result.rows.toReversed()) addRow(context, row, names, result.columns.map(({ type }) => type))
  return 1
}

/** Without destinations the columns are $avp(i:1), $avp(i:2) and so on. */
function nameOf(context: RouteContext, destinations: readonly AvpNaming[] | undefined, index: number): AvpName | undefined {
  return destinations === undefined ? avpNameOf(index + 1) : destinations[index]?.(context)
}

/** AVPs hold no NULL, no empty text and no number with a point. */
function addRow(
  context: RouteContext, row: readonly DbValue[], names: readonly (AvpName | undefined)[], types: readonly DbType[],
): void {
  row.forEach((value, column) => {
    const name = names[column]
    if (name === undefined || value === null || value === '' || types[column] === 'double') return
    context.avps.add(name, typeof value === 'number' ? value | 0 : value)
  })
}
