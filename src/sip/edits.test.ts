import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Edits } from './edits.ts'

const OUT = { host: '192.0.2.1', port: 5060, transport: 'udp' as const }
const TEXT = '0123456789'

function applied(edits: Edits): string {
  return edits.applyTo(TEXT, OUT, 0, TEXT.length, true)
}

test('without edits the text stays', () => {
  assert.equal(applied(new Edits()), TEXT)
})

test('insertions at one place stand in the order they were made', () => {
  const edits = new Edits()
  edits.insert(5, 'a')
  edits.insert(0, 'first')
  edits.insert(5, 'b')
  edits.insert(10, 'last')
  assert.equal(applied(edits), 'first01234ab56789last')
})

test('what goes first stands in front of all that is at its place, removals too', () => {
  const edits = new Edits()
  edits.remove(3, 5)
  edits.insert(3, 'a')
  edits.insertFirst(3, 'b')
  edits.insertFirst(3, 'c')
  edits.insert(2, 'x')
  assert.equal(applied(edits), '01x2cba56789')
})

test('what is removed twice is removed once', () => {
  const edits = new Edits()
  edits.remove(2, 6)
  edits.remove(4, 8)
  edits.replace(2, 4, 'x')
  assert.equal(applied(edits), '01x89')
})

test('a text may depend on the outgoing socket', () => {
  const edits = new Edits()
  edits.insert(1, ({ host, port }) => `<${host}:${port}>`)
  assert.equal(applied(edits), '0<192.0.2.1:5060>123456789')
})

test('a copy has edits of its own, and one can be withdrawn', () => {
  const edits = new Edits()
  const removal = edits.remove(0, 5)
  const copy = edits.clone()
  copy.insert(9, 'x')
  edits.withdraw(removal)
  assert.deepEqual([applied(edits), applied(copy)], [TEXT, '5678x9'])
  assert.equal(copy.removalAt(3)?.end, 5)
  assert.equal(copy.removalAt(5), undefined)
})

test('any edits keep what they do not remove, in order, with every insertion once', () => {
  const change = fc.record({ at: fc.nat({ max: 10 }), length: fc.nat({ max: 4 }), text: fc.constantFrom('', 'A', 'BC') })
  fc.assert(fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
    const edits = new Edits()
    const isKept = Array.from(TEXT, () => true)
    for (const { at, length, text } of changes) {
      const end = Math.min(at + length, TEXT.length)
      edits.replace(at, end, text)
      isKept.fill(false, at, end)
    }
    const result = applied(edits)
    assert.equal(result.replace(/\D/g, ''), Array.from(TEXT).filter((_, index) => isKept[index]).join(''))
    assert.equal(result.replace(/\d/g, '').length, changes.reduce((sum, { text }) => sum + text.length, 0))
  }))
})
