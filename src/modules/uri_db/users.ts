/** Whether users of URIs are those who authenticated, and whether there are such users at all. */
import { isDbError, type Database, type DbCondition } from '../../db/database.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { logQueryFailure } from '../../runtime/query-failure.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'

export interface UriDbParams {
  readonly db_url: string
  readonly db_table: string
  readonly user_column: string
  readonly domain_column: string
  readonly uriuser_column: string
  readonly use_uri_table: number
  readonly use_domain: number
}

export interface UriDb {
  readonly host: Host
  readonly params: UriDbParams
  database: Database | undefined
}

export interface Account {
  readonly user: string
  readonly realm: string
}

function fail({ host }: UriDb, problem: string, result: number): number {
  host.log.error('uri_db', problem)
  return result
}

/** Whose credentials were checked: Authorization, else Proxy-Authorization. */
function checkedAccount(message: SipMessage): Account | undefined {
  const checked = (message.checkedAuthorization ?? message.checkedProxyAuthorization)?.credentials
  return checked === undefined ? undefined : { user: checked.user, realm: checked.userRealm }
}

/** Whether the user of a URI is the account's: the same name in any case of letters, or, with use_uri_table, a row of the table. */
export function checkUser(
  uriDb: UriDb, context: RouteContext, uri: SipUri | undefined, unreadable: string, given?: Account,
): number | Promise<number> {
  if (uri === undefined) return fail(uriDb, unreadable, -1)
  if (uri.user === '') return fail(uriDb, 'Username not found in URI', -4)
  const account = given ?? checkedAccount(context.message)
  if (account === undefined) {
    fail(uriDb, 'No authorized credentials found (error in scripts)', -2)
    return fail(uriDb, 'Call {www,proxy}_authorize before calling check_* functions!', -2)
  }
  const { params } = uriDb
  if (params.use_uri_table === 0) return uri.user.toLowerCase() === account.user.toLowerCase() ? 1 : -10
  return hasRow(uriDb, params.user_column, [
    { column: params.user_column, value: account.user },
    { column: params.domain_column, value: account.realm },
    { column: params.uriuser_column, value: uri.user },
  ], { missing: -9, failed: -8 })
}

/** check_uri(): the account is used where both its parts are there. */
export function checkUri(uriDb: UriDb, context: RouteContext, text: string, account?: Account): number | Promise<number> {
  if (text === '') return fail(uriDb, 'invalid uri parameter', -1)
  const uri = parseUri(text)
  const given = account !== undefined && account.user !== '' && account.realm !== '' ? account : undefined
  return checkUser(uriDb, context, uri instanceof ParseError ? undefined : uri, `Error while parsing URI: ${text}`, given)
}

/** Whether the user of the Request-URI is in the table. */
export function doesUriExist(uriDb: UriDb, context: RouteContext): number | Promise<number> {
  if (uriDb.database === undefined) return fail(uriDb, 'database connection does not exist', -1)
  const uri = context.message.parsedUri()
  if (uri instanceof ParseError) return fail(uriDb, 'Error while parsing URI', -1)
  // Without a user there is nothing to look for.
  if (uri.user === '') return -5
  const { params } = uriDb
  const column = params.use_uri_table === 0 ? params.user_column : params.uriuser_column
  const where: DbCondition[] = [{ column, value: uri.user }]
  if (params.use_domain !== 0) where.push({ column: params.domain_column, value: uri.host })
  return hasRow(uriDb, column, where, { missing: -5, failed: -4 })
}

async function hasRow(
  uriDb: UriDb, column: string, where: readonly DbCondition[], results: { readonly missing: number; readonly failed: number },
): Promise<number> {
  const { database, host, params } = uriDb
  if (database === undefined) return results.failed
  const found = await database.select({ table: params.db_table, columns: [column], where })
  if (isDbError(found)) {
    logQueryFailure(host, database, found, 'uri_db', 'Error while querying database')
    return results.failed
  }
  return found.rows.length === 0 ? results.missing : 1
}
