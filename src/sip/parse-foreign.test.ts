import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ParseError } from './parse-error.ts'
import { parseForeign, withFirstHeader } from './parse-foreign.ts'
import type { SipMessage } from './message.ts'
import { testSource } from '../../test/support/sip-message.ts'

function read(text: string): SipMessage {
  const message = parseForeign(text, testSource(), 1)
  assert.ok(!(message instanceof ParseError), text)
  return message
}

test('an HTTP request is read as SIP is', () => {
  const message = read('POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody')
  assert.deepEqual([message.method, message.requestUri, message.version, message.body()], ['POST', '/a?b=c', 'HTTP/1.1', 'body'])
  assert.equal(message.headersNamed('host')[0]?.body, 'x')
})

const ODD: readonly (readonly [line: string, method: string, uri: string, version: string])[] = [
  ['GET  HTTP/1.1', 'GET', '', 'HTTP/1.1'],
  ['GET /   http/1.0 ', 'GET', '/', 'http/1.0'],
  ['\r\n GET / HTTP/2', 'GET', '/', 'HTTP/2'],
  ['GET sip:a@b SIP/3.0', 'GET', 'sip:a@b', 'SIP/3.0'],
]

test('odd request lines are read as Kamailio reads them', () => {
  for (const [line, ...parts] of ODD) {
    const message = read(`${line}\r\nA: b\r\n\r\n`)
    assert.deepEqual([message.method, message.requestUri, message.version], parts, line)
  }
})

test('a request that lacks a part, a colon or all headers is refused', () => {
  for (const text of [
    'GET /\r\nA: b\r\n\r\n', 'GET / a HTTP/1.1\r\nA: b\r\n\r\n', 'GET / HTTP/1.1\r\nA\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/1.1',
  ]) {
    assert.ok(parseForeign(text, testSource(), 1) instanceof ParseError, text)
  }
})

test('what proxies write into Via is out of the way', () => {
  const message = read('GET / HTTP/1.1\r\nVia: 1.1 one\r\nvia: 1.1 two\r\n\r\nVia: x')
  assert.equal(message.text, 'GET / HTTP/1.1\r\nHia: 1.1 one\r\nHia: 1.1 two\r\n\r\nVia: x')
  assert.equal(message.firstVia(), undefined)
})

test('a header can be put in front of all others', () => {
  const message = withFirstHeader(read('GET / HTTP/1.1\nA: b\n\n'), 'Via: SIP/2.0/TCP 127.0.0.1:5\r\n')
  assert.ok(!(message instanceof ParseError))
  assert.equal(message.firstVia()?.port, 5)
  assert.equal(message.requestUri, '/')
})
