/** Short numbers of users: what a user dials stands for an address of his own. */
import { isDbError, type Database, type DbCondition } from '../../db/database.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { withoutHostPrefix } from '../../runtime/host-prefix.ts'
import { fromUri } from '../../runtime/party-uri.ts'
import { logQueryFailure } from '../../runtime/query-failure.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'

export interface SpeedDialParams {
  readonly db_url: string
  readonly user_column: string
  readonly domain_column: string
  readonly sd_user_column: string
  readonly sd_domain_column: string
  readonly new_uri_column: string
  readonly use_domain: number
  readonly domain_prefix: string
}

export interface SpeedDial {
  readonly host: Host
  readonly params: SpeedDialParams
  database: Database | undefined
}

function fail({ host }: SpeedDial, problem: string): number {
  host.log.error('speeddial', problem)
  return -1
}

/** Whose short numbers they are: the given address, or From. */
function ownerOf(context: RouteContext, owner: string): SipUri | undefined {
  if (owner === '') return fromUri(context)
  const uri = parseUri(owner)
  return uri instanceof ParseError ? undefined : uri
}

/** sd_lookup(): replaces the Request-URI by what its user means to the owner. */
export async function lookupSpeedDial(speedDial: SpeedDial, context: RouteContext, table: string, owner: string): Promise<number> {
  if (table === '') return fail(speedDial, 'invalid table parameter')
  const from = ownerOf(context, owner)
  if (from === undefined) return fail(speedDial, owner === '' ? 'failed to parse FROM header' : 'bad owner SIP address!')
  const dialled = context.message.parsedUri()
  if (dialled instanceof ParseError) return fail(speedDial, 'failed to parsing Request-URI')
  const where = conditions(speedDial, from, dialled)
  const { database, host, params } = speedDial
  // Without a user there is nothing to look for.
  if (database === undefined || from.user === '' || dialled.user === '') return -1
  const found = await database.select({ table, columns: [params.new_uri_column], where })
  if (isDbError(found)) {
    logQueryFailure(host, database, found, 'speeddial')
    return -1
  }
  const value = found.rows[0]?.[0] ?? null
  if (value === null) return -1
  const type = found.columns[0]?.type
  if (type !== 'string' && type !== 'blob') return fail(speedDial, 'unknown type of DB new_uri column')
  const uri = String(value)
  context.message.setUri(uri.startsWith('sip:') ? uri : `sip:${uri}`)
  return 1
}

/** use_domain 1 tells owners by their domain as well, 2 short numbers too. */
function conditions({ params }: SpeedDial, from: SipUri, dialled: SipUri): DbCondition[] {
  const domain = (uri: SipUri): string => withoutHostPrefix(uri.host, params.domain_prefix)
  const where: DbCondition[] = [{ column: params.user_column, value: from.user }]
  if (params.use_domain >= 1) where.push({ column: params.domain_column, value: domain(from) })
  where.push({ column: params.sd_user_column, value: dialled.user })
  if (params.use_domain >= 2) where.push({ column: params.sd_domain_column, value: domain(dialled) })
  return where
}
