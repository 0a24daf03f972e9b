import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coreHash } from './core-hash.ts'

// The figures are those that Kamailio 5.6.3 gives.
for (const [first, second, size, hash] of [
  ['abc', '', 1024, 834],
  ['abc', 'def', 1024, 369],
  ['OPTIONS', 'sip:a@127.0.10.8:5080', 16, 12],
] as const) {
  test(`the core's hash of '${first}' and '${second}' is ${hash}`, () => assert.equal(coreHash(first, second, size), hash))
}
