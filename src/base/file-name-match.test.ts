import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchesPattern } from './file-name-match.ts'

for (const [text, pattern, expected] of [
  ['12345', '123*', true],
  ['12345', '*5', true],
  ['12345', '1*3*5', true],
  ['12345', '1?3??', true],
  ['12345', '123', false],
  ['abc', 'A*', false],
  ['b', '[a-c]', true],
  ['b', '[!a-c]', false],
  ['a*b', 'a\\*b', true],
  ['axb', 'a\\*b', false],
  ['', '*', true],
  ['a1', 'a[[:digit:]]', true],
  ['ab', 'a[![:digit:]]', true],
  ['a]', 'a[]x]', true],
  ['[', '[', true],
] as const) {
  test(`'${text}' ${expected ? 'matches' : 'does not match'} ${pattern}`, () => {
    assert.equal(matchesPattern(text, pattern), expected)
  })
}

test('many stars take no long time', () => {
  assert.equal(matchesPattern('a'.repeat(5000), `${'a*'.repeat(50)}b`), false)
})
