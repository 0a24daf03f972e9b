import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatG, parseDocument, writeDocument } from './document.ts'
import { appendAt, setAt, valueAt } from './path.ts'

test('what was read is written again', () => {
  const text = '{"a":[1,-2,1.5,true,false,null,"\\"\\\\\\n",{"b":{}},[]]}'
  const document = parseDocument(text)
  assert.ok(document !== undefined)
  assert.equal(writeDocument(document, true), text)
})

test('what is no JSON is refused', () => {
  const texts = [
    '', '5', '"a"', '{', '{a:1}', "{'a':1}", '[1,]', '{"a":1,}', '[01]', '[.5]', '[1.]', '[1e]', '[+1]', '[1] x', '{"a":1,"a":2}',
    '["\n"]',
    '["\\x"]', '["\\u12"]', '["\\u0000"]', '["\\ud800"]', '[99999999999999999999]',
    '[1e999]', '[nan]', '[tru]', '["\xff"]', '['.repeat(3000),
  ]
  for (const text of texts) assert.equal(parseDocument(text), undefined, text)
})

test('any text is read or refused, without an exception', () => {
  fc.assert(fc.property(fc.stringMatching(/^[{}[\]",:\\u0-9a-f.eE+ -]*$/), (text) => {
    const document = parseDocument(text)
    if (document !== undefined) assert.deepEqual(parseDocument(writeDocument(document, false)), document)
  }), { numRuns: 500 })
})

test('any path leads somewhere or nowhere, without an exception', () => {
  fc.assert(fc.property(fc.stringMatching(/^[ab.[\]0-9x-]{0,12}$/), (path) => {
    const document = parseDocument('{"a":[{"b":1},[2]]}')
    assert.ok(document !== undefined)
    valueAt(document, path)
    setAt(document, path, 1n)
    appendAt(document, path, 1n)
    assert.ok(parseDocument(writeDocument(document, true)) !== undefined)
  }), { numRuns: 500 })
})

test('reals are written as C writes them', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0.1, '0.1'], [1e15, '1e+15'], [100000.5, '100000.5'], [1e-5, '1e-05'], [-0, '-0'], [123456789012345.678, '123456789012346'],
  ]
  for (const [value, text] of rows) assert.equal(formatG(value, 15), text)
})
