import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadAddon } from '../../src/net/native-addon.ts'
import { mutatedMessage, torture, USUAL } from './sip-mutations.ts'
import { disagreement, scannedHeaders } from './sip-scan-compare.ts'

const addon = loadAddon({})
const skip = typeof addon === 'string' ? 'the add-on is not built' : false

test('the add-on looks over all headers of a usual message', { skip }, () => {
  assert.ok(typeof addon !== 'string')
  assert.equal(scannedHeaders(addon, USUAL), USUAL.split('\r\n\r\n')[0]?.split('\r\n').slice(1).length)
})

test('the add-on and JavaScript find the same in mutated messages', { skip }, () => {
  assert.ok(typeof addon !== 'string')
  fc.assert(fc.property(mutatedMessage, (text) => {
    assert.equal(disagreement(addon, text), undefined)
  }), { numRuns: 5000 })
})

test('and in the messages of RFC 4475, whole or cut anywhere', { skip: skip || (torture.length === 0 && 'they are not here') }, () => {
  assert.ok(typeof addon !== 'string')
  for (const text of torture) {
    for (let end = text.length; end > 0; end -= 5) assert.equal(disagreement(addon, text.slice(0, end)), undefined)
  }
})

/** At the edges of what the look knows: each is told up to there, or left to JavaScript. */
const EDGES: readonly string[] = [
  'Via: SIP/2.0/UDP a', 'Via: SIP/2.0/UDP a:70606;rport', 'Via: SIP/2.0/UDP a;branch=1;branch=2', 'Via: SIP/2.0/UDP a;rport=;branch=1',
  'Via: SIP/2.0/UDP a;rport=5;rport', 'v: SIP/2.0/TLS a;branch=1', 'VIA: SIP/2.0/UDP a;branch=1 ', 'Via: SIP/2.0/UDP a;received=192.0.2.7;rport=1',
  'To: "a" <sip:a@b>;tag=', 'To: <sip:a@b>;tag=1;x=y', 'To: a <sip:a@b>', 't:<sip:a@b>', 'T : <sip:a@b>', 'To: <sip:a@b> ',
  'CSeq: 0000000001 INVITE', 'CSeq: 1  INVITE', 'CSeq: 1', 'CSeq: 1 A B', 'cseq: 2147483648 INVITE', 'Content-Length: 0', 'Content-Length:',
  'Content-Length: 1x', 'l: 1234567890', 'Contact:', 'X:\t', 'X-Y_z.+~1: a', 'X!: a', ': a', 'nothing', 'Supported: a\r\n b', 'X: a\0', 'X: \0', 'X: a\n', 'X: a\rb',
]

test('the add-on and JavaScript find the same at the edges', { skip }, () => {
  assert.ok(typeof addon !== 'string')
  for (const line of EDGES) {
    for (const text of [USUAL.replace('Contact:', `${line}\r\nContact:`), USUAL.replace(/SIP\/2\.0\r\n/, `SIP/2.0\r\n${line}\r\n`)]) {
      assert.equal(disagreement(addon, text), undefined)
      assert.equal(disagreement(addon, text.replace(/^.*\r\n/, 'SIP/2.0 180 Ringing\r\n')), undefined)
    }
  }
  const firstLines = [
    'SIP/2.0 200 ', 'SIP/2.0 200  OK', 'SIP/2.0 2000 OK', 'SIP/2.0 99 OK', 'SIP/2.0 000 Zero', 'sip/2.0 200 OK', 'A b SIP/2.0', 'A  b SIP/2.0',
    'A b SIP/2.0 ', 'a b SIP/2.0', 'A b\tSIP/2.0',
  ]
  for (const line of firstLines) assert.equal(disagreement(addon, USUAL.replace(/^.*(?=\r\n)/, line)), undefined)
  for (const count of [23, 24, 25, 60]) assert.equal(disagreement(addon, USUAL.replace('Contact:', 'X: y\r\n'.repeat(count) + 'Contact:')), undefined)
})
