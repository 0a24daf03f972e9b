import assert from 'node:assert/strict'
import { test } from 'node:test'
import { globMatches } from './glob.ts'

const rows: readonly (readonly [pattern: string, text: string, fits: boolean])[] = [
  ['', '', true], ['', 'a', false], ['*', '', true], ['*', 'abc', true], ['a*c', 'abbc', true], ['a*c', 'abbd', false],
  ['a*b*c', 'aXbYbZc', true], ['?', 'a', true], ['?', '', false], ['a?c', 'abc', true], ['[a-c]', 'b', true], ['[a-c]', 'd', false],
  ['[!a-c]', 'd', true], ['[!a-c]', 'a', false], ['[]a]', ']', true], ['[abc', '[abc', true], ['\\*', '*', true], ['\\*', 'a', false],
  ['*.com', 'a/b.com', true], ['sip:*@*.com', 'sip:x@example.com', true], ['a*', 'b', false], ['[a-]', '-', true],
]

for (const [pattern, text, fits] of rows) {
  test(`"${pattern}" ${fits ? 'fits' : 'does not fit'} "${text}"`, () => assert.equal(globMatches(pattern, text), fits))
}

test('many stars cost no more than the product of the lengths', () => {
  assert.equal(globMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(5000)), false)
})
