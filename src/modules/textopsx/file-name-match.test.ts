import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchesPattern } from './file-name-match.ts'

for (const [text, pattern, ignoresCase, expected] of [
  ['12345', '123*', false, true],
  ['12345', '*5', false, true],
  ['12345', '1*3*5', false, true],
  ['12345', '1?3??', false, true],
  ['12345', '123', false, false],
  ['abc', 'A*', false, false],
  ['abc', 'A*', true, true],
  ['b', '[a-c]', false, true],
  ['b', '[!a-c]', false, false],
  ['a*b', 'a\\*b', false, true],
  ['axb', 'a\\*b', false, false],
  ['', '*', false, true],
] as const) {
  test(`'${text}' ${expected ? 'matches' : 'does not match'} ${pattern}${ignoresCase ? ' in any case' : ''}`, () => {
    assert.equal(matchesPattern(text, pattern, ignoresCase), expected)
  })
}

test('many stars take no long time', () => {
  assert.equal(matchesPattern('a'.repeat(5000), `${'a*'.repeat(50)}b`, false), false)
})
