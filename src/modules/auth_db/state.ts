import { connectDatabase } from '../../db/connect.ts'
import type { Database } from '../../db/database.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import { SetupError, type VariableHandle } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { authApi, type AuthApi } from '../auth/api.ts'
import { parseCredentialList } from './credential-list.ts'

export interface AuthDbParams {
  readonly db_url: string
  readonly user_column: string
  readonly domain_column: string
  readonly password_column: string
  readonly password_column_2: string
  readonly calculate_ha1: number
  readonly use_domain: number
  readonly load_credentials: string
  readonly version_table: number
  readonly force_generate_avps: number
}

/** A column of the subscriber, and the variable that it is loaded into. */
export interface LoadedColumn {
  readonly column: string
  readonly target: VariableHandle
}

/** The version of Kamailio's table `subscriber`. */
const SUBSCRIBER_VERSION = 7

export class AuthDb {
  readonly host: Host
  readonly params: AuthDbParams
  /** Tables that the script names in full: their version is checked at the start. */
  readonly tables = new Set<string>()
  loaded: readonly LoadedColumn[] = []
  database: Database | undefined = undefined
  auth: AuthApi | undefined = undefined

  constructor(host: Host, params: AuthDbParams) {
    this.host = host
    this.params = params
  }

  error(text: string): void {
    this.host.log.error('auth_db', text)
  }
}

export async function startAuthDb(state: AuthDb, host: Host): Promise<SetupError | undefined> {
  state.auth = host.api(authApi)
  if (state.auth === undefined) return new SetupError('unable to find bind_auth function. Check if you load the auth module.')
  const loaded = parseCredentialList(state.params.load_credentials, host.prepare)
  if (typeof loaded === 'string') return new SetupError(`failed to parse credentials: ${loaded}`)
  state.loaded = loaded
  const database = await connectDatabase(host.databases, state.params.db_url)
  if (typeof database === 'string') return new SetupError(database)
  state.database = database
  if (state.params.version_table === 0) return undefined
  for (const table of state.tables) {
    const problem = await checkTableVersion(database, table, SUBSCRIBER_VERSION)
    if (problem !== undefined) return new SetupError(problem)
  }
  return undefined
}
