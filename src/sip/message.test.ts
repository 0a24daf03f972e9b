import assert from 'node:assert/strict'
import { test } from 'node:test'
import { good, messageOf, readMessage } from '../../test/support/sip-message.ts'
import { HeaderType } from './header-name.ts'

const REQUEST = [
  'OPTIONS sip:bob@example.com SIP/2.0', 'v: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1', 'f: "Alice" <sip:alice@a.example>;tag=1',
  't: <sip:bob@example.com>', 'i: call-1', 'CSeq: 7 OPTIONS',
]

test('headers are found by type in full and compact form and in any case', () => {
  const message = messageOf([...REQUEST, 'MAX-FORWARDS : 70', 'X-Other:\t a \t', 'x-other: b'])
  assert.equal(message.value(HeaderType.callId), 'call-1')
  assert.equal(message.value(HeaderType.maxForwards), '70')
  assert.deepEqual(message.headersNamed('X-OTHER').map((header) => header.body), ['a', 'b'])
  assert.equal(good(message.from()).tag, '1')
  assert.equal(good(message.to()).tag, undefined)
  assert.equal(good(message.cseq()).number, 7)
})

test('a folded header keeps its folds, and its end is behind them', () => {
  const message = messageOf([...REQUEST, 'Subject: one', ' two', '\tthree', 'X: end'])
  const header = message.header(HeaderType.subject)
  assert.equal(header?.body, 'one\r\n two\r\n\tthree')
  assert.equal(message.text.slice(header?.start, header?.end), 'Subject: one\r\n two\r\n\tthree\r\n')
})

test('all headers are in order, whatever was asked for before, and each is one object', () => {
  const message = messageOf([...REQUEST, 'X-Other: 1'])
  const types = [HeaderType.cseq, HeaderType.callId, HeaderType.other, HeaderType.to, HeaderType.from, HeaderType.via]
  const asked = types.map((type) => message.header(type))
  const all = message.headers()
  assert.deepEqual(all.map((header) => header.name), ['v', 'f', 't', 'i', 'CSeq', 'X-Other'])
  assert.equal(all.every((header) => asked.includes(header)), true)
  assert.equal(message.header(HeaderType.to), all[2])
})

test('only what is asked for is read', () => {
  const message = messageOf([...REQUEST, 'X: 1', 'Y: 2'])
  message.header(HeaderType.via)
  assert.equal(message.text.slice(message.readUpTo).startsWith('f:'), true)
})

const FAULTS: readonly (readonly [title: string, line: string])[] = [
  ['a line without a colon', 'NoColon'],
  ['an empty name', ': x'],
  ['a name with a character that Kamailio does not take', 'X!y: 1'],
  ['a second From', 'From: <sip:x@y>;tag=2'],
  ['a second To', 'To: <sip:x@y>'],
  ['a second Call-ID', 'Call-ID: 2'],
  ['a second CSeq', 'CSeq: 8 OPTIONS'],
  ['a Content-Length that is no number', 'l: 5x'],
  ['a faulty further Via', 'Via: nonsense'],
]

test('a faulty header ends the reading: what is in front of it is found, all headers together are not', () => {
  for (const [title, line] of FAULTS) {
    const message = messageOf([...REQUEST, 'Subject: in front', line, 'User-Agent: behind'])
    assert.equal(message.value(HeaderType.subject), 'in front', title)
    assert.equal(message.value(HeaderType.userAgent), undefined, title)
    assert.deepEqual(message.headers(), [], title)
    assert.notEqual(message.error, undefined, title)
  }
})

test('a message that ends behind a header is read, without a body', () => {
  const message = readMessage(`${REQUEST.join('\r\n')}\r\n`)
  assert.equal(message.headers().length, 5)
  assert.deepEqual([message.error, message.isComplete, message.body()], [undefined, false, ''])
})

test('a message that ends within a header has an error', () => {
  const message = readMessage(`${REQUEST.join('\r\n')}\r\nX: y`)
  assert.deepEqual(message.headers(), [])
  assert.notEqual(message.error, undefined)
})

test('the body is as long as Content-Length says, or what there is', () => {
  for (const [length, want] of [['3', 'abc'], ['6', 'abcdef'], ['9', 'abcdef']] as const) {
    assert.equal(messageOf([...REQUEST, `Content-Length: ${length}`], 'abcdef').body(), want)
  }
  assert.equal(messageOf(REQUEST, 'abcdef').body(), 'abcdef')
})

test('bare line feeds end lines as well', () => {
  const message = readMessage(`${REQUEST.join('\n')}\n\nbody`)
  assert.deepEqual([message.callId(), message.body()], ['call-1', 'body'])
})

test('Vias of one header and of several are one list', () => {
  const message = messageOf([...REQUEST, 'Via: SIP/2.0/TCP a;branch=2 , SIP/2.0/TLS [2001:db8::1]:5061;branch=3'])
  assert.deepEqual(good(message.vias()).map((via) => [via.transport, via.host, via.port, via.branch]), [
    ['UDP', '192.0.2.9', 5070, 'z9hG4bK1'], ['TCP', 'a', 0, '2'], ['TLS', '2001:db8::1', 5061, '3'],
  ])
  assert.equal(good(message.secondVia()).host, 'a')
})

test('a From that cannot be read is told', () => {
  assert.equal(messageOf(REQUEST).isFromReadable, true)
  assert.equal(messageOf(REQUEST.map((line) => (line.startsWith('f:') ? 'f: <sip:unclosed' : line))).isFromReadable, false)
  assert.equal(messageOf(REQUEST.filter((line) => !line.startsWith('f:'))).isFromReadable, false)
})
