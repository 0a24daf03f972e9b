/** Contacts in MariaDB and PostgreSQL: they outlive the server, and a database that stops under load harms nobody who does not need it. */
import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { main } from '../../src/cli/main.ts'
import { isDbError } from '../../src/db/database.ts'
import { allDatabases } from '../../src/server/all-databases.ts'
import { missingServer, startMysql, startPostgres } from '../support/database-servers.ts'
import { temporaryFolder } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const ADDRESS = '127.0.44.11'
const PHONES = '127.0.44.12'
/** The database is away for so many rounds of registrations and pings; raise it to see more of that. */
const ROUNDS_AWAY = Number(process.env['KAHEA_ROUNDS_AWAY'] ?? 20)
const ROUND_MS = 100

const configuration = (port: number, driver: string, url: string, mode: number): string => `
listen=udp:${ADDRESS}:${port}
log_stderror=yes
loadmodule "${driver}.so"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
modparam("usrloc", "db_url", "${url}")
modparam("usrloc", "db_mode", ${mode})
modparam("usrloc", "timer_interval", 1)
request_route {
	if (is_method("OPTIONS")) { sl_send_reply("200", "Here"); exit; }
	if (is_method("REGISTER")) { save("location"); exit; }
	if (lookup("location")) { sl_send_reply("302", "Known is $rU"); exit; }
	sl_send_reply("404", "Not known");
}
`

/** Phones on one socket: the status line of what is answered, by Call-ID. */
class Phones {
  readonly answers = new Map<string, string>()
  readonly #socket: Socket = createSocket('udp4')
  readonly #port: number
  #count = 0

  constructor(t: TestContext, port: number) {
    this.#port = port
    this.#socket.bind(0, PHONES)
    this.#socket.on('message', (bytes) => {
      const text = bytes.toString('latin1')
      this.answers.set(/^Call-ID: (.*)\r$/m.exec(text)?.[1] ?? '', text.slice('SIP/2.0 '.length, text.indexOf('\r\n')))
    })
    t.after(() => this.#socket.close())
  }

  send(method: string, user: string): string {
    const id = `${method}-${user}-${++this.#count}`
    this.#socket.send(Buffer.from([
      `${method} sip:${method === 'REGISTER' ? '' : `${user}@`}${ADDRESS} SIP/2.0`, `Via: SIP/2.0/UDP ${PHONES};rport;branch=z9hG4bK${id}`,
      `From: <sip:${user}@${ADDRESS}>;tag=1`, `To: <sip:${user}@${ADDRESS}>`, `Call-ID: ${id}`, `CSeq: ${this.#count} ${method}`, 'Max-Forwards: 70',
      ...method === 'REGISTER' ? [`Contact: <sip:${user}@${PHONES}:5070>`, 'Expires: 600'] : [], 'Content-Length: 0', '', '',
    ].join('\r\n'), 'latin1'), this.#port, ADDRESS)
    return id
  }

  async answer(id: string): Promise<string> {
    await until(() => this.answers.has(id), () => `no answer to ${id}`, 20_000)
    return this.answers.get(id) ?? ''
  }

  ask(method: string, user: string): Promise<string> {
    return this.answer(this.send(method, user))
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })

const servers = [
  { name: 'mysql', driver: 'db_mysql', begin: startMysql },
  { name: 'postgres', driver: 'db_postgres', begin: startPostgres },
] as const

for (const { name, driver, begin } of servers) {
  test(`contacts in ${name} outlive the server, and the server outlives ${name}`, { skip: missingServer(name) }, async (t) => {
    const database = await begin()
    t.after(() => database.stop())
    assert.equal(await main(['db', 'create', database.url, 'usrloc']), 0)
    const databases = allDatabases()
    t.after(() => databases.close())
    const table = databases.open(database.url)
    assert.ok(typeof table !== 'string')
    // None while it is still coming back.
    const stored = async (): Promise<readonly unknown[]> => {
      const result = await table.execute('SELECT username FROM location')
      return isDbError(result) ? [] : result.rows.map(([user]) => user)
    }

    for (const mode of [1, 2]) {
      const port = await freePort(ADDRESS)
      const file = join(temporaryFolder(t), 'kamailio.cfg')
      writeFileSync(file, configuration(port, driver, database.url, mode))
      const start = async (): Promise<RunningServer> => {
        const server = await startKahea(['-f', file, '-DD', '-E'])
        t.after(() => server.stop())
        return server
      }
      const phones = new Phones(t, port)
      const first = await start()
      assert.equal(await phones.ask('REGISTER', `alice${mode}`), '200 OK')
      await first.stop()
      const second = await start()
      assert.equal(await phones.ask('INVITE', `alice${mode}`), `302 Known is alice${mode}`)

      await database.kill()
      const [pings, registrations]: [string[], string[]] = [[], []]
      for (let round = 0; round < ROUNDS_AWAY; round++) {
        registrations.push(phones.send('REGISTER', `away${mode}-${round}`))
        pings.push(phones.send('OPTIONS', `ping${mode}-${round}`))
        await pause(ROUND_MS)
      }
      for (const id of pings) assert.equal(await phones.answer(id), '200 Here')
      for (const id of registrations) assert.match(await phones.answer(id), mode === 2 ? /^200 / : /^(200|500) /)
      assert.equal(await phones.ask('INVITE', `alice${mode}`), `302 Known is alice${mode}`)

      await database.restart()
      const kept = async (user: string): Promise<void> => {
        const endMs = performance.now() + 30_000
        while (!(await stored()).includes(user)) {
          assert.ok(performance.now() < endMs, `${user} is not stored\n${second.output()}`)
          await pause(ROUND_MS)
        }
      }
      if (mode === 2) for (let round = 0; round < ROUNDS_AWAY; round++) await kept(`away${mode}-${round}`)
      for (let tries = 0; await phones.ask('REGISTER', `bob${mode}`) !== '200 OK'; tries++) {
        assert.ok(tries < 100, second.output())
        await pause(ROUND_MS)
      }
      await kept(`bob${mode}`)
      assert.equal(await second.stop(), 0)
    }
  })
}
