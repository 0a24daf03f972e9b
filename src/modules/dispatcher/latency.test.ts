import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Latency } from './latency.ts'

const shown = ({ average, deviation, estimate, max }: Latency): readonly number[] =>
  [average, deviation, estimate, max].map((value) => Math.trunc(value * 1000) / 1000)

test('the first measurement is taken as it is', () => {
  const latency = new Latency(undefined)
  latency.add(85, 0.7)
  assert.deepEqual(shown(latency), [85, 0, 85, 85])
})

test('a latency of the list weighs as much as many measurements', () => {
  // Figures of Kamailio 5.6.3.
  const latency = new Latency(10)
  latency.add(93, 0.7)
  assert.deepEqual(shown(latency), [10.008, 0.829, 34.9, 93])
})

test('the estimate is the average at first, and follows faster from the tenth measurement on', () => {
  const latency = new Latency(undefined)
  for (let round = 0; round < 9; round++) latency.add(22, 0.5)
  assert.equal(latency.estimate, 22)
  latency.add(21, 0.5)
  assert.equal(latency.estimate, 21.5)
})
