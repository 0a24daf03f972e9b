import assert from 'node:assert/strict'
import { test } from 'node:test'
import { target, testLayer } from '../../test/support/transaction-layer.ts'
import { Retransmitter } from './retransmitter.ts'

function sending(transport: 'udp' | 'tcp' = 'udp') {
  const { clock, layer, sent } = testLayer()
  const ends: number[] = []
  const retransmitter = new Retransmitter(layer, { expired: () => ends.push(clock.monotonic()) })
  retransmitter.text = 'x'
  retransmitter.target = { ...target, transport }
  const times = (): number[] => sent.map(({ atMs }) => Math.round(atMs / 100) * 100)
  return { clock, layer, retransmitter, ends, times }
}

test('it sends again, each time after twice as long, up to the longest interval, until the end', async () => {
  const { clock, layer, retransmitter, ends, times } = sending()
  retransmitter.repeat(500, 4000)
  retransmitter.endAfter(16_000)
  await clock.advance(60_000)
  assert.deepEqual(times(), [500, 1500, 3500, 7500, 11_500, 15_500])
  assert.equal(ends.length, 1)
  assert.ok(Math.abs((ends[0] ?? 0) - 16_000) <= 10)
  assert.equal(layer.wheel.count, 0)
})

test('an answer stops the repeating and leaves the end', async () => {
  const { clock, retransmitter, ends, times } = sending()
  retransmitter.repeat(500, 4000)
  retransmitter.endAfter(5000)
  await clock.advance(1600)
  retransmitter.stopRepeating()
  assert.ok(retransmitter.isWaiting)
  await clock.advance(60_000)
  assert.deepEqual(times(), [500, 1500])
  assert.equal(ends.length, 1)
})

test('a provisional answer to other requests than INVITE slows it down', async () => {
  const { clock, retransmitter, times } = sending()
  retransmitter.repeat(500, 4000)
  retransmitter.endAfter(12_000)
  await clock.advance(600)
  retransmitter.slowDown(4000)
  await clock.advance(60_000)
  assert.deepEqual(times(), [500, 4600, 8600])
})

test('stopped, it sends and tells nothing', async () => {
  const { clock, layer, retransmitter, ends, times } = sending()
  retransmitter.repeat(500, 4000)
  retransmitter.endAfter(5000)
  retransmitter.stop()
  retransmitter.slowDown(100)
  await clock.advance(60_000)
  assert.deepEqual([times(), ends, layer.wheel.count, retransmitter.isWaiting], [[], [], 0, false])
})

test('over a stream nothing is repeated', async () => {
  const { clock, retransmitter, ends, times } = sending('tcp')
  retransmitter.repeat(500, 4000)
  retransmitter.endAfter(5000)
  await clock.advance(60_000)
  assert.deepEqual([times(), ends.length], [[], 1])
})

test('a new end replaces the one before', async () => {
  const { clock, retransmitter, ends } = sending()
  retransmitter.endAfter(1000)
  await clock.advance(900)
  retransmitter.endAfter(1000)
  await clock.advance(900)
  assert.deepEqual(ends, [])
  await clock.advance(200)
  assert.equal(ends.length, 1)
})
