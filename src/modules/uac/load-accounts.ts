/** Reading accounts from the table `uacreg`. */
import { isDbError, type Database, type DbValue } from '../../db/database.ts'
import { connectDatabase } from '../../db/connect.ts'
import { passwordProblem, RegFlag, type Account } from './registration.ts'
import type { Registrations } from './registrations.ts'
import type { Uac } from './state.ts'

const COLUMNS = [
  'l_uuid', 'l_username', 'l_domain', 'r_username', 'r_domain', 'realm', 'auth_username', 'auth_password', 'auth_ha1', 'auth_proxy',
  'expires', 'flags', 'reg_delay',
] as const
/** Columns by version of the table: 3 up to Kamailio 5.2, 4 in 5.3 and 5.4, 5 from 5.5 on. */
const COLUMNS_OF_VERSION: Readonly<Record<number, readonly string[]>> = {
  3: COLUMNS, 4: [...COLUMNS, 'socket'], 5: [...COLUMNS, 'contact_addr', 'socket'],
}
const ROWS_AT_ONCE = 1000
/** Columns that may be empty; others are refused then, but may be NULL. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['realm', 'auth_password', 'auth_ha1', 'contact_addr', 'socket'])

/** Of the module's state, what reading needs. */
type Source = Pick<Uac, 'host' | 'params'>

/** Connects and looks at the version of the table; a text says what is wrong. */
async function open({ host, params }: Source, registrations: Registrations): Promise<Database | string> {
  if (registrations.database !== undefined) return registrations.database
  const database = await connectDatabase(host.databases, params.reg_db_url)
  if (typeof database === 'string') return database
  const table = params.reg_db_table
  const where = [{ column: 'table_name', value: table }]
  const found = await database.select({ table: host.settings.version_table, columns: ['table_version'], where })
  if (isDbError(found)) return `the version of table ${table} cannot be read: ${found.reason}`
  const version = Number(found.rows[0]?.[0] ?? 0)
  const columns = COLUMNS_OF_VERSION[version]
  if (columns === undefined) return `table ${table} has version ${version}, and 3, 4 or 5 is needed: kahea db create makes it`
  registrations.columns = columns
  registrations.database = database
  return database
}

/** All accounts of the table; a text says why they cannot be read. */
export async function readAccounts(uac: Source, registrations: Registrations): Promise<readonly Account[] | string> {
  const database = await open(uac, registrations)
  if (typeof database === 'string') return database
  const accounts: Account[] = []
  const { columns } = registrations
  const count = await database.scan({ table: uac.params.reg_db_table, columns }, ROWS_AT_ONCE, ({ rows }) => {
    for (const row of rows) {
      const account = accountOf(columns, row)
      if (typeof account === 'string') uac.host.log.error('uac', account)
      else accounts.push(account)
    }
  })
  return isDbError(count) ? `Error while querying db: ${count.reason}` : accounts
}

/** Reads one account again: 1, 0 when the table has none, -1 when it cannot be read. */
export async function refreshAccount(uac: Source, registrations: Registrations, uuid: string): Promise<number> {
  const { host, params } = uac
  const database = await open(uac, registrations)
  if (typeof database === 'string') {
    host.log.error('uac', database)
    return -1
  }
  const { columns } = registrations
  const found = await database.select({ table: params.reg_db_table, columns, where: [{ column: 'l_uuid', value: uuid }] })
  if (isDbError(found)) {
    host.log.error('uac', `Error while querying db: ${found.reason}`)
    return -1
  }
  const [row] = found.rows
  if (row === undefined) return 0
  const account = accountOf(columns, row)
  if (typeof account === 'string') {
    host.log.error('uac', account)
    return 1
  }
  const known = registrations.find(uuid)
  const kept = known === undefined ? 0 : known.flags & (RegFlag.ongoing | RegFlag.authSent)
  if (known !== undefined) registrations.remove(known)
  registrations.add(account).set(kept)
  return 1
}

function accountOf(columns: readonly string[], row: readonly DbValue[]): Account | string {
  const valueOf = (column: string): DbValue => row[columns.indexOf(column)] ?? null
  const emptyAt = columns.findIndex((column, index) => row[index] === '' && !MAY_BE_EMPTY.has(column))
  const password = textOf(valueOf('auth_password'))
  const ha1 = textOf(valueOf('auth_ha1'))
  const problem = passwordProblem(password, ha1)
  const empty = `empty value not allowed for column[${emptyAt}]='${columns[emptyAt] ?? ''}' - ignoring record`
  // Kamailio looks at the passwords in front of the last text that must not be empty.
  if (emptyAt >= 0 && emptyAt < columns.indexOf('auth_proxy')) return empty
  if (problem !== undefined) return problem
  if (emptyAt >= 0) return empty
  return {
    uuid: textOf(valueOf('l_uuid')),
    localUser: textOf(valueOf('l_username')),
    localDomain: textOf(valueOf('l_domain')),
    remoteUser: textOf(valueOf('r_username')),
    remoteDomain: textOf(valueOf('r_domain')),
    realm: textOf(valueOf('realm')),
    authUser: textOf(valueOf('auth_username')),
    password,
    ha1,
    proxy: textOf(valueOf('auth_proxy')),
    contactAddress: textOf(valueOf('contact_addr')),
    socket: textOf(valueOf('socket')),
    expires: Number(valueOf('expires') ?? 0),
    flags: Number(valueOf('flags') ?? 0),
    delay: Number(valueOf('reg_delay') ?? 0),
  }
}

const textOf = (value: DbValue): string | null => (value === null || value === '' ? null : String(value))
