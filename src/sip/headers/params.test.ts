import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ParseError } from '../parse-error.ts'
import { closingQuote, hasNulBehind, paramValue, parseParams, skipBlanks } from './params.ts'

function pairs(text: string): readonly (readonly [string, string | undefined])[] | string {
  const found = parseParams(text, 0, text.length)
  return found instanceof ParseError ? found.reason : found.params.map(({ name, value }) => [name, value])
}

test('parameters are read with and without values, quoted ones with their quotes', () => {
  const rows: readonly (readonly [text: string, want: ReturnType<typeof pairs>])[] = [
    ['', []],
    [';a=1;b', [['a', '1'], ['b', undefined]]],
    [' ; a = 1 ; b = "x;y,\\"z" ', [['a', '1'], ['b', '"x;y,\\"z"']]],
    [';a=', [['a', '']]],
    [';;a=1', [['a', '1']]],
    [';a=1,;b=2', [['a', '1']]],
    [';a="open', 'a quoted parameter does not end'],
  ]
  for (const [text, want] of rows) assert.deepEqual(pairs(text), want, text)
})

test('the end of the parameters is told, and where each stands', () => {
  const text = 'x;a=1;b , y'
  const found = parseParams(text, 1, text.length)
  assert.ok(!(found instanceof ParseError))
  assert.equal(text.slice(found.end), ', y')
  const places = found.params.map(({ start, valueStart, end }) => [text.slice(start, end), text.slice(valueStart, end)])
  assert.deepEqual(places, [['a=1', '1'], ['b', '']])
})

test('no more parameters are read than 64', () => {
  assert.equal(pairs(';a'.repeat(64)).length, 64)
  assert.equal(pairs(';a'.repeat(65)), 'too many parameters')
})

test('a value is found by name in any case', () => {
  const found = parseParams(';Tag=x;lr', 0, 9)
  assert.ok(!(found instanceof ParseError))
  assert.deepEqual(['tag', 'lr', 'ta', 'none'].map((name) => paramValue(found.params, name)), ['x', '', undefined, undefined])
})

test('blanks, quotes and NULs', () => {
  assert.equal(skipBlanks(' \t\r\nx', 0, 5), 4)
  assert.equal(skipBlanks('  ', 0, 2), 2)
  assert.equal(skipBlanks('\0 ', 0, 2), 0)
  assert.equal(closingQuote('"a\\"b"c', 0, 7), 5)
  assert.equal(closingQuote('"a\\"', 0, 4), -1)
  assert.deepEqual(['x \0\r\n', 'x\r\n\0', 'x \t\r'].map((text) => hasNulBehind(text, 1)), [true, false, false])
})
