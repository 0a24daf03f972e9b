import assert from 'node:assert/strict'
import { test } from 'node:test'
import { XavpTree } from '../../runtime/xavp.ts'
import { entriesOf, takeOut, valueAt, writeAll, writeAt } from './header-list.ts'
import { hasParam, removeParam } from './header-params.ts'
import { splitValues } from './split-values.ts'

function listWith(...headers: readonly (readonly [name: string, value: string])[]): XavpTree {
  const list = new XavpTree(true)
  for (const [name, value] of headers) list.addLast(name, value)
  return list
}

const values = (list: XavpTree, name: string): readonly unknown[] => entriesOf(list, name).map(({ value }) => value)

test('values are split at commas outside of quotes', () => {
  const rows: readonly (readonly [text: string, want: readonly string[]])[] = [
    ['a,b', ['a', 'b']], [' a , "b,c" ,', [' a ', ' "b,c" ']], ['"a\\",b",c', ['"a\\",b"', 'c']], [',', []], ['', ['']], ['a', ['a']],
  ]
  for (const [text, want] of rows) assert.deepEqual(splitValues(text), want, text)
})

test('members of lists are found by a part and removed by their beginning', () => {
  const list = listWith(['Supported', '100rel, Timer;x=1,path'], ['supported', 'timer'])
  assert.deepEqual(['Timer', 'imer', 'TIMER', 'zz'].map((param) => hasParam(list, 'Supported', param)), [true, true, false, false])
  removeParam(list, 'Supported', 'TIMER')
  assert.deepEqual(values(list, 'Supported'), ['100rel, path', null])
  removeParam(list, 'Supported', 'zz')
  assert.equal(hasParam(list, 'Supported', 'timer'), false)
})

test('a header is written at its index, or anew where there is none of its name', () => {
  const list = listWith(['X-A', '1'], ['X-B', '2'], ['x-a', '3'])
  assert.equal(writeAt(list, 'X-A', -1, 'three'), 'written')
  assert.equal(writeAt(list, 'X-A', 2, 'x'), 'no such index')
  assert.equal(writeAt(list, 'X-A', -3, 'x'), 'invalid index')
  assert.equal(writeAt(list, 'X-C', 5, 'new'), 'written')
  assert.deepEqual(['X-A', 'X-B', 'X-C'].map((name) => values(list, name)), [['1', 'three'], ['2'], ['new']])
  assert.deepEqual([valueAt(list, 'x-a', 1), valueAt(list, 'X-A', -1), valueAt(list, 'X-A', 2)], ['three', 'three', null])
  takeOut(list, 'X-A')
  assert.deepEqual(values(list, 'X-A'), [null])
  writeAll(list, 'X-A', 'all')
  assert.deepEqual(values(list, 'X-A'), ['all'])
})
