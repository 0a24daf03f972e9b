import { isDbError, type Database } from '../../db/database.ts'
import { SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { parseScheme, type Scheme } from './scheme.ts'

export interface Params {
  readonly db_url: string
  readonly avp_table: string
  readonly use_domain: number
  readonly uuid_column: string
  readonly username_column: string
  readonly domain_column: string
  readonly attribute_column: string
  readonly value_column: string
  readonly type_column: string
  readonly db_scheme: readonly (string | number)[]
}

/** Columns that tell whose AVP a row is. */
export interface Columns {
  readonly uuid: string
  readonly username: string
  readonly domain: string
}

export class Avpops {
  readonly host: Host
  readonly params: Params
  readonly columns: Columns
  readonly schemes: ReadonlyMap<string, Scheme>
  /** Undefined without db_url. */
  database: Database | undefined = undefined

  constructor(host: Host, params: Params, columns: Columns, schemes: ReadonlyMap<string, Scheme>) {
    this.host = host
    this.params = params
    this.columns = columns
    this.schemes = schemes
  }
}

/** Why a function that needs the database cannot be called: there is none. */
export function withoutDatabase(state: unknown): string | undefined {
  return state instanceof Avpops && state.params.db_url === '' ? 'this needs a database: set db_url' : undefined
}

export function setUp(host: Host, params: Params): Avpops | SetupError {
  const columns = { uuid: params.uuid_column, username: params.username_column, domain: params.domain_column }
  const schemes = new Map<string, Scheme>()
  for (const text of params.db_scheme) {
    const scheme = parseScheme(String(text), columns)
    if (typeof scheme === 'string') return new SetupError(`db_scheme: ${scheme}`)
    schemes.set(scheme.name, scheme)
  }
  if (params.db_url !== '' && params.avp_table === '') return new SetupError('avp_table is needed with db_url')
  return new Avpops(host, params, columns, schemes)
}

export async function openDatabase(state: Avpops): Promise<SetupError | undefined> {
  const { host, params } = state
  if (params.db_url === '') return undefined
  const database = host.databases.open(params.db_url)
  if (typeof database === 'string') return new SetupError(`db_url: ${database}`)
  const refused = await database.connect()
  if (refused !== undefined) return new SetupError(`db_url: ${refused.reason}`)
  state.database = database
  return undefined
}

/** Whether the answer of a database is an error, which is logged. */
export function failed<T>({ host }: Avpops, answer: T, what: string): answer is Extract<T, { readonly reason: string }> {
  if (!isDbError(answer)) return false
  host.log.error('avpops', `${what} failed: ${answer.reason}`)
  return true
}
