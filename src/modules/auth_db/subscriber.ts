/** Rows of the subscriber table. */
import { isDbError, type DbColumn, type DbCondition, type DbRows, type DbValue } from '../../db/database.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { pvOfDb } from '../../runtime/db-value.ts'
import { logQueryFailure } from '../../runtime/query-failure.ts'
import { ownValue } from '../../base/own-text.ts'
import type { DigestCredentials } from '../../sip/headers/digest-credentials.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import type { AuthDb } from './state.ts'

/** A user's secret, and what else is to be loaded. */
export interface Subscriber {
  /** Password, or H(user:realm:password). */
  readonly secret: string
  readonly columns: readonly DbColumn[]
  readonly values: readonly DbValue[]
}

async function select(
  state: AuthDb, table: string, columns: readonly string[], where: readonly DbCondition[],
): Promise<DbRows | undefined> {
  const { database, host } = state
  if (database === undefined) return undefined
  const rows = await database.select({ table, columns, where })
  if (!isDbError(rows)) return rows
  logQueryFailure(host, database, rows, 'auth_db')
  return undefined
}

/** The subscriber that the credentials name; a name with a domain has a secret column of its own. */
export async function findSubscriber(
  state: AuthDb, credentials: DigestCredentials, realm: string, table: string,
): Promise<Subscriber | 'unknown' | 'error'> {
  const { params, loaded } = state
  const secretColumn = credentials.domain !== '' && params.calculate_ha1 === 0 ? params.password_column_2 : params.password_column
  const where: DbCondition[] = [{ column: params.user_column, value: credentials.user }]
  if (params.use_domain !== 0) where.push({ column: params.domain_column, value: credentials.domain === '' ? realm : credentials.domain })
  const rows = await select(state, table, [secretColumn, ...loaded.map(({ column }) => column)], where)
  if (rows === undefined) return 'error'
  const [row] = rows.rows
  if (row === undefined) return 'unknown'
  return { secret: String(row[0] ?? ''), columns: rows.columns.slice(1), values: row.slice(1) }
}

/** Puts the columns of `load_credentials` into their variables. False when one does not take its value. */
export function loadVariables(state: AuthDb, context: RouteContext, columns: readonly DbColumn[], values: readonly DbValue[]): boolean {
  for (const [index, { column, target }] of state.loaded.entries()) {
    const value = ownValue(pvOfDb(values[index] ?? null, columns[index]?.type ?? 'string'))
    // An AVP cannot be null.
    if (value === null && target.text.startsWith('$avp(')) continue
    if (target.set(context, value)) continue
    state.error(`Failed to convert value for column ${column}`)
    return false
  }
  return true
}

/** Bits of is_subscriber(). */
const Flag = { usesDomain: 1, loadsNothing: 2 } as const

/** is_subscriber(): 1 when there is one, -1 error, -2 when there is none, -3 when it cannot be loaded. */
export async function findByUri(state: AuthDb, context: RouteContext, text: string, table: string, flags: number): Promise<number> {
  const { params, loaded } = state
  const uri = parseUri(text)
  if (uri instanceof ParseError) {
    state.error('invalid uri parameter format')
    return -1
  }
  const loadsNothing = (flags & Flag.loadsNothing) !== 0
  const columns = loadsNothing ? [params.user_column] : loaded.map(({ column }) => column)
  const where: DbCondition[] = [{ column: params.user_column, value: uri.user }]
  if ((flags & Flag.usesDomain) !== 0 && uri.host !== '') where.push({ column: params.domain_column, value: uri.host })
  if (columns.length === 0) {
    // load_credentials names no columns.
    state.host.log.error('<core>', 'Invalid parameter value')
    state.error('failed to query database')
    return -1
  }
  const rows = await select(state, table, columns, where)
  if (rows === undefined) return -1
  const [row] = rows.rows
  if (row === undefined) return -2
  return loadsNothing || loadVariables(state, context, rows.columns, row) ? 1 : -3
}
