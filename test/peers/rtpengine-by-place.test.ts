/** The example of the nearest engine, with Debian's rtpengine three times: media of each caller go through the engine of its place. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import { BencodeDictionary } from '../../src/modules/rtpengine/bencode.ts'
import { missingServer, startMysql, SERVER_ADDRESS, type DatabaseServer } from '../support/database-servers.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { mmdbFile, networkOfIpv4, type MmdbNetwork } from '../support/mmdb-file.ts'
import { until } from '../support/until.ts'
import { answerCalls } from './answering-phone.ts'
import { startPhone } from './baresip.ts'
import { placePcapCalls, RECORDING } from './pcap-call.ts'
import { startEngine, type Engine } from './rtpengine.ts'

const PROXY = '127.0.64.1'
const CALLEE = '127.0.64.9'
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'media-by-place')

/** Callers, and the sets that they are for: in the west, in New South Wales, and elsewhere. */
const CALLERS = [
  { address: '127.0.64.16', setId: 6 },
  { address: '127.0.64.12', setId: 2 },
  { address: '127.0.64.10', setId: 0 },
] as const

const place = (address: string, code: string): MmdbNetwork => ({
  bits: networkOfIpv4(`${address}/32`), record: { map: { country: { map: { iso_code: 'AU' } }, postal: { map: { code } } } },
})

const engines = new Map<number, Engine>()
let folder = ''
let mysql: DatabaseServer | undefined

interface Proxy {
  readonly port: number
  readonly server: RunningServer
  readonly ctl: string
}

/** The rows of the example, with the ports of this test. */
const rows = (): string => [...engines].reduce(
  (text, [setId, { address, port }]) => text.replace(new RegExp(`\\(${setId}, 'udp:[^']*'`), `(${setId}, 'udp:${address}:${port}'`),
  readFileSync(join(EXAMPLE, 'engines.sql'), 'latin1'),
)

async function startProxy(t: TestContext, name: string, url: string, calleePort: number, port: number): Promise<Proxy> {
  const ctl = join(folder, `${name}.ctl`)
  const path = join(folder, `${name}.cfg`)
  writeFileSync(path, readFileSync(join(EXAMPLE, 'kamailio.cfg'), 'latin1')
    .replace('127.0.0.1:5060', `${PROXY}:${port}`).replace('127.0.0.1:5070', `${CALLEE}:${calleePort}`)
    .replace('loadmodule "ctl.so"\n', `loadmodule "ctl.so"\nmodparam("ctl", "binrpc", "unix:${ctl}")\n`))
  const server = await startKahea([
    '-f', path, '-DD', '-E', '-A', `DBURL="${url}"`, '-A', `PLACES="${join(folder, 'places.mmdb')}"`, ...name === 'mysql' ? ['-A', 'WITH_MYSQL'] : [],
  ])
  t.after(() => server.stop())
  return { port, server, ctl }
}

const relayed = async (): Promise<ReadonlyMap<number, number>> =>
  new Map(await Promise.all([...engines].map(async ([setId, engine]) => [setId, await engine.relayed()] as const)))

/** What `kamcmd rtpengine.show all` says, as Kamailio's does. */
const shown = (): string => [...engines].map(([setId, { address, port }], index) =>
  `{\n\turl: udp:${address}:${port}\n\tset: ${setId}\n\tindex: ${index}\n\tweight: 1\n\tdisabled: 0\n\trecheck_ticks: 0\n}\n`).join('')

function showsEngines({ ctl }: Proxy): void {
  const kamcmd = spawnSync('kamcmd', ['-s', `unix:${ctl}`, 'rtpengine.show', 'all'], { encoding: 'utf8' })
  assert.equal(kamcmd.stdout, shown(), kamcmd.stderr)
}

/** What an engine got of each leg of its only call. */
async function packetsOfLegs(engine: Engine | undefined): Promise<readonly number[]> {
  const list = await engine?.ask(new BencodeDictionary().add('command', 'list').add('limit', 2))
  const [callId] = list?.list('calls') ?? []
  const call = await engine?.ask(new BencodeDictionary().add('command', 'query').add('call-id', callId ?? ''))
  return (call?.dictionary('tags')?.entries ?? []).map(([, tag]) => {
    const [media] = tag instanceof BencodeDictionary ? tag.list('medias') ?? [] : []
    const [stream] = media instanceof BencodeDictionary ? media.list('streams') ?? [] : []
    return stream instanceof BencodeDictionary ? stream.dictionary('stats')?.int('packets', 0) ?? 0 : 0
  })
}

