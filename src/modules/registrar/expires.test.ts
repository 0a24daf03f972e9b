import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQ } from './expires.ts'
import { parseMethods } from './methods.ts'
import { unescapeUser } from './aor.ts'

test('q is read in thousandths', () => {
  const rows = [
    ['1', 1000], ['1.000', 1000], ['0', 0], ['0.7', 700], ['.55', 550], ['0.1239', 123], ['00.5', 500], ['01', 1000], [' 0.3', 300],
    ['', undefined], ['1.1', undefined], ['2', undefined], ['0.', undefined], ['x', undefined], ['0,5', undefined], ['-1', undefined],
  ] as const
  for (const [text, expected] of rows) assert.equal(parseQ(text), expected, text)
})

test('lists of methods are bits, in any case; unknown ones have a bit together', () => {
  const rows = [
    ['INVITE', 1], ['invite, ACK,BYE', 13], ['', 0], ['FOO', 524288], ['INVITE,', 1],
    ['INVITE ACK', undefined], ['INVITEX', undefined], [',INVITE', undefined], ['INVITE;x', undefined],
  ] as const
  for (const [text, expected] of rows) assert.equal(parseMethods(text), expected, text)
})

test('escapes in users are undone, but for those that are none and bytes that are no ASCII', () => {
  const rows = [['a%20b', 'a b'], ['%41', 'A'], ['plain', 'plain'], ['%', undefined], ['%4', undefined], ['%zz', undefined], ['%00', undefined]] as const
  for (const [text, expected] of rows) assert.equal(unescapeUser(text), expected, text)
})
