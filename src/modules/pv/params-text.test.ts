import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseParams } from './params-text.ts'

test('parameters are names with values, plain or quoted', () => {
  const cases: readonly (readonly [string, readonly (readonly [string, string])[] | undefined])[] = [
    ['a=1;b', [['a', '1'], ['b', '']]],
    [' a = 1 ; b ="x;y" ;c=\'z\'', [['a', '1'], ['b', 'x;y'], ['c', 'z']]],
    ['d=e=f', [['d', 'e=f']]],
    ['a=1,b=2', [['a', '1']]],
    ['', undefined],
    ['=1', undefined],
    ['a="x', undefined],
    ['a=1 b', undefined],
  ]
  for (const [text, want] of cases) {
    assert.deepEqual(parseParams(text)?.map(({ name, value }) => [name, value]), want, text)
  }
})
