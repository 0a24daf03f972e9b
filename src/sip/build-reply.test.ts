import assert from 'node:assert/strict'
import { test } from 'node:test'
import { good, messageOf, readMessage, testSocket, testSource } from '../../test/support/sip-message.ts'
import { buildForwardedReply, buildLocalReply, nextReplyHop, replyTarget } from './build-reply.ts'
import { MessageFlag } from './message-flag.ts'
import { ParseError } from './parse-error.ts'

const REST = ['From: <sip:a@b>;tag=1', 'To: <sip:c@d>;tag=2', 'Call-ID: 1', 'CSeq: 1 OPTIONS']
const OK = { code: 200, reason: 'OK', toTag: 'own', server: 'product' }

function reply(...vias: readonly string[]) {
  return messageOf(['SIP/2.0 200 OK', ...vias.map((via) => `Via: ${via}`), ...REST], 'body')
}

test('the topmost Via is taken out of a reply, alone in its header or not', () => {
  const second = 'SIP/2.0/UDP 192.0.2.9;branch=b'
  const want = reply(second).text
  for (const message of [reply('SIP/2.0/UDP own;branch=a', second), reply(`SIP/2.0/UDP own;branch=a, ${second}`)]) {
    assert.equal(good(buildForwardedReply(message, testSocket(), 'udp')), want)
  }
})

test('a changed status and edits show in a reply on its way', () => {
  const message = reply('SIP/2.0/UDP own;branch=a', 'SIP/2.0/UDP 192.0.2.9')
  message.newStatus = 480
  message.newReason = 'Later'
  message.edits.insert(message.headersStart, 'X: 1\r\n')
  const lines = good(buildForwardedReply(message, testSocket(), 'udp')).split('\r\n')
  assert.deepEqual(lines.slice(0, 3), ['SIP/2.0 480 Later', 'X: 1', 'Via: SIP/2.0/UDP 192.0.2.9'])
})

test('a reply goes to received and rport of the second Via, else to its host and port, on the connection of streams', () => {
  const rows: readonly (readonly [via: string, host: string, port: number, transport: string])[] = [
    ['SIP/2.0/UDP a.example:5070', 'a.example', 5070, 'udp'],
    ['SIP/2.0/TCP a.example;received=192.0.2.7;rport=7000', '192.0.2.7', 7000, 'tcp'],
    ['SIP/2.0/TLS a.example', 'a.example', 5061, 'tls'],
    ['SIP/2.0/UDP [2001:db8::1];rport', '2001:db8::1', 5060, 'udp'],
    ['SIP/2.0/UDP a.example;maddr=192.0.2.8', 'a.example', 5060, 'udp'],
  ]
  for (const [via, host, port, transport] of rows) {
    const hop = good(nextReplyHop(reply('SIP/2.0/UDP own;branch=a;i=1f', via)))
    assert.deepEqual([hop.host, hop.port, hop.transport, hop.connectionId], [host, port, transport, transport === 'udp' ? 0 : 31], via)
  }
})

test('a reply with a single Via has no next hop', () => {
  assert.ok(nextReplyHop(reply('SIP/2.0/UDP own')) instanceof ParseError)
})

test('a local reply copies what it must in the order of the request', () => {
  const request = messageOf([
    'OPTIONS sip:c@d SIP/2.0', 'To: <sip:c@d> ', 'v: SIP/2.0/UDP 192.0.2.9:5070;rport;branch=x, SIP/2.0/UDP b',
    'X: 1', 'Record-Route: <sip:p;lr>',
    'CSeq: 1 OPTIONS', 'Call-ID: 1', 'From: <sip:a@b>;tag=1', 'Via: SIP/2.0/UDP c',
  ])
  request.addReplyHeader('X-Reply: yes\r\n')
  assert.deepEqual(good(buildLocalReply(request, OK)).split('\r\n'), [
    'SIP/2.0 200 OK', 'To: <sip:c@d> ;tag=own', 'v: SIP/2.0/UDP 192.0.2.9:5070;rport=5070;branch=x, SIP/2.0/UDP b;received=192.0.2.9',
    'Record-Route: <sip:p;lr>', 'CSeq: 1 OPTIONS', 'Call-ID: 1', 'From: <sip:a@b>;tag=1', 'Via: SIP/2.0/UDP c', 'X-Reply: yes',
    'Server: product', 'Content-Length: 0', '', '',
  ])
})

test('a tag is added to To where it has none or an empty one', () => {
  const rows = [
    ['<sip:c@d>', '<sip:c@d>;tag=own'],
    ['<sip:c@d>;tag=2', '<sip:c@d>;tag=2'],
    ['<sip:c@d>;tag=', '<sip:c@d>;tag=;tag=own'],
  ] as const
  for (const [to, want] of rows) {
    const request = messageOf(['OPTIONS sip:c@d SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.9', ...REST.with(1, `To: ${to}`)])
    assert.ok(good(buildLocalReply(request, OK)).includes(`\r\nTo: ${want}\r\n`), to)
  }
})

test('a status below 100 keeps three digits, and a body brings its type and length', () => {
  const request = messageOf(['OPTIONS sip:c@d SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.9', ...REST])
  request.replyBody = { text: 'text', contentType: 'text/plain' }
  const built = readMessage(good(buildLocalReply(request, { ...OK, code: 99 })))
  assert.deepEqual([built.statusText, built.contentLength(), built.body()], ['099', 4, 'text'])
})

test('no reply is made to a request with a faulty header', () => {
  const request = messageOf(['OPTIONS sip:c@d SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.9', ...REST, 'NoColon'])
  assert.ok(buildLocalReply(request, OK) instanceof ParseError)
})

test('a local reply goes to the source address, to the port of Via or with rport to the source port', () => {
  const targetOf = (via: string, flags = 0) => {
    const request = messageOf(['OPTIONS sip:c@d SIP/2.0', `Via: ${via}`, ...REST])
    request.msgFlags |= flags
    const { address, port } = replyTarget(request, false)
    return `${address}:${port}`
  }
  assert.equal(targetOf('SIP/2.0/UDP a.example:6000'), '192.0.2.9:6000')
  assert.equal(targetOf('SIP/2.0/UDP a.example'), '192.0.2.9:5060')
  assert.equal(targetOf('SIP/2.0/UDP a.example:6000;rport'), '192.0.2.9:5070')
  assert.equal(targetOf('SIP/2.0/UDP a.example:6000', MessageFlag.forceRport), '192.0.2.9:5070')
})

test('a reply to a request of a stream goes back on its connection', () => {
  const request = messageOf(['OPTIONS sip:c@d SIP/2.0', 'Via: SIP/2.0/TCP a', ...REST], '', testSource({ connectionId: 5 }, 'tcp'))
  const target = replyTarget(request, false)
  assert.deepEqual([target.transport, target.connectionId, target.port], ['tcp', 5, 5070])
})
