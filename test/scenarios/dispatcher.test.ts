/** examples/load-balancer as its README says: three gateways by sipp, one of which goes and comes back; no call is lost. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startKamailio } from '../peers/kamailio.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'
import { startGateway, type Gateway } from './gateway.ts'
import { placeOutgoingCalls } from './sipp.ts'

const example = join(import.meta.dirname, '..', '..', 'examples', 'load-balancer')
const PROXY = '127.0.61.41'
const CALLER = '127.0.61.42'
const GATEWAYS = ['127.0.61.43', '127.0.61.44', '127.0.61.45'] as const
const CALLS = 12
const WAIT_MS_MAX = 20_000
const STEP_MS = 50

interface Place {
  readonly folder: string
  readonly path: string
  readonly cfg: string
  readonly proxy: string
  readonly gateways: readonly string[]
  /** Runs an RPC command; what kamcmd prints. */
  command(text: string): string
  /** FLAGS of each gateway, in the order of the list's lines. */
  flags(): readonly string[]
}

/** The example with addresses of this test's own, and pings every second. */
async function prepare(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-balancer-'))
  const proxy = `${PROXY}:${await freePort(PROXY)}`
  const gateways: string[] = []
  for (const address of GATEWAYS) gateways.push(`${address}:${await freePort(address)}`)
  const ctl = join(folder, 'ctl')
  const list = gateways.reduce((text, gateway, index) => text.replace(`127.0.0.1:${5081 + index}`, gateway), read('dispatcher.list'))
  const cfg = read('kamailio.cfg')
    .replaceAll('127.0.0.1:5060', proxy)
    .replace('/tmp/kahea-load-balancer.ctl', ctl)
    .replace('"list_file", "dispatcher.list"', `"list_file", "${join(folder, 'dispatcher.list')}"`)
    .replace('"ds_ping_interval", 5', '"ds_ping_interval", 1')
    .replace('"fr_timer", 1000', '"fr_timer", 500')
  const path = join(folder, 'kamailio.cfg')
  writeFileSync(path, cfg)
  writeFileSync(join(folder, 'dispatcher.list'), list)
  const command = (text: string): string =>
    spawnSync('kamcmd', ['-s', `unix:${ctl}`, ...text.split(' ')], { encoding: 'latin1', timeout: 5000 }).stdout
  const flags = (): readonly string[] => {
    const shown = command('dispatcher.list short')
    return gateways.map((gateway) => new RegExp(`URI: sip:${gateway.replaceAll('.', '\\.')}\\s+FLAGS: (\\w\\w)`).exec(shown)?.[1] ?? shown)
  }
  return { folder, path, cfg, proxy, gateways, command, flags }
}

const read = (name: string): string => readFileSync(join(example, name), 'latin1')

/** Looks at the gateways until they are as they should be; gives what the one at `index` went through. */
async function follow(place: Place, index: number, wanted: readonly string[]): Promise<readonly string[]> {
  const seen: string[] = []
  for (const endMs = performance.now() + WAIT_MS_MAX; ;) {
    const flags = place.flags()
    const own = flags[index] ?? ''
    if (seen.at(-1) !== own) seen.push(own)
    if (flags.join() === wanted.join()) return seen
    if (performance.now() > endMs) assert.fail(`${flags.join()} in place of ${wanted.join()}, after ${seen.join()}`)
    await new Promise((resolve) => { setTimeout(resolve, STEP_MS) })
  }
}

async function callAll(place: Place, server: RunningServer): Promise<void> {
  const port = await freePort(CALLER)
  const calls = await placeOutgoingCalls({ transport: 'udp', proxy: place.proxy, caller: `${CALLER}:${port}`, calls: CALLS })
  assert.equal(calls.end.status, 0, calls.end.output + calls.messages + server.output())
}

const starts = {
  'Kāhea': ({ path, folder }: Place): Promise<RunningServer> => startKahea(['-f', path, '-DD', '-E', '-w', folder]),
  Kamailio: ({ path, cfg, folder }: Place): Promise<RunningServer> => startKamailio(path, cfg, folder),
}

for (const [name, start] of Object.entries(starts)) {
  test(`${name}: a gateway that goes is left out, calls go to the next, and it gets calls again when it is back`, {
    skip: missingPrograms('sipp', 'kamcmd', 'kamailio'),
  }, async (t: TestContext) => {
    const place = await prepare()
    const gateways: Gateway[] = place.gateways.map(startGateway)
    t.after(() => Promise.all(gateways.map((gateway) => gateway.stop())))
    const server = await start(place)
    t.after(() => server.stop())
    await follow(place, 1, ['AP', 'AP', 'AP'])
    await callAll(place, server)

    // Found by pings: each failure counts, and each answer.
    await gateways[1]?.stop()
    assert.deepEqual(await follow(place, 1, ['AP', 'IP', 'AP']), ['AP', 'TP', 'IP'])
    await callAll(place, server)
    gateways[1] = startGateway(place.gateways[1] ?? '')
    assert.deepEqual(await follow(place, 1, ['AP', 'AP', 'AP']), ['IP', 'AP'])
    await callAll(place, server)

    // Found by calls: each third one meets the gateway that is gone, and goes to the next.
    place.command('dispatcher.ping_active 0')
    await gateways[1].stop()
    await callAll(place, server)
    assert.deepEqual(place.flags(), ['AP', 'IP', 'AP'])
    gateways[1] = startGateway(place.gateways[1] ?? '')
    place.command('dispatcher.ping_active 1')
    await follow(place, 1, ['AP', 'AP', 'AP'])
    for (const change of ['gateway down: ', 'gateway up: ']) {
      await until(() => server.output().split(change).length === 3, () => `twice ${change} in ${server.output()}`)
    }
  })
}
