import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ParseError } from '../parse-error.ts'
import { isComplete, parseDigestCredentials } from './digest-credentials.ts'

const COMPLETE = 'Digest username="a", realm="r", nonce="n", uri="sip:x", response="00"'

function fieldsOf(value: string): ReadonlyMap<string, string> {
  const fields = parseDigestCredentials(value)
  assert.ok(fields !== undefined && !(fields instanceof ParseError), value)
  return fields
}

test('fields are read with and without quotes', () => {
  const fields = fieldsOf(`${COMPLETE}, NC=00000001,qop = auth`)
  assert.deepEqual([fields.get('username'), fields.get('uri'), fields.get('nc'), fields.get('qop')], ['a', 'sip:x', '00000001', 'auth'])
})

test('other schemes are none', () => {
  for (const value of ['Basic abc', '', 'Digest', 'Digestive a=1']) assert.equal(parseDigestCredentials(value), undefined, value)
})

test('broken fields are errors', () => {
  for (const value of ['Digest x', 'Digest a="b', 'Digest a=', `${COMPLETE}, x`]) {
    assert.ok(parseDigestCredentials(value) instanceof ParseError, value)
  }
})

test('what the response is computed from must be there', () => {
  const rows: readonly (readonly [value: string, want: boolean])[] = [
    [COMPLETE, true],
    [COMPLETE.replace('realm="r", ', ''), false],
    [`${COMPLETE}, qop=auth`, false],
    [`${COMPLETE}, qop=auth, cnonce="c", nc=1`, true],
    [`${COMPLETE}, qop=other`, true],
  ]
  for (const [value, want] of rows) assert.equal(isComplete(fieldsOf(value)), want, value)
})
