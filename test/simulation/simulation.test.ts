/**
 * Thousands of seeded worlds; a failing seed is printed and can be replayed with its ladder:
 * node --import tsx test/simulation/replay.ts SEED
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heapBytes } from '../support/heap.ts'
import { runSeed, runTraffic, startProxy } from './run-seed.ts'

const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 1000)

test(`in ${SEEDS} worlds every request is answered, and nothing outlives its timers`, async () => {
  const failures: string[] = []
  for (let seed = 1; seed <= SEEDS && failures.length < 5; seed++) {
    const { faults } = await runSeed(seed)
    if (faults.length > 0) failures.push(`seed ${seed}:\n  ${faults.join('\n  ')}`)
  }
  assert.equal(failures.join('\n'), '')
})

test('a seed replays to the byte', async () => {
  const [first, again] = [await runSeed(42), await runSeed(42)]
  assert.deepEqual(first.ladder, again.ladder)
  assert.ok(first.ladder.length > 50)
})

test('thousands of calls later a server holds no more memory than before', async () => {
  const proxy = await startProxy(7, { delayMs: [1, 60], lossPerMille: 50, duplicatesPerMille: 20 })
  // The first ones warm up: compiled code, tables at their size.
  const heaps: number[] = []
  for (let round = 0; round < 4; round++) {
    const { faults } = await runTraffic(proxy, 1500, 600_000)
    assert.deepEqual(faults, [])
    proxy.network.onPacket = () => undefined
    heaps.push(heapBytes())
  }
  await proxy.server.stop()
  const [, second = 0, , last = 0] = heaps
  assert.ok(last < second * 1.02 + 500_000, `heap after each round: ${heaps.join(', ')}`)
})
