import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePcre, type PcreOptions } from './regex.ts'

/** What a pattern finds in a text: the whole and its groups; null for nothing, an error as it is. */
function found(pattern: string, text: string, options: PcreOptions = {}): readonly (string | null)[] | null | string {
  const regex = compilePcre(pattern, options)
  if (typeof regex === 'string') return regex
  const offsets = regex.exec(text)
  assert.equal(regex.test(text), offsets !== null, pattern)
  if (offsets === null) return null
  return Array.from({ length: offsets.length / 2 }, (_, group) => {
    const start = offsets[2 * group] ?? -1
    return start < 0 ? null : text.slice(start, offsets[2 * group + 1])
  })
}

const rows: readonly (readonly [string, string, readonly (string | null)[] | null, PcreOptions?])[] = [
  ['^0([1-9][0-9]+)$', '0301', ['0301', '301']],
  ['a|ab', 'ab', ['a']],
  ['^\\d{3,}$', '12', null],
  ['a{,3}', 'a{,3}', ['a{,3}']],
  ['a$', 'a\n', ['a']],
  ['a\\z', 'a\n', null],
  ['^b', 'a\nb', null],
  ['^b', 'a\nb', ['b'], { multiline: true }],
  ['a.b', 'a\nb', null],
  ['a.b', 'a\nb', ['a\nb'], { dotall: true }],
  ['a b # c', 'ab', ['ab'], { extended: true }],
  ['ABC', 'abc', ['abc'], { caseless: true }],
  ['(?i)ABC', 'abc', ['abc']],
  ['a(?i)b|c', 'C', ['C']],
  ['a(?i:B)c', 'abc', ['abc']],
  ['a(?i:B)c', 'abC', null],
  ['w(?=x)', 'wx', ['w']],
  ['w(?!x)', 'wx', null],
  ['(?<=a)b', 'ab', ['b']],
  ['(?<!a)b', 'ab', null],
  ['(a)(b)?', 'ac', ['a', 'a', null]],
  ['(?P<x>a)(?P=x)', 'aa', ['aa', 'a']],
  ['(a)\\1', 'aa', ['aa', 'a']],
  ['(?i)(a)\\1', 'aA', ['aA', 'a']],
  ['a*+a', 'aaa', null],
  ['(?>a+)(b)', 'aab', ['aab', 'b']],
  ['a+?', 'aaa', ['a']],
  ['(?U)a+', 'aaa', ['a']],
  ['\\Qa.b\\E+', 'a.bb', ['a.bb']],
  ['[[:alpha:]_-]+', 'a_-1', ['a_-']],
  ['[^[:digit:]]+', '12ab', ['ab']],
  ['[\\d-x]+', '1-x', ['1-x']],
  ['\\x41\\101\\t', 'AA\t', ['AA\t']],
  ['[]a]+', ']a', [']a']],
  ['\\bfoo\\b', 'a foo b', ['foo']],
  ['a(?#no)b', 'ab', ['ab']],
  ['(?:a|b)+', 'abab', ['abab']],
  ['', 'x', ['']],
]

test('patterns in Perl\'s syntax find what PCRE finds', () => {
  for (const [pattern, text, want, options] of rows) assert.deepEqual(found(pattern, text, options), want, `${pattern} in ${text}`)
})

test('what PCRE refuses, or what needs the whole of it, is refused', () => {
  const refused = [
    '(', ')', '[a', '*a', 'a**', 'a{3,2}', '\\', '(?<=a+)b', '(?P=x)', '\\2', '[b-a]', '[[:nosuch:]]', '(?R)', '\\Kx', '(?Z)',
  ]
  for (const pattern of refused) assert.equal(typeof found(pattern, 'x'), 'string', pattern)
})

test('no text keeps the server busy', () => {
  for (const pattern of ['^(a+)+$', '^(?=a)(a|aa)+$', '(.*)*x', '(a*)*\\1b']) {
    assert.equal(found(pattern, `${'a'.repeat(5000)}!`), null, pattern)
  }
})
