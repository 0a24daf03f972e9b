import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallTable } from './call-table.ts'
import { EngineNode } from './node.ts'

const node = (index: number): EngineNode => new EngineNode(
  index, `udp:192.0.2.${index}`, { kind: 'udp', address: `192.0.2.${index}` }, { weight: 1, isDisabled: false, recheckAt: 0 },
)

test('a call is found by its Call-ID and branch, its end by the Call-ID alone', () => {
  const table = new CallTable(4, 60, () => 0)
  const [one, two] = [node(1), node(2)]
  table.insert('call', '', one)
  table.insert('call', 'z9hG4bK-2', two)
  table.insert('call', '', two)
  assert.equal(table.size, 2)
  assert.equal(table.find('call', '', false), one)
  assert.equal(table.find('call', 'z9hG4bK-2', false), two)
  assert.equal(table.find('call', 'z9hG4bK-3', false), undefined)
  assert.equal(table.find('other', '', true), undefined)
  assert.equal(table.remove('call', ''), true)
  assert.equal(table.size, 0)
})

test('the end of a branch leaves the others', () => {
  const table = new CallTable(1, 60, () => 0)
  table.insert('call', 'a', node(1))
  table.insert('call', 'b', node(2))
  assert.equal(table.find('call', '', true)?.index, 1)
  assert.equal(table.remove('call', 'a'), true)
  assert.equal(table.remove('call', 'a'), false)
  assert.equal(table.find('call', 'b', false)?.index, 2)
})

test('entries go when they are too old and somebody looks into their row', () => {
  let now = 0
  const table = new CallTable(0, 10, () => now)
  table.insert('one', '', node(1))
  now = 5
  table.insert('two', '', node(2))
  now = 11
  assert.equal(table.size, 2)
  // It is found all the same: what is asked for is looked at last.
  assert.equal(table.find('one', '', false)?.index, 1)
  assert.equal(table.find('three', '', false), undefined)
  assert.equal(table.size, 1)
  now = 16
  table.insert('four', '', node(4))
  assert.equal(table.size, 1)
})

test('branches of one call are bounded', () => {
  const table = new CallTable(1, 60, () => 0)
  for (let branch = 0; branch < 200; branch++) table.insert('call', `z9hG4bK-${branch}`, node(1))
  assert.equal(table.size, 64)
  assert.equal(table.find('call', 'z9hG4bK-0', false), undefined)
  assert.equal(table.find('call', 'z9hG4bK-199', false)?.index, 1)
})
