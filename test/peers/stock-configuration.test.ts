/** Debian's own /etc/kamailio/kamailio.cfg, unchanged: what two phones and the database see of Kāhea and of Kamailio is the same. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ServerProcess } from '../differential/harness/server-process.ts'
import { missingServer, SERVER_ADDRESS, startMysql, type DatabaseServer } from '../support/database-servers.ts'
import { missingPrograms, programPath } from '../support/installed.ts'
import { headerOf, Phone, statusOf } from './stock-phone.ts'

const CONFIGURATION = '/etc/kamailio/kamailio.cfg'
const SERVER = { address: '127.0.58.1', port: 5060 }
const START_MS_MAX = 15_000
const TABLES = ['standard', 'acc', 'alias_db', 'auth_db', 'domain', 'permissions', 'speeddial', 'usrloc']
const ROWS = `
INSERT INTO subscriber (username, domain, password) VALUES ('alice', '127.0.58.1', 'secret-a'), ('bob', '127.0.58.1', 'secret-b'),
  ('alice', 'stock.example', 'secret-a'), ('bob', 'stock.example', 'secret-b');
INSERT INTO address (grp, ip_addr, mask, port) VALUES (1, '127.0.58.4', 32, 0);
INSERT INTO dbaliases (alias_username, alias_domain, username, domain) VALUES ('bobby', '127.0.58.1', 'bob', '127.0.58.1');
INSERT INTO speed_dial (username, domain, sd_username, sd_domain, new_uri) VALUES ('alice', '127.0.58.1', '12', '127.0.58.1', 'sip:bob@127.0.58.1');
INSERT INTO domain (domain, did) VALUES ('stock.example', 'stock.example');
${['acc', 'missed_calls'].map((table) => `ALTER TABLE ${table} ADD COLUMN src_user VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN src_domain VARCHAR(128) NOT NULL DEFAULT '', ADD COLUMN src_ip VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN dst_ouser VARCHAR(64) NOT NULL DEFAULT '', ADD COLUMN dst_user VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN dst_domain VARCHAR(128) NOT NULL DEFAULT '';`).join('\n')}
`

/** Alone and together. */
const optionSets: readonly (readonly string[])[] = [
  [],
  ['AUTH'],
  ['AUTH', 'IPAUTH'],
  ['USRLOCDB'],
  ['ACCDB'],
  ['ALIASDB'],
  ['SPEEDDIAL'],
  ['MULTIDOMAIN'],
  ['NAT'],
  ['AUTH', 'IPAUTH', 'USRLOCDB', 'ACCDB', 'ALIASDB', 'SPEEDDIAL', 'MULTIDOMAIN', 'NAT'],
]

interface Observation {
  /** What each phone saw. */
  readonly alice: readonly string[]
  readonly bob: readonly string[]
  readonly trusted: readonly string[]
  /** What stood in the database at the end. */
  readonly rows: readonly string[]
}

let database: DatabaseServer | undefined

const sql = (text: string): string => {
  const run = spawnSync(
    'mariadb', ['--no-defaults', '-h', SERVER_ADDRESS, '-P', String(database?.port), '-ukamailio', '-pkamailiorw', '-N', 'kamailio'],
    { input: text, encoding: 'latin1' },
  )
  assert.equal(run.status, 0, run.stderr)
  return run.stdout
}

/** Takes out what is random, counts time, or names the product. */
function shown(message: string): string {
  return message
    .replace(/z9hG4bK[0-9a-f]{1,8}\.[0-9a-f.]{16,40}/g, '<branch>')
    .replace(/nonce="[^"]*"/g, 'nonce="<nonce>"')
    .replace(/;tag=[0-9a-f]{20,}[.-][0-9a-f]+/g, ';tag=<tag>')
    .replace(/^(Server|User-Agent): .*\r\n/gm, '')
    .replace(/;expires=\d+/g, ';expires=<seconds>')
}

async function call(alice: Phone, bob: Phone, uri: string, callId: string): Promise<void> {
  const replying = alice.request({ method: 'INVITE', uri, callId, headers: ['Content-Type: application/sdp'], body: 'v=0\r\n' })
  const invite = await Promise.race([bob.next(), replying.then((reply) => { throw new Error(`no call, but\n${reply}`) })])
  bob.answer(invite, '180 Ringing')
  assert.equal(statusOf(await replying), 180)
  bob.answer(invite, '200 OK', 'v=0\r\n')
  const accepted = await alice.next()
  assert.equal(statusOf(accepted), 200)
  alice.acknowledge(accepted, uri)
  assert.match(await bob.next(), /^ACK /)
  const ending = alice.bye(accepted)
  const bye = await bob.next()
  assert.match(bye, /^BYE /)
  bob.answer(bye, '200 OK')
  assert.equal(statusOf(await ending), 200)
}

