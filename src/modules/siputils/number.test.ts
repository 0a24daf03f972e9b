import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alphanumeric, isE164, isUserE164, numeric, telNumber } from './number.ts'

// text, is_numeric, is_tel_number, is_alphanum, is_alphanumex with "-_", is_e164: as Kamailio 5.6.3 answers.
const rows: readonly (readonly [string, number, number, number, number, boolean])[] = [
  ['+123', -2, 1, -3, -3, true],
  ['123', 1, 1, 1, 1, false],
  ['+', -2, -2, -3, -3, false],
  ['+0123', -2, -2, -3, -3, true],
  ['', -2, -2, -2, -2, false],
  ['12a', -2, -2, 1, 1, false],
  ['+1', -2, 1, -3, -3, false],
  ['+12', -2, 1, -3, -3, true],
  ['+123456789012345', -2, 1, -3, -3, true],
  ['+1234567890123456', -2, 1, -3, -3, false],
  ['a1-', -2, -2, -3, 1, false],
  ['A_z', -2, -2, -3, 1, false],
  ['+1 2', -2, -2, -3, -3, false],
]

test('texts are recognised as numbers and names', () => {
  for (const [text, ...want] of rows) {
    const got = [numeric(text), telNumber(text), alphanumeric(text, ''), alphanumeric(text, '-_'), isE164(text, 16)]
    assert.deepEqual(got, want, text)
  }
})

test('the user of a URI is an E.164 number or not', () => {
  for (const uri of ['sip:+123@b', ':+123@']) assert.equal(isUserE164(uri, 16), true, uri)
  for (const uri of ['sip:123@b', 'sip:+123:p@b', '+123@b', 'sip:b', 'tel:+123', 'sip:+12;x=1@b']) {
    assert.equal(isUserE164(uri, 16), false, uri)
  }
})
