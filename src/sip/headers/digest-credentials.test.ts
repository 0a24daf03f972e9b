import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ParseError } from '../parse-error.ts'
import { isComplete, parseDigestCredentials, qopOf, type DigestCredentials } from './digest-credentials.ts'

const COMPLETE = 'Digest username="a", realm="r", nonce="n", uri="sip:x", response="00"'

function fieldsOf(value: string): DigestCredentials {
  const fields = parseDigestCredentials(value)
  assert.ok(fields !== undefined && !(fields instanceof ParseError), value)
  return fields
}

test('fields are read with and without quotes', () => {
  const fields = fieldsOf(`${COMPLETE}, NC=00000001,qop = auth`)
  assert.deepEqual([fields.username, fields.uri, fields.nc, fields.qop], ['a', 'sip:x', '00000001', 'auth'])
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

test('the user name is taken apart as Kamailio does', () => {
  const rows: readonly (readonly [username: string, user: string, domain: string])[] = [
    ['alice', 'alice', ''],
    ['alice@example.com', 'alice', 'example.com'],
    ['sip:alice@example.com', 'alice', 'example.com'],
    ['sip:alice', 'alice', ''],
    ['a@', 'a@', ''],
    ['a@b', 'a', 'b'],
    ['@example.com', '', 'example.com'],
    ['a@b@c', 'a', 'b@c'],
  ]
  for (const [username, user, domain] of rows) {
    const fields = fieldsOf(`Digest username="${username}"`)
    assert.deepEqual([fields.user, fields.domain], [user, domain], username)
  }
})

test('of several fields of a name the last one counts, and a quote ends at the next one', () => {
  const fields = fieldsOf('Digest realm="a", realm="b\\"c", REALM2="x", nonce="n"')
  assert.deepEqual([fields.realm, fields.nonce], ['b\\', 'n'])
})

test('qop is read in any case and without blanks around', () => {
  assert.deepEqual([undefined, '', ' Auth ', 'AUTH-INT', 'auth,auth-int'].map(qopOf), ['none', 'none', 'auth', 'auth-int', 'other'])
})
