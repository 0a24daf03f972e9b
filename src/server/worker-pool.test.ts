import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WorkerPool } from './worker-pool.ts'

test('messages that do not overlap share one worker and its variables', () => {
  const pool = new WorkerPool()
  const first = pool.take()
  first.variables[0] = 'kept'
  pool.give(first)
  assert.equal(pool.take().variables[0], 'kept')
})

test('messages that overlap have workers of their own, and the lowest free one is taken next', () => {
  const pool = new WorkerPool()
  const [a, b, c] = [pool.take(), pool.take(), pool.take()]
  assert.deepEqual([a.index, b.index, c.index], [0, 1, 2])
  assert.equal(pool.busy, 3)
  for (const worker of [b, c, a]) pool.give(worker)
  assert.equal(pool.busy, 0)
  assert.deepEqual([pool.take().index, pool.take().index, pool.take().index], [0, 1, 2])
})
