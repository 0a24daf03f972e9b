import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyLocks } from './key-locks.ts'

test('a taken lock makes the next one wait until it is given back', async () => {
  const locks = new KeyLocks(4)
  assert.equal(locks.take('call'), 1)
  assert.equal(locks.tryTake('call'), false)
  const order: string[] = []
  const second = Promise.resolve(locks.take('call')).then((result) => order.push(`second ${result}`))
  order.push('released')
  locks.release('call')
  await second
  assert.deepEqual(order, ['released', 'second 1'])
  locks.release('call')
  assert.equal(locks.tryTake('call'), true)
})

test('without a lock set nothing can be locked', () => {
  const locks = new KeyLocks(0)
  assert.equal(locks.take('call'), -1)
  assert.equal(locks.tryTake('call'), false)
})
