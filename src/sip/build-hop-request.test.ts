import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../test/support/sip-message.ts'
import { buildHopRequest } from './build-hop-request.ts'

const sent = messageOf([
  'INVITE sip:bob@192.0.2.7:5062;x SIP/2.0',
  'Record-Route: <sip:192.0.2.1;lr>',
  'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1.own.0',
  'Via: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK-1',
  'Route: <sip:192.0.2.5;lr>, <sip:192.0.2.6;lr>',
  'Max-Forwards: 69',
  'f: "Alice" <sip:alice@example.com>;tag=from1',
  't: <sip:bob@example.com>',
  'i: call-1@example.com',
  'CSeq:   00012   INVITE',
  'Contact: <sip:alice@192.0.2.9:5070>',
  'Content-Type: application/sdp',
  'Content-Length: 3',
], 'v=0')

test('a CANCEL has the Request-URI, the own Via, the Routes and who it is about', () => {
  assert.equal(buildHopRequest(sent, { method: 'CANCEL', headers: 'Reason: SIP;cause=200\r\n' }), [
    'CANCEL sip:bob@192.0.2.7:5062;x SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1.own.0',
    'Route: <sip:192.0.2.5;lr>, <sip:192.0.2.6;lr>',
    'Max-Forwards: 69',
    'f: "Alice" <sip:alice@example.com>;tag=from1',
    't: <sip:bob@example.com>',
    'i: call-1@example.com',
    'CSeq: 00012 CANCEL',
    'Content-Length: 0',
    'Reason: SIP;cause=200',
    '', '',
  ].join('\r\n'))
})

test('an ACK has the To of the reply', () => {
  const ack = messageOf(buildHopRequest(sent, { method: 'ACK', to: 'To: <sip:bob@example.com>;tag=to1\r\n' }).split('\r\n').slice(0, -2))
  assert.equal(ack.method, 'ACK')
  assert.match(ack.text, /\r\nTo: <sip:bob@example\.com>;tag=to1\r\n/)
  assert.match(ack.text, /\r\nCSeq: 00012 ACK\r\n/)
})

test('a request without Content-Length gives one with it', () => {
  const bare = messageOf([
    'INVITE sip:b@h SIP/2.0', 'Via: SIP/2.0/UDP h;branch=z9hG4bK1',
    'From: <sip:a@h>;tag=f', 'To: <sip:b@h>', 'Call-ID: c', 'CSeq: 1 INVITE',
  ])
  assert.match(buildHopRequest(bare, { method: 'ACK' }), /\r\nContent-Length: 0\r\n\r\n$/)
})
