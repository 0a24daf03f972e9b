/** Aliases of users: one address stands for another, or for several. */
import { isDbError, type Database, type DbCondition } from '../../db/database.ts'
import { ownText } from '../../base/own-text.ts'
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { withoutHostPrefix } from '../../runtime/host-prefix.ts'
import { logQueryFailure } from '../../runtime/query-failure.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'

export interface AliasParams {
  readonly db_url: string
  readonly user_column: string
  readonly domain_column: string
  readonly alias_user_column: string
  readonly alias_domain_column: string
  readonly use_domain: number
  readonly domain_prefix: string
  readonly append_branches: number
}

export interface Aliases {
  readonly host: Host
  readonly params: AliasParams
  database: Database | undefined
}

/** What the flags of a call say: `d` leaves the domain out, `u` takes it, `r` goes from user to alias. */
export interface AliasMode {
  readonly usesDomain: boolean | undefined
  readonly isReverse: boolean
}

export const USUAL_MODE: AliasMode = { usesDomain: undefined, isReverse: false }

/** A text says which letter is none of the flags. */
export function parseAliasFlags(text: string): AliasMode | string {
  let mode: AliasMode = USUAL_MODE
  for (const letter of text.toLowerCase()) {
    if (letter === 'd') mode = { ...mode, usesDomain: false }
    else if (letter === 'u') mode = { ...mode, usesDomain: true }
    else if (letter === 'r') mode = { ...mode, isReverse: true }
    else return `unsupported flag '${letter}'`
  }
  return mode
}

/** The addresses that this one stands for; undefined when there are none or the database fails. */
async function addressesFor(aliases: Aliases, table: string, uri: SipUri, mode: AliasMode): Promise<readonly string[] | undefined> {
  const { host, params, database } = aliases
  const user = [params.user_column, params.domain_column] as const
  const alias = [params.alias_user_column, params.alias_domain_column] as const
  const [from, to] = mode.isReverse ? [user, alias] : [alias, user]
  const where: DbCondition[] = [{ column: from[0], value: uri.user }]
  if (mode.usesDomain ?? params.use_domain !== 0) {
    where.push({ column: from[1], value: withoutHostPrefix(uri.host, params.domain_prefix) })
  }
  // Without a user there is nothing to look for.
  if (database === undefined || uri.user === '') return undefined
  const found = await database.select({ table, columns: to, where })
  if (isDbError(found)) {
    logQueryFailure(host, database, found, 'alias_db')
    return undefined
  }
  if (found.rows.length === 0 || found.rows[0]?.[0] === null) return undefined
  if (found.columns.some(({ type }) => type !== 'string' && type !== 'blob')) {
    host.log.error('alias_db', 'unknown type of DB user column')
    return undefined
  }
  return found.rows.map(([name, domain]) => `sip:${name ?? ''}@${domain ?? ''}`)
}

/** alias_db_lookup(): the first address becomes the Request-URI, with append_branches the others become branches. */
export async function lookupAlias(aliases: Aliases, context: RouteContext, table: string, mode: AliasMode): Promise<number> {
  const uri = context.message.parsedUri()
  const found = uri instanceof ParseError ? undefined : await addressesFor(aliases, table, uri, mode)
  if (found === undefined) return -1
  for (const [index, address] of found.entries()) {
    if (index === 0) context.message.setUri(address)
    else if (aliases.params.append_branches !== 0 && !appendBranch(aliases, context, address)) return -1
  }
  return 1
}

function appendBranch({ host }: Aliases, context: RouteContext, uri: string): boolean {
  const branch = { uri, dstUri: '', path: '', q: 0, socket: undefined, flags: 0, instance: '', regId: 0, ruid: '', locationUserAgent: '' }
  if (context.branches.append(branch, host.settings.max_branches)) return true
  host.log.error('alias_db', 'error while appending branches')
  host.log.error('alias_db', 'error while setting alias')
  return false
}

/** alias_db_find(): the first address goes into a variable, with append_branches the others too. */
export async function findAlias(
  aliases: Aliases, context: RouteContext, table: string, input: VariableHandle, output: VariableHandle, mode: AliasMode,
): Promise<number> {
  const { log } = aliases.host
  const value = input.get(context)
  if (value === null) {
    log.error('alias_db', 'PV vals is not string')
    return -1
  }
  const text = String(value)
  const uri = parseUri(text)
  if (uri instanceof ParseError) {
    log.error('alias_db', `failed to parse uri ${text}`)
    return -1
  }
  const found = await addressesFor(aliases, table, uri, mode)
  if (found === undefined) return -1
  for (const address of aliases.params.append_branches === 0 ? found.slice(0, 1) : found) output.set(context, ownText(address))
  return 1
}
