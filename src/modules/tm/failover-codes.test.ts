import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFailoverCodes } from './failover-codes.ts'

test('failover_reply_codes names codes and classes', () => {
  const isFailover = parseFailoverCodes('code=403; code=488;class=5')
  assert.ok(typeof isFailover === 'function')
  assert.deepEqual([403, 488, 500, 599, 404, 600].map(isFailover), [true, true, true, true, false, false])
})

test('failover_reply_codes may be empty, and refuses other words', () => {
  assert.equal(parseFailoverCodes(''), undefined)
  assert.match(String(parseFailoverCodes('403')), /'403' is neither/)
})
