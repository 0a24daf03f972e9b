import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareAors, compareHeaderNames, compareUris } from './compare.ts'

// Two URIs, cmp_uri, cmp_aor: as Kamailio 5.6.3 answers.
const rows: readonly (readonly [string, string, number, number])[] = [
  ['sip:a@b', 'SIP:a@B', 1, 1],
  ['sip:a@b', 'sips:a@b', -1, 1],
  ['sip:a@b', 'sip:A@b', -1, -1],
  ['sip:a@b', 'sip:a@b:5060', -1, 1],
  ['sip:a@b', 'sip:a@b:5061', -1, -1],
  ['sip:a@b:5070', 'sip:a@b:5080', -1, 1],
  ['sip:a@b', 'sip:a@b;x=1', 1, 1],
  ['sip:a@b', 'sip:a@b;ttl=1', -1, 1],
  ['sip:a@b;x=1', 'sip:a@b;ttl=1', 1, 1],
  ['sip:a@b;x=1', 'sip:a@b;X=2', -1, 1],
  ['sip:a@b;x=A', 'sip:a@b;x=a', 1, 1],
  ['sip:a@b', 'sip:a@b;user=phone', -1, 1],
  ['sip:a@b', 'sip:a:p@b', -1, 1],
  ['sip:a@b;x=1;', 'sip:a@b', -2, 1],
  ['tel:+123', 'tel:123', -1, -1],
  ['sip:a@b', 'bogus', -2, -2],
]

test('URIs and addresses of record are compared', () => {
  for (const [one, two, uri, aor] of rows) {
    assert.deepEqual([compareUris(one, two, true), compareAors(one, two, true)], [uri, aor], `${one} ${two}`)
  }
})

test('header names are compared in full and compact form', () => {
  const names: readonly (readonly [string, string, number])[] = [
    ['f', 'From', 1], ['FROM ', 'from', 1], ['X-A', 'x-a', 1], ['X-A', 'X-B', -2], ['X-A:', 'X-A', -1], ['From', 'To', -1],
    ['X-A', 'From', -1], ['', 'From', -2], ['From:', 'From', 1],
  ]
  for (const [one, two, want] of names) assert.equal(compareHeaderNames(one, two), want, `${one} ${two}`)
})
