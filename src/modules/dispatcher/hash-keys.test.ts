import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashOf } from './hash-keys.ts'

// What dispatcher.hash of Kamailio 5.6.3 answers.
for (const [first, second, hash] of [
  ['x', '', 119], ['alice', 'example.com', 1442294598], ['alice', '', 1834153949], ['', '', 1], ['alice', 'example.org:7000', -367907704],
] as const) {
  test(`the hash of '${first}' and '${second}' is ${hash}`, () => assert.equal(hashOf(first, second) | 0, hash))
}
