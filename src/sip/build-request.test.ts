import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { good, messageOf, readMessage, testSocket, testSource } from '../../test/support/sip-message.ts'
import { buildForwardedRequest } from './build-request.ts'
import { HeaderType } from './header-name.ts'
import { MessageFlag } from './message-flag.ts'
import { ParseError } from './parse-error.ts'

const UDP = { transport: 'udp', socket: testSocket(), branch: 'z9hG4bKown' } as const
const OWN_VIA = 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKown\r\n'
const REST = ['From: <sip:a@b>;tag=1', 'To: <sip:c@d>', 'Call-ID: 1', 'CSeq: 1 OPTIONS']

function forwardedVia(via: string, flags = 0): string | undefined {
  const message = messageOf(['OPTIONS sip:c@d SIP/2.0', `Via: ${via}`, ...REST])
  message.msgFlags |= flags
  return good(buildForwardedRequest(message, UDP)).split('\r\n')[2]
}

test('received and rport are noted in the sender\'s Via', () => {
  const rows: readonly (readonly [via: string, flags: number, want: string])[] = [
    ['SIP/2.0/UDP 192.0.2.9:5070;branch=x', 0, 'SIP/2.0/UDP 192.0.2.9:5070;branch=x'],
    ['SIP/2.0/UDP a.example;branch=x', 0, 'SIP/2.0/UDP a.example;received=192.0.2.9;branch=x'],
    ['SIP/2.0/UDP 192.0.2.9:5070;rport;branch=x', 0, 'SIP/2.0/UDP 192.0.2.9:5070;received=192.0.2.9;rport=5070;branch=x'],
    ['SIP/2.0/UDP a;branch=x;received=1.2.3.4', 0, 'SIP/2.0/UDP a;branch=x;received=192.0.2.9'],
    ['SIP/2.0/UDP a;branch=x', MessageFlag.forceRport, 'SIP/2.0/UDP a;rport=5070;received=192.0.2.9;branch=x'],
    ['SIP/2.0/UDP a;branch=x, SIP/2.0/UDP b', 0, 'SIP/2.0/UDP a;received=192.0.2.9;branch=x, SIP/2.0/UDP b'],
  ]
  for (const [via, flags, want] of rows) assert.equal(forwardedVia(via, flags), `Via: ${want}`)
})

test('the own Via stands in front of the first Via header, headers above it stay there', () => {
  const message = messageOf(['OPTIONS sip:c@d SIP/2.0', 'X: top', 'Via: SIP/2.0/UDP 192.0.2.9;branch=x', ...REST], 'body')
  const built = good(buildForwardedRequest(message, UDP))
  assert.equal(built, message.text.replace('Via: ', `${OWN_VIA}Via: `))
})

test('a rewritten Request-URI and edits show, and the rest stays', () => {
  const via = 'Via: SIP/2.0/UDP 192.0.2.9;branch=x'
  const message = messageOf(['OPTIONS sip:c@d SIP/2.0', via, ...REST, 'X: 1', 'Content-Length: 4'], 'body')
  message.setUri('sip:new@host')
  const header = message.headersNamed('X')[0]
  message.edits.remove(header?.start ?? 0, header?.end ?? 0)
  message.edits.replace(message.bodyStart, message.text.length, 'longer body')
  const built = good(buildForwardedRequest(message, UDP))
  assert.equal(built, [
    'OPTIONS sip:new@host SIP/2.0', OWN_VIA.trimEnd(), 'Via: SIP/2.0/UDP 192.0.2.9;branch=x', ...REST, 'Content-Length: 11', '',
    'longer body',
  ].join('\r\n'))
})

test('Content-Length is added for streams and not for datagrams', () => {
  const message = messageOf(['OPTIONS sip:c@d SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.9;branch=x', ...REST], 'body')
  assert.ok(!good(buildForwardedRequest(message, UDP)).includes('Content-Length'))
  const built = good(buildForwardedRequest(message, { ...UDP, transport: 'tcp', socket: testSocket({ transport: 'tcp' }) }))
  assert.ok(built.endsWith('CSeq: 1 OPTIONS\r\nContent-Length: 4\r\n\r\nbody'))
})

test('the connection a request came by is noted in the own Via', () => {
  const lines = ['OPTIONS sip:c@d SIP/2.0', 'Via: SIP/2.0/TCP 192.0.2.9;branch=x', ...REST]
  const message = messageOf(lines, '', testSource({ connectionId: 26 }, 'tcp'))
  assert.ok(good(buildForwardedRequest(message, UDP)).includes(';branch=z9hG4bKown;i=1a\r\n'))
})

test('a stateless branch is the same for a retransmission and differs for another request', () => {
  const branchOf = (callId: string): string | undefined => {
    const rest = REST.with(2, `Call-ID: ${callId}`)
    const message = messageOf(['OPTIONS sip:c@d SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx', ...rest])
    const built = readMessage(good(buildForwardedRequest(message, { transport: 'udp', socket: testSocket() })))
    return good(built.firstVia()).branch
  }
  assert.match(branchOf('1') ?? '', /^z9hG4bK[0-9a-f]+\.[0-9a-f]+\.0$/)
  assert.equal(branchOf('1'), branchOf('1'))
  assert.notEqual(branchOf('1'), branchOf('2'))
})

test('nothing is built for a request whose From cannot be read', () => {
  const message = messageOf(['OPTIONS sip:c@d SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.9', ...REST.with(0, 'From: <sip:x')])
  assert.ok(buildForwardedRequest(message, { transport: 'udp', socket: testSocket() }) instanceof ParseError)
})

const name = fc.stringMatching(/^X-[A-Za-z0-9_.+~-]{1,12}$/)
const value = fc.stringMatching(/^[!-~\x80-\xff]([ -~\x80-\xff]{0,20}[!-~])?(\r\n [!-~]{1,5})?$/)
const extra = fc.array(fc.tuple(name, value).map(([left, right]) => `${left}: ${right}`), { maxLength: 6 })
const body = fc.stringMatching(/^[\x00-\xff]{0,60}$/)

test('without changes the built request is the received one with one Via more', () => {
  fc.assert(fc.property(extra, extra, body, (above, below, text) => {
    const message = messageOf(
      ['OPTIONS sip:c@d SIP/2.0', ...above, 'Via: SIP/2.0/UDP 192.0.2.9;branch=x', ...below, ...REST], text,
    )
    assert.equal(good(buildForwardedRequest(message, UDP)), message.text.replace('\r\nVia: ', `\r\n${OWN_VIA}Via: `))
  }))
})

test('edits never break the framing: the built request reads back with its body as long as it says', () => {
  fc.assert(fc.property(extra, body, body, fc.nat({ max: 5 }), (headers, before, after, pick) => {
    const message = messageOf(
      ['OPTIONS sip:c@d SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.9;branch=x', ...REST, ...headers, `Content-Length: ${before.length}`], before,
    )
    const all = message.headers()
    const chosen = all[all.length - 1 - (pick % (headers.length + 1))]
    if (chosen !== undefined) message.edits.remove(chosen.start, chosen.end)
    message.edits.insert(message.headersStart, 'X-Added: 1\r\n')
    message.edits.replace(message.bodyStart, message.text.length, after)
    const built = readMessage(good(buildForwardedRequest(message, { ...UDP, transport: 'tcp', socket: testSocket({ transport: 'tcp' }) })))
    assert.equal(built.headersNamed('X-Added').length, 1)
    assert.equal(built.contentLength() ?? 0, after.length)
    assert.equal(built.text.slice(built.bodyStart), after)
    assert.equal(built.headersOf(HeaderType.via).length, 2)
  }))
})
