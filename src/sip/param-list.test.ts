import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastParam, parseParamList } from './param-list.ts'

const rows: readonly (readonly [text: string, want: readonly (readonly [name: string, value: string])[] | undefined])[] = [
  ['', []],
  ['a=1;b;c=', [['a', '1'], ['b', ''], ['c', '']]],
  [';a=1', [['', ''], ['a', '1']]],
  ['a = 1 ; b', [['a', '1'], ['b', '']]],
  ['a="x;y";b=\'z\'', [['a', 'x;y'], ['b', 'z']]],
  ['a=1,b=2', [['a', '1']]],
  ['a=1;', undefined],
  ['a=;b', undefined],
  ['a="x', undefined],
  ['a=1 b', undefined],
]

test('a list of parameters is read as strictly as Kamailio does', () => {
  for (const [text, want] of rows) {
    assert.deepEqual(parseParamList(text)?.map(({ name, value }) => [name, value]), want, text)
  }
})

test('the last of several parameters of a name is taken', () => {
  const params = parseParamList('x=1;X=2') ?? []
  assert.equal(lastParam(params, 'x', false)?.value, '1')
  assert.equal(lastParam(params, 'x', true)?.value, '2')
  assert.equal(lastParam(params, 'y', true), undefined)
})

test('offsets cover name, value and quotes', () => {
  const text = 'a;b="c d";e'
  const param = lastParam(parseParamList(text) ?? [], 'b', false)
  assert.equal(text.slice(param?.start, param?.end), 'b="c d"')
})
