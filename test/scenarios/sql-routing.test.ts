/** The example sql-routing on SQLite, MariaDB and PostgreSQL: what callers hear, what is in the table, a server that goes away, a slow query. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Database } from '../../src/db/database.ts'
import { allDatabases } from '../../src/server/all-databases.ts'
import { missingServer, startMysql, startPostgres, type DatabaseServer } from '../support/database-servers.ts'
import { good, rowsOf, temporaryFolder } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const ADDRESS = '127.0.44.1'
const CALLER = '127.0.44.2'
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'sql-routing', 'kamailio.cfg')
const INSERT = "INSERT INTO contacts (source, name) VALUES ('200', 'Nick Deskphone')"

/** Sends requests and keeps the first lines of what is answered, by Call-ID. */
class Caller {
  readonly answers = new Map<string, string>()
  readonly #socket = createSocket('udp4')
  readonly #port: number
  #count = 0

  constructor(t: TestContext, port: number) {
    this.#port = port
    this.#socket.bind(0, CALLER)
    this.#socket.on('message', (bytes) => {
      const text = bytes.toString('latin1')
      this.answers.set(/^Call-ID: (.*)\r$/m.exec(text)?.[1] ?? '', text.slice(0, text.indexOf('\r\n')))
    })
    t.after(() => this.#socket.close())
  }

  send(method: string, user: string, options: { readonly name?: string; readonly headers?: string } = {}): string {
    const id = `call-${++this.#count}`
    const { name = 'Alice', headers = '' } = options
    this.#socket.send(Buffer.from(
      `${method} sip:${user}@${ADDRESS} SIP/2.0\r\nVia: SIP/2.0/UDP ${CALLER};rport;branch=z9hG4bK${id}\r\nMax-Forwards: 70\r\n`
      + `From: "${name}" <sip:${method === 'REGISTER' ? user : 'alice'}@${ADDRESS}>;tag=1\r\nTo: <sip:${user}@${ADDRESS}>\r\nCall-ID: ${id}\r\n`
      + `CSeq: 1 ${method}\r\n${headers}Content-Length: 0\r\n\r\n`, 'latin1'), this.#port, ADDRESS)
    return id
  }

  async ask(...request: Parameters<Caller['send']>): Promise<string> {
    const id = this.send(...request)
    await until(() => this.answers.has(id), () => `${request.join(' ')} was not answered`)
    return this.answers.get(id) ?? ''
  }
}

interface Running {
  readonly caller: Caller
  readonly database: Database
  readonly server: RunningServer
}

async function runExample(t: TestContext, url: string, create: string, flags: readonly string[], more = ''): Promise<Running> {
  const databases = allDatabases()
  t.after(() => databases.close())
  const database = databases.open(url)
  assert.ok(typeof database !== 'string')
  good(await database.execute(create))
  good(await database.execute(INSERT))
  const port = await freePort(ADDRESS)
  const file = join(temporaryFolder(t), 'kamailio.cfg')
  const text = readFileSync(EXAMPLE, 'latin1').replaceAll('127.0.0.1:5060', `${ADDRESS}:${port}`)
  writeFileSync(file, text.replace('request_route {', `request_route {\n${more}`), 'latin1')
  const server = await startKahea(['-f', file, '-DD', '-E', '-A', `SQLCON="contacts_db=>${url}"`, ...flags])
  t.after(() => server.stop())
  return { caller: new Caller(t, port), database, server }
}

