import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRegex, RegexCache } from './regex.ts'

function matcher(pattern: string, options: { ignoreCase?: boolean; newline?: boolean } = { ignoreCase: false }) {
  const compiled = compileRegex(pattern, options)
  assert.ok(typeof compiled !== 'string', `${pattern}: ${String(compiled)}`)
  return compiled
}

// Offsets as glibc 2.36 gives them for REG_EXTENDED.
const found: readonly [pattern: string, text: string, offsets: readonly number[] | null][] = [
  ['a**', 'aa', [0, 2]],
  ['()', 'x', [0, 0, 0, 0]],
  ['a||b', 'x', [0, 0]],
  ['(|a)', 'a', [0, 1, 0, 1]],
  ['a)', 'a)', [0, 2]],
  ['a{,2}', 'aaa', [0, 2]],
  ['a$b', 'a$b', null],
  ['\\d', '5d', [1, 2]],
  ['\\w\\W', 'a-', [0, 2]],
  ['\\<a\\>', ' a ', [1, 2]],
  ['(a)\\1', 'aa', [0, 2, 0, 1]],
  ['[]a]', ']', [0, 1]],
  ['[a\\]b]', '\\b]', [0, 3]],
  ['(a|ab)(c|bcd)(d*)', 'abcd', [0, 4, 0, 1, 1, 4, 4, 4]],
  ['a?(ab)?', 'ab', [0, 2, 0, 2]],
  ['[[.a.]b]', 'a', [0, 1]],
  ['[[=a=]b]', 'a', [0, 1]],
  ['[--/]', '.', [0, 1]],
  ['[[:alpha:]]', '\xe9', null],
  ['^.$', '\xe9', [0, 1]],
  ['^(.*)@([^:]+)(:[0-9]+)?$', 'bob@x.org:5060', [0, 14, 0, 3, 4, 9, 9, 14]],
]

test('patterns match where the C library matches them', () => {
  for (const [pattern, text, offsets] of found) {
    const compiled = matcher(pattern)
    const got = compiled.exec(text)
    assert.deepEqual(got, offsets, pattern)
    assert.equal(compiled.test(text), offsets !== null, pattern)
  }
})

test('letters match in either case unless told otherwise, other bytes do not', () => {
  assert.equal(matcher('^sip:A+$', {}).test('SIP:aA'), true)
  assert.equal(matcher('[b-d]', {}).test('C'), true)
  assert.equal(matcher('\xe9', {}).test('\xc9'), false)
  assert.equal(matcher('(a)\\1', {}).test('aA'), true)
})

test('an escaped small letter matches nothing when case is ignored, as in the C library', () => {
  assert.equal(matcher('\\d', {}).test('d5D'), false)
  assert.equal(matcher('\\D', {}).test('d'), true)
})

test('with newline the anchors stand at line ends and the dot does not cross them', () => {
  const lines = matcher('^b.*$', { newline: true })
  assert.deepEqual(lines.exec('a\r\nbc\r\nd'), [3, 6])
  assert.equal(matcher('a.b', { newline: true }).test('a\nb'), false)
  assert.equal(matcher('a[^x]b', { newline: true }).test('a\nb'), false)
  assert.equal(matcher('a.b').test('a\nb'), true)
  assert.equal(matcher('^b').test('a\nb'), false)
})

test('faulty patterns are refused with a reason', () => {
  const faulty = [
    '*b', 'a|*b', '(*a)', 'a{x}', '{1}a', 'a{', 'a{2,1}', '[[:foo:]]', '[z-a]', '[a', '\\', '(a', '$*', '\\<+', 'a{40000}', '\\1',
  ]
  for (const pattern of faulty) {
    assert.equal(typeof compileRegex(pattern), 'string', pattern)
  }
})

test('a search goes on behind an offset', () => {
  const compiled = matcher('[0-9]+')
  assert.deepEqual(compiled.exec('12-34', 2), [3, 5])
  assert.equal(compiled.exec('12-34', 5), null)
})

/** Far above what is needed, and nothing beside what an exponential search takes. It is the processor's time, however busy it is. */
const CPU_MS_MAX = 2000

const cpuMs = (work: () => void): number => {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

test('no pattern takes exponential time for a text of 32 KB', () => {
  const hostile: readonly [string, string][] = [
    ['(a+)+$', `${'a'.repeat(32000)}!`],
    ['(a|a)*b', 'a'.repeat(32000)],
    ['(.*)*x', 'y'.repeat(32000)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(32000)],
    ['.*.*.*.*=x', '='.repeat(8000)],
    ['(a?){30}a{30}', 'a'.repeat(29)],
  ]
  for (const [pattern, text] of hostile) {
    const compiled = matcher(pattern)
    const took = cpuMs(() => assert.equal(compiled.test(text), false, pattern))
    assert.ok(took < CPU_MS_MAX, `${pattern} took ${took.toFixed(1)} ms`)
  }
})

test('patterns made to be costly are compiled or refused without delay', () => {
  const costly = [
    '((a{1000}){1000}){1000}', '(((^){32767}){32767}){32767}', '('.repeat(5000), '.*'.repeat(2000), '(.{1,32000}){1,32000}',
    '((a|b|c|d){0,100}){0,100}', '(x+x+)+y', '((((.*)*)*)*)*\\1x', '(a|b)'.repeat(800),
  ]
  const cache = new RegexCache()
  for (const pattern of costly) {
    const took = cpuMs(() => {
      const compiled = cache.get(pattern)
      if (typeof compiled !== 'string') compiled.test('ax'.repeat(16000))
    })
    assert.ok(took < CPU_MS_MAX, `${pattern.slice(0, 40)} took ${took.toFixed(0)} ms`)
  }
  assert.equal(typeof cache.get('a'.repeat(5000)), 'string')
})

test('the cache gives the same matcher for the same pattern and keeps a bounded number', () => {
  const cache = new RegexCache(2)
  const first = cache.get('a')
  assert.equal(cache.get('a'), first)
  assert.notEqual(cache.get('a', { newline: true }), first)
  cache.get('b')
  assert.notEqual(cache.get('a'), first)
})

test('a repetition of a repetition that can be gone through in many ways keeps nobody busy', () => {
  for (const pattern of ['^(a+)+$', '^(a*b?)*$', '^((a)+b*)+$']) {
    const regex = compileRegex(pattern)
    if (typeof regex === 'string') throw new Error(regex)
    assert.equal(regex.test(`${'a'.repeat(5000)}!`), false, pattern)
  }
})
