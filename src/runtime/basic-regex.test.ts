import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extendedFromBasic } from './basic-regex.ts'
import { compileRegex } from './regex.ts'

const rows: readonly (readonly [basic: string, extended: string])[] = [
  ['^sip:.*@example\\.com$', '^sip:.*@example\\.com$'],
  ['a(b)+?', 'a\\(b\\)\\+\\?'],
  ['\\(a\\|b\\)\\{2\\}', '(a|b){2}'],
  ['*a', '\\*a'],
  ['^*a', '^\\*a'],
  ['a^b$c', 'a\\^b\\$c'],
  ['[]()+]*', '[]()+]*'],
  ['[[:digit:]]\\+', '[[:digit:]]+'],
]

test('a basic regular expression is written as an extended one', () => {
  for (const [basic, extended] of rows) assert.equal(extendedFromBasic(basic), extended)
})

test('what it matches is what a basic one matches', () => {
  const plus = compileRegex(extendedFromBasic('^sip:+1'), { ignoreCase: false })
  assert.ok(typeof plus !== 'string' && plus.test('sip:+123@example.com') && !plus.test('sip:::1'))
})
