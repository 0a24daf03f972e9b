import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textToInt, valueToText } from './coerce.ts'

const numbers: readonly (readonly [text: string, number: number])[] = [
  ['', 0], ['0', 0], ['12', 12], ['+5', 5], ['-12', -12], ['-', 0], ['007', 7],
  ['2147483647', 2147483647], ['-2147483648', -2147483648], ['0x1F', 31], ['0Xff', 255], ['0xFFFFFFFF', -1],
  ['2147483648', Number.NaN], ['99999999999', Number.NaN], [' 5', Number.NaN], ['5 ', Number.NaN],
  ['12abc', Number.NaN], ['abc', Number.NaN], ['0x', Number.NaN], ['0xg', Number.NaN], ['1.5', Number.NaN],
]

for (const [text, number] of numbers) {
  test(`"${text}" as a number is ${number}`, () => assert.equal(textToInt(text), number))
}

test('an undefined value is the empty text in an expression', () => {
  assert.deepEqual([null, 0, -5, 'a'].map(valueToText), ['', '0', '-5', 'a'])
})
