/** What transactions hold in memory. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/base/random.ts'
import { loadConfiguration, StartFailure } from '../../src/server/start.ts'
import { startServer, type Server } from '../../src/server/server.ts'
import { heapBytes } from '../support/heap.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { SimulatedNetwork } from './network.ts'
import { messageText, readMessage, valuesOf } from './sip-text.ts'
import { simulatedWorld } from './world.ts'

const proxy = { address: '192.0.2.1', port: 5060 }
const phone = { address: '192.0.2.2', port: 5060 }
const caller = { address: '192.0.2.3', port: 5060 }

interface Running {
  readonly clock: VirtualClock
  readonly network: SimulatedNetwork
  readonly server: Server
}

async function start(route: string): Promise<Running> {
  const clock = new VirtualClock()
  const random = seededRandom(1)
  const network = new SimulatedNetwork(clock, random)
  const modules = ['pv', 'tm', 'rr', 'kex'].map((name) => `loadmodule "${name}.so"\n`).join('')
  const text = `listen=udp:${proxy.address}:${proxy.port}\n${modules}modparam("tm", "wt_timer", 60000)\n${route}`
  const loaded = await loadConfiguration({
    path: 'kamailio.cfg', readFile: () => text, defines: new Map(), substs: [], environment: {},
  })
  const server = await startServer({
    loaded, settings: loaded.configuration.settings, listens: [], aliases: [], environment: {}, addon: undefined,
    world: simulatedWorld({ clock, random, network }),
    sink: () => ({ colours: new Map(), write: () => undefined, close: () => undefined }),
    onShutdown: () => undefined,
  })
  if (server instanceof StartFailure) throw new Error(`${server.reason} ${server.diagnostics.map(({ message }) => message).join('; ')}`)
  return { clock, network, server }
}

function request(method: string, index: number): string {
  return messageText(`${method} sip:user${index}@example.com SIP/2.0`, [
    ['Via', `SIP/2.0/UDP ${caller.address}:${caller.port};branch=z9hG4bK-${index}-abcdefghij`],
    ['Max-Forwards', '70'],
    ['From', `"Alice" <sip:alice@example.com>;tag=f${index}`],
    ['To', `<sip:user${index}@example.com>`],
    ['Call-ID', `call-${index}@${caller.address}`],
    ['CSeq', `1 ${method}`],
    ['Contact', `<sip:alice@${caller.address}>`],
    ['User-Agent', 'simulation'],
  ])
}

function reply(text: string, status: string, headers: readonly (readonly [string, string])[] = []): string {
  const asked = readMessage(text)
  const kept = asked.headers.filter(({ name }) => ['from', 'to', 'call-id', 'cseq'].includes(name))
  return messageText(`SIP/2.0 ${status}`, [
    ...valuesOf(asked, 'via').map((via) => ['Via', via] as const), ...kept.map(({ name, value }) => [name, value] as const), ...headers,
  ])
}

/** What the heap grows by for each of `count` requests whose transactions are still there. */
async function bytesEach({ clock, network, server }: Running, count: number, method: string): Promise<number> {
  const inUse = (): number => server.host.statistics.counter('tmx', 'inuse_transactions').value
  const warmUp = 500
  const ask = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index++) network.send(request(method, index), caller, proxy)
    await clock.advance(100)
  }
  await ask(0, warmUp)
  const bytes = (): number => heapBytes() + process.memoryUsage().arrayBuffers
  const before = bytes()
  await ask(warmUp, warmUp + count)
  const growth = bytes() - before
  assert.equal(inUse(), warmUp + count)
  return growth / count
}

test('a transaction that is over holds at most 4 KB while it waits for copies', async (t) => {
  const running = await start(`request_route { record_route(); $du = "sip:${phone.address}:${phone.port}"; t_relay(); }`)
  running.network.bind(phone, (text, address, port) => running.network.send(reply(text, '200 OK'), phone, { address, port }))
  const bytes = await bytesEach(running, 5000, 'OPTIONS')
  await running.server.stop()
  t.diagnostic(`${Math.round(bytes)} bytes`)
  assert.ok(bytes < 4096, `${bytes} bytes`)
})

test('what a script keeps of a reply does not keep the reply', async () => {
  const { size, count } = { size: 20_000, count: 400 }
  const running = await start(`
    request_route { $du = "sip:${phone.address}:${phone.port}"; t_on_reply("KEEP"); t_relay(); }
    onreply_route[KEEP] {
      $avp(kept) = $hdr(X-Kept);
      $xavp(kept=>field) = $hdr(X-Kept);
      $xavu(kept) = $hdr(X-Kept);
      drop;
    }`)
  const headers = [['X-Kept', 'twenty characters of it'], ['X-Long', 'x'.repeat(size)]] as const
  running.network.bind(phone, (text, address, port) => {
    running.network.send(reply(text, '183 Session Progress', headers), phone, { address, port })
  })
  const bytes = await bytesEach(running, count, 'INVITE')
  await running.server.stop()
  assert.ok(bytes < size / 2, `${bytes} bytes for each transaction, with replies of ${size}`)
})
