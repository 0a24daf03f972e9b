import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBytes, toBytes } from './text.ts'

test('UTF-8 is Unicode for scripts, and comes back as it went', () => {
  assert.equal(fromBytes('\xc3\xbc\xe2\x82\xac'), 'ü€')
  assert.equal(toBytes('ü€😀'), '\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80')
})

test('what is no UTF-8 survives, whatever the bytes', () => {
  assert.equal(fromBytes('a\xff\xc3'), 'a\udcff\udcc3')
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    const text = Buffer.from(bytes).toString('latin1')
    assert.equal(toBytes(fromBytes(text)), text)
  }))
})
