import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/base/random.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { calm, SimulatedNetwork, type Weather } from './network.ts'

const left = { address: '192.0.2.1', port: 5060 }
const right = { address: '192.0.2.2', port: 5060 }

async function throughWeather(seed: number, weather: Partial<Weather>) {
  const clock = new VirtualClock()
  const network = new SimulatedNetwork(clock, seededRandom(seed), { ...calm, ...weather })
  const received: string[] = []
  network.bind(right, (text) => received.push(text))
  for (let index = 0; index < 1000; index++) network.send(String(index), left, right)
  await clock.advance(1000)
  return { network, received }
}

test('packets are lost, doubled and reordered, the same way for the same seed', async () => {
  const weather = { delayMs: [1, 40], lossPerMille: 100, duplicatesPerMille: 50 } as const
  const first = await throughWeather(1, weather)
  const again = await throughWeather(1, weather)
  const other = await throughWeather(2, weather)
  assert.deepEqual(first.received, again.received)
  assert.notDeepEqual(first.received, other.received)
  const { lost, duplicated } = first.network.counters
  assert.ok(lost > 50 && duplicated > 20, `${lost} lost, ${duplicated} doubled`)
  assert.equal(first.received.length, 1000 - lost + duplicated)
  const inOrder = [...first.received].sort((one, two) => Number(one) - Number(two))
  assert.notDeepEqual(first.received, inOrder)
})

test('a place is taken once, and nobody hears what is sent to one that was left', async () => {
  const { network, received } = await throughWeather(1, {})
  assert.equal(network.bind(right, () => undefined), false)
  network.unbind(right)
  network.send('late', left, right)
  assert.equal(received.includes('late'), false)
})

test('streams lose nothing and keep their order in any weather', async () => {
  const clock = new VirtualClock()
  const network = new SimulatedNetwork(clock, seededRandom(3), { delayMs: [1, 40], lossPerMille: 500, duplicatesPerMille: 500 })
  let received = ''
  network.listen(right, (stream) => stream.on('data', (bytes: Buffer) => { received += bytes.toString('latin1') }))
  const stream = network.connect(left, right)
  let sent = ''
  for (let index = 0; index < 200; index++) {
    stream.write(`${index} `)
    sent += `${index} `
  }
  stream.end()
  await clock.advance(10_000)
  assert.equal(received, sent)
})

test('where nobody listens a connection is refused', async () => {
  const clock = new VirtualClock()
  const network = new SimulatedNetwork(clock, seededRandom(4))
  const failures: string[] = []
  network.connect(left, right).on('error', (error) => failures.push(error.message))
  await clock.advance(100)
  assert.deepEqual(failures, ['connect ECONNREFUSED'])
})
