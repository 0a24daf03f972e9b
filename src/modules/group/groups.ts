/** Groups of users: by rows of a table, and by regular expressions over their addresses. */
import { isDbError, type Database, type DbCondition } from '../../db/database.ts'
import type { Prepared, PrepareEnv, TextMatcher, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { fromUri, toUri } from '../../runtime/party-uri.ts'
import { logQueryFailure } from '../../runtime/query-failure.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'

export interface GroupParams {
  readonly db_url: string
  readonly table: string
  readonly user_column: string
  readonly domain_column: string
  readonly group_column: string
  readonly use_domain: number
  readonly re_table: string
  readonly re_exp_column: string
  readonly re_gid_column: string
  readonly multiple_gid: number
}

export interface GroupPattern {
  readonly pattern: TextMatcher
  readonly group: number
}

export interface Groups {
  readonly host: Host
  readonly params: GroupParams
  database: Database | undefined
  /** The last row of the table first. */
  patterns: readonly GroupPattern[]
}

export interface User {
  readonly user: string
  readonly domain: string
}

/** Where to take the user from; undefined, with a line in the log, when there is none. */
export type UserSource = (context: RouteContext) => User | undefined

/** `Request-URI`, `To`, `From`, `Credentials` in any case of letters, or an AVP with a URI. */
export function prepareSource(text: string, env: PrepareEnv): Prepared<UserSource> | string {
  const source = SOURCES[text.toLowerCase()]
  if (source !== undefined) return { fixed: source }
  const variable = env.variable(text)
  if (typeof variable === 'string') return `unsupported User Field identifier: ${variable}`
  return isAvp(variable) ? { fixed: (context) => avpUser(context, variable) } : 'unsupported User Field identifier'
}

export const isAvp = (variable: VariableHandle): boolean => /^\$\(?avp\(/.test(variable.text)

const SOURCES: Readonly<Record<string, UserSource>> = {
  'request-uri': (context) => {
    const uri = context.message.parsedUri()
    return userOf(context, uri instanceof ParseError ? undefined : uri, 'failed to get Request-URI')
  },
  to: (context) => userOf(context, toUri(context), 'failed to get To URI'),
  from: (context) => userOf(context, fromUri(context), 'failed to get From URI'),
  credentials: ({ host, message }) => {
    const checked = message.checkedAuthorization ?? message.checkedProxyAuthorization
    if (checked !== undefined) return { user: checked.credentials.user, domain: checked.credentials.userRealm }
    host.log.error('group', 'no authorized credentials found (error in script)')
    return undefined
  },
}

function userOf({ host }: RouteContext, uri: SipUri | undefined, problem: string): User | undefined {
  if (uri !== undefined) return { user: uri.user, domain: uri.host }
  host.log.error('group', problem)
  return undefined
}

function avpUser(context: RouteContext, variable: VariableHandle): User | undefined {
  const value = variable.get(context)
  if (value === null || value === '') {
    context.host.log.error('group', 'no AVP found (error in scripts)')
    return undefined
  }
  const uri = parseUri(String(value))
  return userOf(context, uri instanceof ParseError ? undefined : uri, `failed to parse URI <${value}>`)
}

function userFrom({ host }: Groups, context: RouteContext, source: UserSource): User | undefined {
  const found = source(context)
  if (found === undefined) host.log.error('group', 'failed to get username@domain')
  return found === undefined || found.user === '' ? undefined : found
}

/** is_user_in(): 1 in, -6 not in, -5 the database failed, -1 there is no user. */
export function isUserIn(groups: Groups, context: RouteContext, source: UserSource, group: string): number | Promise<number> {
  const found = userFrom(groups, context, source)
  return found === undefined || group === '' ? -1 : isInTable(groups, found, group)
}

async function isInTable({ host, params, database }: Groups, { user, domain }: User, group: string): Promise<number> {
  const where: DbCondition[] = [{ column: params.user_column, value: user }, { column: params.group_column, value: group }]
  if (params.use_domain !== 0) where.push({ column: params.domain_column, value: domain })
  if (database === undefined) return -5
  const found = await database.select({ table: params.table, columns: [params.group_column], where })
  if (isDbError(found)) {
    logQueryFailure(host, database, found, 'group')
    return -5
  }
  return found.rows.length === 0 ? -6 : 1
}

const URI_MAX = 1024

/** get_user_group(): writes the number of every group whose expression fits the address; how many, or -1 for none. */
export function findGroups(groups: Groups, context: RouteContext, source: UserSource, target: VariableHandle): number {
  const found = userFrom(groups, context, source)
  if (found === undefined) return -1
  const address = `sip:${found.user}@${found.domain}`
  if (address.length >= URI_MAX) {
    groups.host.log.error('group', 'URI to large!!')
    return -1
  }
  let count = 0
  for (const { pattern, group } of groups.patterns) {
    if (!pattern.test(address)) continue
    if (!target.set(context, group)) return -1
    count++
    if (groups.params.multiple_gid === 0) break
  }
  return count === 0 ? -1 : count
}

/** Reads the regular expressions; a text says what is wrong. */
export async function loadPatterns(groups: Groups, database: Database): Promise<readonly GroupPattern[] | string> {
  const { params, host } = groups
  const found = await database.select({ table: params.re_table, columns: [params.re_exp_column, params.re_gid_column] })
  if (isDbError(found)) return `failed to query database: ${found.reason}`
  const patterns: GroupPattern[] = []
  for (const [expression, group] of found.rows) {
    if (typeof expression !== 'string') return `empty or non-string value for <${params.re_exp_column}>(re) column`
    if (typeof group !== 'number') return `empty or non-integer value for <${params.re_gid_column}>(gid) column`
    const pattern = host.prepare.regex(expression, { ignoreCase: true, newline: true })
    if (typeof pattern === 'string') return `bad re ${expression}: ${pattern}`
    patterns.unshift({ pattern, group })
  }
  return patterns
}
