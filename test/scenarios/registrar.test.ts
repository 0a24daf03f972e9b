/** examples/registrar as its README says: two baresip phones register and call each other, and are known again after a crash. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startPhone, type Phone } from '../peers/baresip.ts'
import { startKamailio } from '../peers/kamailio.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const example = join(import.meta.dirname, '..', '..', 'examples', 'registrar', 'kamailio.cfg')
const TABLES = '/usr/share/kamailio/db_sqlite'
const PROXY = '127.0.61.31'
const [ALICE, BOB] = ['127.0.61.32', '127.0.61.33']
const missing = missingPrograms('baresip', 'sqlite3', 'kamailio')

interface Place {
  readonly proxy: string
  readonly path: string
  readonly cfg: string
  readonly folder: string
  rows(sql: string): string
}

/** The example with an address and a database of this test's own. */
async function prepare(change: (text: string) => string = (text) => text): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-registrar-'))
  const proxy = `${PROXY}:${await freePort(PROXY)}`
  const file = join(folder, 'location.db')
  for (const name of ['standard', 'usrloc']) {
    execFileSync('sqlite3', [file], { input: `PRAGMA journal_mode = OFF;\n${readFileSync(join(TABLES, `${name}-create.sql`), 'latin1')}` })
  }
  const cfg = change(readFileSync(example, 'latin1').replaceAll('127.0.0.1:5060', proxy).replace('/tmp/kahea-location.db', file))
  const path = join(folder, 'kamailio.cfg')
  writeFileSync(path, cfg, 'latin1')
  return { proxy, path, cfg, folder, rows: (sql) => execFileSync('sqlite3', [file, sql], { encoding: 'utf8' }).trim() }
}

const start = ({ path, folder }: Place): Promise<RunningServer> => startKahea(['-f', path, '-DD', '-E', '-w', folder, '-Y', folder])

async function phone(t: TestContext, place: Place, user: string, address: string, transport: 'udp' | 'tcp'): Promise<Phone> {
  const started = await startPhone({ user, address, transport, domain: place.proxy, folder: place.folder, registersForS: 600 })
  t.after(() => started.quit())
  await started.registered()
  return started
}

for (const transport of ['udp', 'tcp'] as const) {
  test(`two phones register over ${transport} and call each other`, { skip: missing }, async (t) => {
    const place = await prepare()
    const server = await start(place)
    t.after(() => server.stop())
    const alice = await phone(t, place, 'alice', ALICE, transport)
    const bob = await phone(t, place, 'bob', BOB, transport)
    assert.equal(place.rows('SELECT username FROM location ORDER BY username'), 'alice\nbob')
    for (const [caller, callee, name] of [[alice, bob, 'bob'], [bob, alice, 'alice']] as const) {
      caller.command('dial', `sip:${name}@${place.proxy};transport=${transport}`)
      await callee.saw('CALL_INCOMING')
      callee.command('accept')
      await caller.saw('CALL_ESTABLISHED')
      caller.command('hangup')
      await callee.saw('CALL_CLOSED')
    }
    alice.command('dial', `sip:nobody@${place.proxy};transport=${transport}`)
    await until(() => alice.events.some((event) => event.startsWith('CALL_CLOSED 404')), () => alice.events.join(', '))
    // They take leave of the registrar, while it is there.
    await Promise.all([alice.quit(), bob.quit()])
    assert.equal(place.rows('SELECT username FROM location'), '')
  })
}

/** Contacts as another server left them: whether both find the phone, one after the other on the same file. */
const handOvers = [
  { from: 'Kamailio', to: 'Kāhea' },
  { from: 'Kāhea', to: 'Kamailio' },
]

for (const { from, to } of handOvers) {
  for (const mode of [1, 2]) {
    test(`${to} takes over the contacts that ${from} left in the table, db_mode ${mode}`, { skip: missing }, async (t) => {
      const place = await prepare((text) => text.replace('"db_mode", 1', `"db_mode", ${mode}`))
      const servers: Readonly<Record<string, () => Promise<RunningServer>>> = {
        Kamailio: () => startKamailio(place.path, place.cfg, place.folder),
        'Kāhea': () => start(place),
      }
      const begin = async (name: string): Promise<RunningServer> => (await servers[name]?.()) ?? assert.fail(name)
      const first = await begin(from)
      const bob = await phone(t, place, 'bob', BOB, 'udp')
      await first.stop()
      const second = await begin(to)
      t.after(() => second.stop())
      const alice = await phone(t, place, 'alice', ALICE, 'udp')
      alice.command('dial', `sip:bob@${place.proxy}`)
      await bob.saw('CALL_INCOMING')
      bob.command('accept')
      await alice.saw('CALL_ESTABLISHED')
      alice.command('hangup')
      await bob.saw('CALL_CLOSED')
      await Promise.all([alice.quit(), bob.quit()])
    })
  }
}

test('every contact that got a 200 is there after kill -9', { skip: missingPrograms('sqlite3', 'sipp') || missing }, async (t) => {
  const place = await prepare()
  const program = join(import.meta.dirname, '..', '..', 'bin', 'kahea.js')
  const command = [program, '-f', place.path, '-DD', '-E', '-w', place.folder, '-Y', place.folder]
  const server = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  server.stderr.on('data', (bytes: Buffer) => { log += bytes.toString('latin1') })
  await until(() => log.includes('Listening on') || server.exitCode !== null, () => log).catch(() => undefined)
  const scenario = join(place.folder, 'register.xml')
  writeFileSync(scenario, REGISTER)
  const accepted = join(place.folder, 'accepted.log')
  const phones = spawn('sipp', [
    place.proxy, '-sf', scenario, '-i', ALICE, '-m', '2000', '-r', '1000', '-l', '200', '-nostdin', '-trace_logs', '-log_file', accepted,
  ], { stdio: 'ignore', cwd: place.folder })
  t.after(() => { phones.kill('SIGKILL') })
  const known = (): readonly string[] => {
    try {
      return [...readFileSync(accepted, 'latin1').matchAll(/accepted (\w+)/g)].map(([, user = '']) => user)
    } catch {
      return []
    }
  }
  await until(() => known().length > 300, () => `${known().length} phones\n${log}`)
  server.kill('SIGKILL')
  await new Promise<void>((resolve) => { server.once('exit', () => resolve()) })
  phones.kill('SIGKILL')
  const stored = new Set(place.rows('SELECT username FROM location').split('\n'))
  const lost = known().filter((user) => !stored.has(user))
  assert.deepEqual(lost, [])
})

const REGISTER = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="phone">
<send retrans="500"><![CDATA[
REGISTER sip:[remote_ip] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:phone[call_number]@[remote_ip]>;tag=[call_number]
To: <sip:phone[call_number]@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 REGISTER
Contact: <sip:phone[call_number]@[local_ip]:[local_port]>
Max-Forwards: 70
Expires: 600
Content-Length: 0

]]></send>
<recv response="200"><action><log message="accepted phone[call_number]"/></action></recv>
</scenario>
`
