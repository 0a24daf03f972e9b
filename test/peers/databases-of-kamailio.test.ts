/** Kamailio on tables that `kahea db create` made: it starts, writes a contact, and what it wrote is read here, dates in a time zone of their own. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { main } from '../../src/cli/main.ts'
import { systemClock } from '../../src/base/clock.ts'
import { createLog } from '../../src/base/log.ts'
import { createDatabases } from '../../src/db/databases.ts'
import { redisDriver } from '../../src/db/redis/redis.ts'
import { readKeys } from '../../src/db/redis/table-keys.ts'
import { allDatabases } from '../../src/server/all-databases.ts'
import { missingServer, startMysql, startPostgres, startRedis } from '../support/database-servers.ts'
import { good, temporaryFolder } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { until } from '../support/until.ts'
import { startKamailio } from './kamailio.ts'

const TIME_ZONE = 'Asia/Kolkata'
process.env['TZ'] = TIME_ZONE

const ADDRESS = '127.0.45.1'
const EXPIRES = 600
const kamailio = missingPrograms('kamailio')
const REDIS_KEYS = ['version=entry:table_name', 'location=entry:ruid&usrdom:username,domain&timer:partition,keepalive']

const configuration = (port: number, driver: string, url: string, withTables: boolean): string => `
listen=udp:${ADDRESS}:${port}
children=1
debug=0
log_stderror=yes
loadmodule "${driver}.so"
${driver === 'db_redis' ? REDIS_KEYS.map((keys) => `modparam("db_redis", "keys", "${keys}")\n`).join('') : ''}
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
modparam("usrloc", "db_url", "${url}")
modparam("usrloc", "db_mode", 1)
${withTables ? `
loadmodule "dialog.so"
loadmodule "permissions.so"
loadmodule "domain.so"
loadmodule "dialplan.so"
loadmodule "auth.so"
loadmodule "auth_db.so"
modparam("dialog|permissions|domain|dialplan|auth_db", "db_url", "${url}")
modparam("dialog", "db_mode", 1)
` : ''}
request_route { save("location"); }
`

async function register(port: number): Promise<string> {
  const socket = createSocket('udp4')
  let answer = ''
  socket.on('message', (bytes) => { answer = bytes.toString('latin1') })
  socket.send(
    `REGISTER sip:${ADDRESS} SIP/2.0\r\nVia: SIP/2.0/UDP ${ADDRESS};rport;branch=z9hG4bKr\r\nMax-Forwards: 70\r\nFrom: <sip:alice@${ADDRESS}>;tag=1\r\n`
    + `To: <sip:alice@${ADDRESS}>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\nUser-Agent: Zo\u00eb\r\nContact: <sip:alice@192.0.2.7:5070>;q=0.5;expires=${EXPIRES}\r\n`
    + 'Content-Length: 0\r\n\r\n', port, ADDRESS)
  await until(() => answer !== '', () => 'REGISTER was not answered').finally(() => socket.close())
  return answer.slice(0, answer.indexOf('\r\n'))
}

async function onOurTables(t: TestContext, driver: string, url: string, withTables = true): Promise<void> {
  let said = ''
  const note = (text: string): void => { said += text }
  assert.equal(await main(['db', 'create', url, 'all'], { out: note, err: note, isColoured: false }), 0, said)
  assert.equal(await main(['db', 'check', url, 'all'], { out: note, err: note, isColoured: false }), 0, said)
  const folder = temporaryFolder(t)
  chmodSync(folder, 0o777)
  const port = await freePort(ADDRESS)
  const cfg = configuration(port, driver, url, withTables)
  writeFileSync(join(folder, 'kamailio.cfg'), cfg)
  const server = await startKamailio(join(folder, 'kamailio.cfg'), cfg, folder, TIME_ZONE)
  const nowSeconds = Date.now() / 1000
  assert.equal(await register(port).finally(() => server.stop()), 'SIP/2.0 200 OK', server.output())
  assert.doesNotMatch(server.output(), / (?:ERROR|CRITICAL): (?:db_|usrloc|registrar|dialog|permissions|domain|dialplan|auth_db|<core> \[db)/)
  const databases = driver === 'db_redis' ? redisDatabases() : allDatabases()
  t.after(() => databases.close())
  const database = databases.open(url)
  assert.ok(typeof database !== 'string')
  const columns = ['username', 'contact', 'q', 'user_agent', 'domain', 'cflags', { name: 'expires', type: 'datetime' as const }]
  const { rows } = good(await database.select({ table: 'location', columns }))
  assert.equal(rows.length, 1)
  const [row = []] = rows
  assert.deepEqual(row.slice(0, 5), ['alice', 'sip:alice@192.0.2.7:5070', 0.5, 'Zo\xc3\xab', null])
  assert.ok(Math.abs(Number(row[6]) - nowSeconds - EXPIRES) < 10, `expires ${row[6]}, now ${nowSeconds}`)
}

function redisDatabases() {
  const databases = createDatabases()
  const keys = readKeys(REDIS_KEYS)
  assert.ok(typeof keys !== 'string')
  databases.register(redisDriver({ log: createLog(0, () => undefined), clock: systemClock, keys, readSchema: () => undefined }))
  return databases
}

test('Kamailio works on our tables in SQLite', { skip: kamailio }, async (t) => {
  const folder = temporaryFolder(t)
  await onOurTables(t, 'db_sqlite', `sqlite:///${folder}/k.db`)
})

test('Kamailio works on our tables in text files', { skip: kamailio }, async (t) => {
  const folder = join(temporaryFolder(t), 'tables')
  mkdirSync(folder)
  await onOurTables(t, 'db_text', `text://${folder}`)
})

const servers = [['mysql', startMysql], ['postgres', startPostgres], ['redis', startRedis]] as const

for (const [name, start] of servers) {
  test(`Kamailio works on our tables in ${name}`, { skip: kamailio || missingServer(name) }, async (t) => {
    const server = await start()
    t.after(() => server.stop())
    await onOurTables(t, `db_${name}`, server.url, name !== 'redis')
  })
}
