import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRegex } from '../runtime/regex.ts'
import { identifier, regexLiteral, templatePiece, textLiteral } from './literals.ts'

test('texts are written so that they read back as they were', () => {
  for (const text of ['plain', "it's", '"both\' kinds"', 'a\\b', 'line\r\n\tend', '${no} `template`', '\x00\x7f', 'Gr\xc3\xbc\xc3\x9fe']) {
    const read = new Function(`return ${textLiteral(text)}`)() as string
    assert.equal(Buffer.from(read, 'utf8').toString('latin1'), text)
    const piece = new Function(`return \`${templatePiece(text)}\``)() as string
    assert.equal(Buffer.from(piece, 'utf8').toString('latin1'), text)
  }
})

test('names are made of any text', () => {
  assert.deepEqual(['route_1', '1', 'a-b.c', ''].map(identifier), ['route_1', '_1', 'a_b_c', '_'])
})

const patterns = [
  '^sip:', 'bob$', 'a.c', '^(SUBSCRIBE|PUBLISH)$', '[0-9]+', '^\\+?[1-9]{3,5}$', '[[:alpha:]]+', '[^a-z]', 'a/b',
  '\\.\\*', '[]x]', '[a\\d]', '\\w+',
  'friendly|scanner', '(^|,)x', 'x{2}', '[12][0-9][0-9]', 'a}', '^\\$', '[.]', 'A', 'ab*c', '(ab)+', '[-x]',
]
const texts = [
  '', 'sip:bob', 'SIP:BOB', 'abc', 'a\nc', 'SUBSCRIBE', 'x', 'xx', '+12345', '12', 'd', '0', '\\', 'a/b', '.*', ']', 'friendly-scanner',
  ',x', 'a}', '$', 'ABBC',
  'abab', '-', '183', 'a_b',
]

test('regular expressions match what those of the cfg match', () => {
  for (const pattern of patterns) {
    const literal = regexLiteral(pattern)
    assert.ok(literal !== undefined, pattern)
    const ours = new RegExp(literal, 'is')
    const theirs = compileRegex(pattern)
    if (typeof theirs === 'string') throw new Error(theirs)
    for (const text of texts) assert.equal(ours.test(text), theirs.test(text), `${pattern} on ${JSON.stringify(text)}`)
  }
})

test('what JavaScript reads otherwise has no literal', () => {
  for (const pattern of ['(a)\\1', '\\<a', 'a**', '*a', 'a|*b', '[[.a.]]', '', 'a{', '(|a)', '\\d']) {
    assert.equal(regexLiteral(pattern), undefined, pattern)
  }
})