async function callFromEverywhere(t: TestContext, name: string, url: string): Promise<void> {
  const port = await freePort(PROXY)
  const callee = await answerCalls(t, CALLEE, { address: PROXY, port })
  const proxy = await startProxy(t, name, url, callee.port, port)
  for (const { address, setId } of CALLERS) {
    const [before, heard] = [await relayed(), callee.media.received]
    const end = await placePcapCalls({
      proxy: `${PROXY}:${proxy.port}`, address, port: await freePort(address), mediaPort: 20_000 + 2 * setId, folder,
    })
    assert.equal(end.status, 0, `${end.output}\n${proxy.server.output()}`)
    assert.equal(callee.media.received - heard, RECORDING.packets, `the packets of a call from ${address}`)
    const now = await relayed()
    for (const [id, count] of now) {
      assert.equal(count - (before.get(id) ?? 0), id === setId ? 2 * RECORDING.packets : 0, `the engine of set ${id}, for a call from ${address}`)
    }
  }
  showsEngines(proxy)
  assert.doesNotMatch(proxy.server.output(), /ERROR: rtpengine/)
}

const skip = missingPrograms('rtpengine', 'sipp', 'sqlite3', 'kamcmd') || (process.getuid?.() === 0 ? false : 'sipp plays recordings for root')

describe('media go through the engine of the caller\'s place', { skip }, () => {
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kahea-engines-'))
    for (const setId of [0, 2, 6]) engines.set(setId, await startEngine({ address: `127.0.64.10${setId}` }))
    writeFileSync(join(folder, 'places.mmdb'), mmdbFile([place('127.0.64.16', '6000'), place('127.0.64.12', '2000')]))
  })

  after(async () => {
    for (const engine of engines.values()) await engine.kill()
    await mysql?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('with the table in SQLite, where sipp plays recordings', async (t) => {
    const path = join(folder, 'engines.db')
    const scripts = ['standard', 'rtpengine'].map((group) => readFileSync(`/usr/share/kamailio/db_sqlite/${group}-create.sql`, 'latin1'))
    const made = spawnSync('sqlite3', [path], { input: `${scripts.join('\n')}\n${rows()}`, encoding: 'latin1' })
    assert.equal(made.status, 0, made.stderr)
    await callFromEverywhere(t, 'sqlite', `sqlite:///${path}`)
  })

  test('with the table in MariaDB, where baresip calls as well', { skip: missingServer('mysql') || missingPrograms('baresip') }, async (t) => {
    mysql = await startMysql()
    const scripts = ['standard', 'rtpengine'].map((group) => readFileSync(`/usr/share/kamailio/mysql/${group}-create.sql`, 'latin1'))
    const made = spawnSync(
      'mariadb', ['--no-defaults', '-h', SERVER_ADDRESS, '-P', String(mysql.port), '-ukamailio', '-pkamailiorw', 'kamailio'],
      { input: `${scripts.join('\n')}\n${rows()}`, encoding: 'latin1' },
    )
    assert.equal(made.status, 0, made.stderr)
    const callee = await startPhone({ user: 'callee', address: CALLEE, transport: 'udp', domain: 'example.com', folder })
    t.after(() => callee.quit())
    const proxy = await startProxy(t, 'mysql', mysql.url, callee.port, await freePort(PROXY))
    showsEngines(proxy)
    const domain = `${PROXY}:${proxy.port}`
    const caller = await startPhone({ user: 'caller', address: CALLERS[0].address, transport: 'udp', domain, folder })
    t.after(() => caller.quit())
    const before = await relayed()
    caller.command('dial', `sip:callee@${domain}`)
    await callee.saw('CALL_INCOMING')
    callee.command('accept')
    for (const phone of [caller, callee]) {
      await phone.saw('CALL_ESTABLISHED')
      await phone.saw('CALL_RTPESTAB')
    }
    const counts = await packetsOfLegs(engines.get(6))
    assert.equal(counts.length, 2)
    for (const count of counts) assert.ok(count > 0, `packets of each leg: ${counts.join(', ')}`)
    caller.command('hangup')
    for (const phone of [caller, callee]) await phone.saw('CALL_CLOSED')
    await until(() => proxy.server.output().includes(': 6\n'), () => `the call ends for the engine\n${proxy.server.output()}`)
    const now = await relayed()
    for (const [id, count] of now) assert.equal(count > (before.get(id) ?? 0), id === 6, `the engine of set ${id}`)
    assert.doesNotMatch(proxy.server.output(), /ERROR: rtpengine/)
  })
})
