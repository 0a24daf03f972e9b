import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PrefixList } from './prefix-list.ts'

function listOf(...entries: readonly string[]): PrefixList {
  const list = new PrefixList()
  for (const entry of entries) list.add(entry)
  return list
}

test('a text matches by its beginning, in any case of letters', () => {
  const list = listOf('friendly-scanner', 'sipcli', 'SIP Call', '192.168.1.')
  const matching = ['sipcli', 'sipcli/1.8', 'SIPCLI', 'Friendly-Scanner x', 'sip caller', '192.168.1.77']
  const others = ['', 'sipcl', ' sipcli', 'x sipcli', '192.168.10.7']
  assert.deepEqual([...matching, ...others].filter((text) => list.matches(text)), matching)
})

test('an exact text is found in any case of letters; one that begins with it is not', () => {
  const list = listOf('a20')
  assert.deepEqual(['a20', 'A20', 'a20x', 'a2', ''].map((text) => list.has(text)), [true, true, false, false, false])
})

test('an empty entry matches everything, an empty list nothing', () => {
  assert.ok(listOf('').matches(''))
  assert.ok(listOf('', 'x').matches('anything'))
  assert.ok(!listOf().matches(''))
})

test('entries stay as they were given, doubles too', () => {
  assert.deepEqual(listOf('B', 'a', 'B').entries, ['B', 'a', 'B'])
})
