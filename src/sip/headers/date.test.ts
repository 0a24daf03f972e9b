import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ParseError } from '../parse-error.ts'
import { parseDate } from './date.ts'

test('a date of RFC 1123 is read', () => {
  assert.equal(parseDate('Sat, 13 Nov 2010 23:29:00 GMT'), Date.UTC(2010, 10, 13, 23, 29, 0))
  assert.equal(parseDate('Sat, 13 Nov 2010 23:29:00 gmt'), Date.UTC(2010, 10, 13, 23, 29, 0))
})

test('other dates are refused', () => {
  for (const text of ['', '2010-11-13', 'sat, 13 Nov 2010 23:29:00 GMT', 'Sat, 32 Nov 2010 23:29:00 GMT',
    'Sat, 13 Xyz 2010 23:29:00 GMT', 'Sat, 13 Nov 2010 24:00:00 GMT', 'Sat, 13 Nov 2010 23:29:00 CET']) {
    assert.ok(parseDate(text) instanceof ParseError, text)
  }
})