async function asInTheArticle({ caller, database, server }: Running): Promise<void> {
  assert.equal(await caller.ask('INVITE', '200'), 'SIP/2.0 410 Sorry Nick Deskphone has gone home')
  assert.equal(await caller.ask('INVITE', '201'), 'SIP/2.0 404 Never heard of them')
  assert.equal(await caller.ask('INVITE', "'%20or%20'1'='1"), 'SIP/2.0 404 Never heard of them')
  assert.equal(await caller.ask('INVITE', "200'or'1'='1"), 'SIP/2.0 404 Never heard of them')
  await until(() => /number of rows in table is 1, of columns 3/.test(server.output()), () => server.output())
  await until(() => /name is Nick Deskphone/.test(server.output()), () => server.output())
  assert.equal(await caller.ask('REGISTER', 'bob', { name: "O'Brien \\ Zo\xc3\xab" }), 'SIP/2.0 200 OK')
  assert.equal(await caller.ask('REGISTER', 'carol'), 'SIP/2.0 200 OK')
  assert.equal(await caller.ask('REGISTER', 'carol', { name: 'Carol' }), 'SIP/2.0 200 OK')
  assert.equal(await caller.ask('REGISTER', '200', { headers: 'Expires: 0\r\n' }), 'SIP/2.0 200 OK')
  const rows = await rowsOf(database, 'SELECT source, name FROM contacts ORDER BY id')
  assert.equal(rows.length, 2)
  assert.match(String(rows[0]?.[1]), /O'Brien .* Zo\xc3\xab/)
  assert.deepEqual(rows[1], ['carol', '"Carol"'])
  assert.equal(await caller.ask('INVITE', 'carol'), 'SIP/2.0 410 Sorry "Carol" has gone home')
}

/** A call that asks the database to take its time, and others meanwhile. */
async function slowForOneOnly({ caller }: Running): Promise<void> {
  const slow = caller.send('INVITE', 'slow')
  for (let count = 0; count < 20; count++) assert.match(await caller.ask('INVITE', `2${count}`), /404/)
  assert.ok(!caller.answers.has(slow), 'the slow call is still waiting')
  await until(() => caller.answers.has(slow), () => 'the slow call was never answered')
}

const slowRoute = (query: string): string => `if ($rU == "slow") { sql_query("contacts_db", "${query}", "slow"); }\n`

async function awayAndBack({ caller, server }: Running, database: DatabaseServer): Promise<void> {
  await database.kill()
  for (let count = 0; count < 3; count++) assert.equal(await caller.ask('INVITE', 'carol'), 'SIP/2.0 500 Phonebook not at hand')
  await database.restart()
  await until(() => server.output().includes(' is back'), () => server.output(), 20_000)
  assert.equal(await caller.ask('INVITE', 'carol'), 'SIP/2.0 410 Sorry "Carol" has gone home')
  assert.equal(server.output().split('cannot be reached').length - 1, 1)
}

test('sql-routing answers by an SQLite file; a slow query is waited for by those who ask the same file', async (t) => {
  const url = `sqlite:///${temporaryFolder(t)}/phonebook.db`
  const running = await runExample(t, url, 'CREATE TABLE contacts (id INTEGER PRIMARY KEY, source TEXT, name TEXT)', [],
    'if ($rU == "quick") { sl_reply("486", "Quick"); exit; }\n' + slowRoute('select sleep(3)'))
  await asInTheArticle(running)
  const slow = running.caller.send('INVITE', 'slow')
  for (let count = 0; count < 20; count++) assert.match(await running.caller.ask('INVITE', 'quick'), /486/)
  assert.ok(!running.caller.answers.has(slow))
  await until(() => running.caller.answers.has(slow), () => 'the slow call was never answered')
})

const servers = [
  { name: 'mysql', start: startMysql, flag: 'WITH_MYSQL', key: 'INT NOT NULL AUTO_INCREMENT PRIMARY KEY', sleep: 'select sleep(3)' },
  { name: 'postgres', start: startPostgres, flag: 'WITH_POSTGRES', key: 'SERIAL PRIMARY KEY', sleep: 'select pg_sleep(3)' },
] as const

for (const { name, start, flag, key, sleep } of servers) {
  test(`sql-routing answers by ${name}, which may be slow, or away`, { skip: missingServer(name) }, async (t) => {
    const database = await start()
    t.after(() => database.stop())
    const create = `CREATE TABLE contacts (id ${key}, source TEXT, name TEXT)`
    const running = await runExample(t, database.url, create, ['-A', flag], slowRoute(sleep))
    await asInTheArticle(running)
    await slowForOneOnly(running)
    await awayAndBack(running, database)
  })
}