/** The phones' day: they register, call each other by all names there are, and call one who is not there. */
async function day(options: readonly string[], phones: { alice: Phone; bob: Phone; trusted: Phone }): Promise<void> {
  const { alice, bob, trusted } = phones
  const { domain } = alice.account
  const registrar = `sip:${domain}`
  for (const phone of [alice, bob]) {
    const reply = await phone.request({
      method: 'REGISTER', uri: registrar, to: `sip:${phone.account.user}@${domain}`, callId: `reg-${phone.account.user}`, headers: ['Expires: 600'],
    })
    assert.equal(statusOf(reply), 200, reply)
    assert.ok(headerOf(reply, 'Contact').includes(phone.contact), reply)
  }
  assert.equal(statusOf(await alice.request({ method: 'OPTIONS', uri: registrar, callId: 'ping' })), 200)
  await call(alice, bob, `sip:bob@${domain}`, 'call-1')
  if (options.includes('ALIASDB')) await call(alice, bob, `sip:bobby@${SERVER.address}`, 'call-alias')
  if (options.includes('SPEEDDIAL')) await call(alice, bob, `sip:12@${SERVER.address}`, 'call-speed')
  if (options.includes('IPAUTH')) await call(trusted, bob, `sip:bob@${domain}`, 'call-trusted')
  const missing = await alice.request({ method: 'INVITE', uri: `sip:nobody@${domain}`, callId: 'call-nobody' })
  assert.equal(statusOf(missing), 404, missing)
  alice.acknowledge(missing, `sip:nobody@${domain}`)
  const busy = alice.request({ method: 'INVITE', uri: `sip:bob@${domain}`, callId: 'call-busy' })
  bob.answer(await bob.next(), '486 Busy Here')
  const refused = await busy
  assert.equal(statusOf(refused), 486, refused)
  alice.acknowledge(refused, `sip:bob@${domain}`)
  assert.match(await bob.next(), /^ACK /)
}

function rowsOf(options: readonly string[]): readonly string[] {
  const queries = [
    ...options.includes('ACCDB')
      ? ['acc', 'missed_calls'].map((table) => `SELECT '${table}', method, sip_code, callid, src_user, src_domain, src_ip, dst_ouser, dst_user, dst_domain FROM ${table} ORDER BY id;`)
      : [],
    ...options.includes('USRLOCDB') ? ["SELECT 'location', username, domain, contact, callid, socket, methods FROM location ORDER BY username;"] : [],
  ]
  return queries.flatMap((query) => sql(query).split('\n').filter((row) => row !== ''))
}

async function observe(program: { name: string; command: string; args: string[] }, options: readonly string[]): Promise<Observation> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-stock-'))
  const [domain, url] = [options.includes('MULTIDOMAIN') && options.length === 1 ? 'stock.example' : SERVER.address, database?.url ?? '']
  if (database !== undefined) sql('DELETE FROM location; DELETE FROM acc; DELETE FROM missed_calls;')
  const defines = [...options.length > 0 ? ['MYSQL'] : [], ...options].flatMap((name) => ['-A', `WITH_${name}`])
  const server = new ServerProcess(program, [
    '-f', CONFIGURATION, '-DD', '-E', '-w', folder, '-Y', folder, '-P', join(folder, 'pid'), '-m', '64', '-M', '8', '-n', '1', '-N', '1',
    '-l', `udp:${SERVER.address}:${SERVER.port}`, '-l', `tcp:${SERVER.address}:${SERVER.port}`, '-A', `DBURL="${url}"`, ...defines,
  ], [{ transport: 'udp', ...SERVER }, { transport: 'tcp', ...SERVER }], folder)
  // With NAT the phones say that they are in a network of their own.
  const open = (user: string, password: string, address: string): Promise<Phone> => {
    const contact = options.includes('NAT') ? { contact: `sip:${user}@192.168.7.${address.slice(-1)}:5070` } : {}
    return Phone.open({ user, domain, password, ...contact }, { address, port: 5070 }, SERVER)
  }
  const phones = {
    alice: await open('alice', 'secret-a', '127.0.58.2'), bob: await open('bob', 'secret-b', '127.0.58.3'), trusted: await open('carol', '', '127.0.58.4'),
  }
  try {
    assert.ok(await server.ready(START_MS_MAX), `${program.name} does not start:\n${server.stderr}`)
    await day(options, phones)
    // What is stored behind the reply is there a little later.
    await new Promise((resolve) => { setTimeout(resolve, 300) })
    const sockets = ['kamailio_ctl', 'kamailio_rpc.fifo', 'kamailio_rpc.sock'].filter((name) => !existsSync(join(folder, name)))
    if (!options.includes('JSONRPC')) assert.deepEqual(sockets.filter((name) => name === 'kamailio_ctl'), [])
    const { alice, bob, trusted } = phones
    return { alice: alice.seen.map(shown), bob: bob.seen.map(shown), trusted: trusted.seen.map(shown), rows: rowsOf(options) }
  } catch (error) {
    throw new Error(`${program.name}: ${error instanceof Error ? error.message : String(error)}\n${server.stderr}`, { cause: error })
  } finally {
    for (const phone of Object.values(phones)) phone.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const skip = !existsSync(CONFIGURATION)
  ? `${CONFIGURATION} is not there`
  : missingPrograms('kamailio', 'mariadb') || missingServer('mysql')

describe('the configuration that Debian ships', { skip }, () => {
  before(async () => {
    database = await startMysql()
    sql(TABLES.map((name) => readFileSync(`/usr/share/kamailio/mysql/${name}-create.sql`, 'latin1')).join('\n') + ROWS)
  })

  after(() => database?.stop())

  for (const options of optionSets) {
    test(`serves two phones as Kamailio does with ${options.length === 0 ? 'no option' : options.join(' ')}`, async () => {
      const wanted = await observe({ name: 'kamailio', command: programPath('kamailio') ?? 'kamailio', args: [] }, options)
      const got = await observe({ name: 'kahea', command: process.execPath, args: [join(import.meta.dirname, '..', '..', 'bin', 'kahea.js')] }, options)
      assert.deepEqual(got, wanted)
    })
  }
})
