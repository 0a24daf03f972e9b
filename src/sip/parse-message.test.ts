import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMessage, testSource } from '../../test/support/sip-message.ts'
import { ParseError } from './parse-error.ts'
import { parseMessage } from './parse-message.ts'

const REQUESTS: readonly (readonly [line: string, method: string, uri: string, version: string])[] = [
  ['INVITE sip:a@b SIP/2.0', 'INVITE', 'sip:a@b', 'SIP/2.0'],
  ['invite sip:a@b sip/2.0', 'invite', 'sip:a@b', 'sip/2.0'],
  [' \r\n\0INVITE sip:a@b SIP/2.0', 'INVITE', 'sip:a@b', 'SIP/2.0'],
  ['INVITE sip:a@b   SIP/2.0', 'INVITE', 'sip:a@b', 'SIP/2.0'],
  ['INVITE sip:a@b SIP/2.0 ', 'INVITE', 'sip:a@b', 'SIP/2.0'],
  ['IN(VITE <sip:a@b> SIP/2.0', 'IN(VITE', '<sip:a@b>', 'SIP/2.0'],
]

test('request lines are read as leniently as Kamailio reads them', () => {
  for (const [line, method, uri, version] of REQUESTS) {
    const message = readMessage(`${line}\r\n\r\n`)
    assert.deepEqual([message.isRequest, message.method, message.requestUri, message.version], [true, method, uri, version], line)
    assert.equal(message.text.slice(message.requestUriStart, message.requestUriStart + uri.length), uri)
    assert.equal(message.text.slice(message.headersStart), '\r\n')
  }
})

const REPLIES: readonly (readonly [line: string, status: number, digits: string, reason: string])[] = [
  ['SIP/2.0 200 OK', 200, '200', 'OK'],
  ['SIP/2.0 200 ', 200, '200', ''],
  ['SIP/2.0 404  Not  Found ', 404, '404', 'Not  Found '],
  ['SIP/2.0 099 Low', 99, '099', 'Low'],
]

test('status lines are read', () => {
  for (const [line, status, digits, reason] of REPLIES) {
    const message = readMessage(`${line}\r\n\r\n`)
    assert.deepEqual([message.isRequest, message.status, message.statusText, message.reason], [false, status, digits, reason], line)
  }
})

test('other first lines are refused with a reason', () => {
  const lines = [
    'INVITE', 'INVITE sip:a@b', 'INVITE  sip:a@b SIP/2.0', 'INVITE sip:a b SIP/2.0', 'INVITE sip:a@b SIP/2.1', 'GET / HTTP/1.1',
    'SIP/2.0 200', 'SIP/2.0 20 OK', 'SIP/2.0 2000 OK', 'SIP/2.0 abc OK', '\x00\x01\x02',
  ]
  for (const line of lines) assert.ok(parseMessage(`${line}\r\n\r\n`, testSource(), 1) instanceof ParseError, line)
  assert.ok(parseMessage('INVITE sip:a@b SIP/2.0', testSource(), 1) instanceof ParseError)
  assert.ok(parseMessage('', testSource(), 1) instanceof ParseError)
})

test('a message larger than a datagram is refused', () => {
  const error = parseMessage(`INVITE sip:a@b SIP/2.0\r\n\r\n${'x'.repeat(65536)}`, testSource(), 1)
  assert.ok(error instanceof ParseError && error.code === 'size')
})
