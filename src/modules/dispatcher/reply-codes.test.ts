import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReplyCodes } from './reply-codes.ts'

test('codes and classes of good replies may change while the server runs', () => {
  const codes = new ReplyCodes()
  const good = (text: string): readonly number[] => [300, 404, 488, 503].filter((status) => codes.accepts(text, status))
  assert.deepEqual(good(''), [])
  assert.deepEqual(good('class=4;code=503'), [404, 488, 503])
  assert.deepEqual(good('code=488;class=3;'), [300, 488])
})

test('a text that is no list of parameters is refused', () => {
  assert.equal(ReplyCodes.isReadable('a b c'), false)
  assert.equal(ReplyCodes.isReadable('code=x;foo=3'), true)
})
