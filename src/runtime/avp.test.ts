import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AvpList, avpNameOf, parseAvpName, type AvpName } from './avp.ts'
import { compileRegex } from './regex.ts'

function name(text: string): AvpName {
  const parsed = parseAvpName(text, (pattern) => compileRegex(pattern))
  assert.ok(typeof parsed !== 'string', `${text}: ${String(parsed)}`)
  return parsed
}

test('values of a name are a stack, the newest first', () => {
  const avps = new AvpList()
  avps.add(name('s:x'), 1)
  avps.add(name('x'), 'two')
  assert.equal(avps.get(name('x')), 'two')
  assert.equal(avps.get(name('x'), 1), 1)
  assert.equal(avps.get(name('x'), -1), 1)
  assert.equal(avps.get(name('x'), -2), 'two')
  assert.equal(avps.get(name('x'), -3), null)
  assert.equal(avps.get(name('x'), 2), null)
  assert.equal(avps.joined(name('x')), 'two, 1')
  assert.equal(avps.count(name('x')), 2)
  assert.equal(avps.removeNewest(name('x')), true)
  assert.equal(avps.joined(name('x')), '1')
  assert.equal(avps.removeAll(name('x')), 1)
  assert.equal(avps.get(name('x')), null)
})

test('numeric names are apart from texts', () => {
  const avps = new AvpList()
  avps.add(name('i:7'), 'seven')
  assert.equal(avps.get(name('s:7')), null)
  assert.equal(avps.get(name('i:7')), 'seven')
  const seven = avpNameOf(7)
  assert.ok(seven)
  assert.equal(avps.get(seven), 'seven')
})

test('names match in any case when an even number of letters differs, as in Kamailio', () => {
  const avps = new AvpList()
  avps.add(name('Abc'), '1')
  for (const [other, want] of [['abc', null], ['ABc', null], ['aBC', null], ['abC', '1'], ['ABC', '1']] as const) {
    assert.equal(avps.get(name(other)), want, other)
  }
})

test('classes keep values apart and are searched in order', () => {
  const avps = new AvpList()
  avps.add(name('t.name'), 'callee')
  assert.equal(avps.get(name('name')), null)
  assert.equal(avps.get(name('tr.name')), 'callee')
  avps.add(name('g.name'), 'global')
  assert.equal(avps.get(name('name')), 'global')
  avps.add(name('fu.name'), 'user')
  assert.equal(avps.get(name('name')), 'user')
  assert.equal(avps.get(name('f./^na/')), 'user')
})

test('faulty names are refused', () => {
  for (const text of ['', 's:', 'i:x', 'q:x', 'z.name', 'f.', 'f.a.b', 'f.a[1']) {
    assert.equal(typeof parseAvpName(text), 'string', text)
  }
  for (const value of [null, '', 0]) assert.equal(avpNameOf(value), undefined)
})
