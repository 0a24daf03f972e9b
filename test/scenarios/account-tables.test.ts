/** The table `uacreg` on each kind of database, and in the versions that Kamailio has had. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemClock } from '../../src/base/clock.ts'
import { createLog, type LogRecord } from '../../src/base/log.ts'
import { main } from '../../src/cli/main.ts'
import type { Database, Databases } from '../../src/db/database.ts'
import { createDatabases } from '../../src/db/databases.ts'
import { redisDriver } from '../../src/db/redis/redis.ts'
import { readKeys } from '../../src/db/redis/table-keys.ts'
import { readAccounts, refreshAccount } from '../../src/modules/uac/load-accounts.ts'
import { uacParams, type UacParams } from '../../src/modules/uac/params.ts'
import type { Account } from '../../src/modules/uac/registration.ts'
import { Registrations } from '../../src/modules/uac/registrations.ts'
import { allDatabases } from '../../src/server/all-databases.ts'
import { missingServer, startMysql, startPostgres, startRedis, type DatabaseServer } from '../support/database-servers.ts'
import { good, temporaryFolder } from '../support/databases.ts'
import { testHost } from '../support/test-host.ts'

const ROW = {
  l_uuid: 'main', l_username: 'office', l_domain: 'example.com', r_username: '0355501234', r_domain: 'carrier.example', realm: '',
  auth_username: 'user', auth_password: 'secret', auth_ha1: '', auth_proxy: 'sip:192.0.2.1', expires: 600, flags: 0, reg_delay: 5,
  contact_addr: '192.0.2.9:5060', socket: 'udp:192.0.2.8:5060',
}
const ACCOUNT: Account = {
  uuid: 'main', localUser: 'office', localDomain: 'example.com', remoteUser: '0355501234', remoteDomain: 'carrier.example', realm: null,
  authUser: 'user', password: 'secret', ha1: null, proxy: 'sip:192.0.2.1', expires: 600, flags: 0, delay: 5,
  contactAddress: '192.0.2.9:5060', socket: 'udp:192.0.2.8:5060',
}

interface Opened {
  readonly database: Database
  readonly uac: Parameters<typeof readAccounts>[0]
  readonly registrations: Registrations
  readonly records: LogRecord[]
}

/** Redis is told how rows lie in it, by the parameter `keys` of db_redis. */
function databasesFor(url: string): Databases {
  if (!url.startsWith('redis:')) return allDatabases()
  const databases = createDatabases()
  const keys = readKeys(['uacreg=entry:l_uuid'])
  assert.ok(typeof keys !== 'string')
  databases.register(redisDriver({ log: createLog(0, () => {}), clock: systemClock, keys, readSchema: () => undefined }))
  return databases
}

/** The module's view of a database that has its tables. */
function open(t: TestContext, url: string): Opened {
  const databases = databasesFor(url)
  t.after(() => databases.close())
  const database = databases.open(url)
  assert.ok(typeof database !== 'string', String(database))
  const records: LogRecord[] = []
  const host = { ...testHost({ records }), databases }
  const initial = Object.fromEntries(Object.entries(uacParams).map(([name, { initial: value }]) => [name, value])) as UacParams
  const params = { ...initial, reg_db_url: url, reg_contact_addr: '192.0.2.7' }
  return { database, uac: { host, params }, registrations: new Registrations(host, params), records }
}

const cellsOf = (row: Readonly<Record<string, string | number>>): { column: string, value: string | number }[] =>
  Object.entries(row).map(([column, value]) => ({ column, value }))

async function create(url: string): Promise<void> {
  assert.equal(await main(['db', 'create', url, 'uac'], { out: () => {}, err: () => {}, isColoured: false }), 0)
}

const servers: readonly { readonly name: 'mysql' | 'postgres' | 'redis', readonly begin: () => Promise<DatabaseServer> }[] = [
  { name: 'mysql', begin: startMysql }, { name: 'postgres', begin: startPostgres }, { name: 'redis', begin: startRedis },
]
const kinds = [
  { name: 'sqlite', missing: false as const, urlOf: (t: TestContext) => Promise.resolve(`sqlite:///${temporaryFolder(t)}/a.db`) },
  {
    name: 'text', missing: false as const,
    urlOf: (t: TestContext) => {
      const folder = join(temporaryFolder(t), 'tables')
      mkdirSync(folder)
      return Promise.resolve(`text://${folder}`)
    },
  },
  ...servers.map(({ name, begin }) => ({
    name, missing: missingServer(name),
    urlOf: async (t: TestContext) => {
      const server = await begin()
      t.after(() => server.stop())
      return server.url
    },
  })),
]

const versions: readonly { readonly version: number, readonly lacks: 'contact_addr' | 'socket' }[] = [
  { version: 4, lacks: 'contact_addr' }, { version: 3, lacks: 'socket' },
]

for (const { name, missing, urlOf } of kinds) {
  test(`accounts are read from ${name}, all and one, in tables of each version`, { skip: missing }, async (t) => {
    const url = await urlOf(t)
    await create(url)
    const { database, uac, registrations } = open(t, url)
    good(await database.write({ kind: 'insert', table: 'uacreg', cells: cellsOf({ id: 1, ...ROW }), key: ['l_uuid'] }))
    assert.deepEqual(await readAccounts(uac, registrations), [ACCOUNT])
    assert.equal(await refreshAccount(uac, registrations, 'main'), 1)
    assert.deepEqual(registrations.find('main')?.account, ACCOUNT)
    assert.equal(await refreshAccount(uac, registrations, 'nobody'), 0)
    if (!database.hasSql) return
    let account: Account = ACCOUNT
    for (const { version, lacks } of versions) {
      good(await database.execute(`ALTER TABLE uacreg DROP COLUMN ${lacks}`))
      good(await database.execute("UPDATE version SET table_version = ? WHERE table_name = 'uacreg'", [version]))
      account = { ...account, ...(lacks === 'socket' ? { socket: null } : { contactAddress: null }) }
      assert.deepEqual(await readAccounts(uac, new Registrations(uac.host, uac.params)), [account], `version ${version}`)
    }
  })
}

test('a table of another version is refused', async (t) => {
  const url = `sqlite:///${temporaryFolder(t)}/a.db`
  await create(url)
  const { database, uac, registrations } = open(t, url)
  good(await database.execute('UPDATE version SET table_version = 6'))
  assert.match(String(await readAccounts(uac, registrations)), /version 6, and 3, 4 or 5 is needed/)
})

test('rows that nobody can register are left out, and the log says why', async (t) => {
  const url = `sqlite:///${temporaryFolder(t)}/a.db`
  await create(url)
  const { database, uac, registrations, records } = open(t, url)
  const rows = [{ l_uuid: 'a', auth_password: '' }, { l_uuid: 'b', auth_ha1: 'short' }, { l_uuid: 'c', auth_proxy: '' }, { l_uuid: '' }]
  for (const row of rows) good(await database.write({ kind: 'insert', table: 'uacreg', cells: cellsOf({ ...ROW, ...row }) }))
  assert.deepEqual(await readAccounts(uac, registrations), [])
  assert.equal(records.length, rows.length)
})
