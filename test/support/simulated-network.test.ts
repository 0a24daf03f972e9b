import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/base/random.ts'
import type { ListenSocket, TransportName } from '../../src/sip/endpoint.ts'
import { SimulatedNetwork, SimulatedWorld, type Weather } from './simulated-network.ts'
import { VirtualClock } from './virtual-clock.ts'

interface Pair {
  readonly clock: VirtualClock
  readonly world: SimulatedWorld
  readonly left: SimulatedNetwork
  readonly right: SimulatedNetwork
  readonly to: ListenSocket
  readonly received: string[]
}

function pair(seed: number, transport: TransportName, weather: Partial<Weather> = {}): Pair {
  const clock = new VirtualClock()
  const world = new SimulatedWorld({ clock, random: seededRandom(seed), weather })
  const open = (network: SimulatedNetwork, address: string): ListenSocket => {
    const where = { transport, address, port: 5060, family: 4 } as const
    const socket = network.open({ ...where, name: undefined, advertise: undefined, isVirtual: false })
    if ('reason' in socket) throw new Error(socket.reason)
    return socket
  }
  const left = new SimulatedNetwork(world)
  const right = new SimulatedNetwork(world)
  open(left, '192.0.2.1')
  const to = open(right, '192.0.2.2')
  const received: string[] = []
  right.onMessage = (text, from) => { received.push(`${text} from ${from.sourceAddress}`) }
  return { clock, world, left, right, to, received }
}

function sendMany({ left, to }: Pair, count: number): void {
  const { transport, address, port } = to
  for (let index = 0; index < count; index++) {
    left.send(`${index}`, { transport, address, port, socket: undefined, connectionId: 0 })
  }
}

test('a message arrives after its delay and not before', async () => {
  const it = pair(1, 'udp', { delayMs: [20, 20] })
  sendMany(it, 1)
  await it.clock.advance(19)
  assert.deepEqual(it.received, [])
  await it.clock.advance(1)
  assert.deepEqual(it.received, ['0 from 192.0.2.1'])
})

test('datagrams are lost, doubled and reordered, the same way for the same seed', async () => {
  const bad = { delayMs: [1, 50], lossPerMille: 100, duplicatesPerMille: 50 } as const
  const runs = await Promise.all([7, 7, 8].map(async (seed) => {
    const it = pair(seed, 'udp', bad)
    sendMany(it, 500)
    await it.clock.advance(100)
    const { sent, lost, duplicated, delivered } = it.world.counters
    assert.equal(delivered, sent - lost + duplicated)
    assert.ok(lost > 20 && duplicated > 5)
    return it.received
  }))
  assert.deepEqual(runs[0], runs[1])
  assert.notDeepEqual(runs[0], runs[2])
  const numbers = (runs[0] ?? []).map((text) => Number.parseInt(text, 10))
  assert.notDeepEqual(numbers, numbers.toSorted((a, b) => a - b))
})

test('streams lose nothing and keep their order in any weather', async () => {
  const it = pair(3, 'tcp', { delayMs: [1, 50], lossPerMille: 500, duplicatesPerMille: 500 })
  sendMany(it, 200)
  await it.clock.advance(100)
  const numbers = it.received.map((text) => Number.parseInt(text, 10))
  assert.deepEqual(numbers, Array.from({ length: 200 }, (_, index) => index))
})

test('nobody hears what is sent to a member that has left', async () => {
  const it = pair(4, 'udp')
  it.right.close()
  sendMany(it, 1)
  await it.clock.advance(10)
  assert.deepEqual(it.received, [])
  assert.equal(it.world.counters.nobodyThere, 1)
})
