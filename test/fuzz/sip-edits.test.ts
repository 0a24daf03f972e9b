import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { buildForwardedReply } from '../../src/sip/build-reply.ts'
import { buildForwardedRequest, headersEnd } from '../../src/sip/build-request.ts'
import type { TransportName } from '../../src/sip/endpoint.ts'
import { HeaderType } from '../../src/sip/header-name.ts'
import type { SipMessage } from '../../src/sip/message.ts'
import { good, readMessage, testSocket } from '../support/sip-message.ts'

const BRANCH = 'z9hG4bKtest'

/** Any byte but those that end a line. */
const lineByte = fc.integer({ min: 1, max: 255 }).filter((code) => code !== 10 && code !== 13).map((code) => String.fromCharCode(code))
const value = fc.array(lineByte, { maxLength: 30 }).map((bytes) => bytes.join(''))
const name = fc.stringMatching(/^X-[A-Za-z0-9.~+_-]{1,12}$/)
const lineEnd = fc.constantFrom('\r\n', '\n')
const body = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 80 }).map((bytes) => String.fromCharCode(...bytes))

const otherHeader = fc.tuple(name, fc.constantFrom(':', ': ', ' :\t'), value, fc.constantFrom('', '\r\n folded', '\n\tfolded'), lineEnd)
  .map((parts) => parts.join(''))
const REQUIRED = [
  'From: "Alice" <sip:alice@a.example>;tag=1\r\n', 't: <sip:bob@example.com>\r\n', 'Call-ID: 1\n', 'CSEQ: 1 MESSAGE\r\n', 'Max-Forwards: 7\r\n',
]

interface Made {
  /** The first line. */
  readonly first: string
  readonly headers: readonly string[]
  readonly body: string
}

/** A message with the sender's Via among its headers, required and other ones in any order. */
function madeOf(first: string, via: string): fc.Arbitrary<Made> {
  return fc.tuple(fc.array(otherHeader, { maxLength: 6 }), body, fc.boolean()).chain(([others, content, hasLength]) => {
    const length = hasLength ? [`Content-Length: ${content.length}\r\n`] : []
    const headers = [via, ...REQUIRED, ...others, ...length]
    return fc.shuffledSubarray(headers, { minLength: headers.length }).map((shuffled) => ({ first, headers: shuffled, body: content }))
  })
}

const request = madeOf('MESSAGE sip:bob@example.com SIP/2.0\r\n', 'v: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1\r\n')
const textOf = (made: Made): string => `${made.first}${made.headers.join('')}\r\n${made.body}`

function forward(message: SipMessage, transport: TransportName): string {
  return good(buildForwardedRequest(message, { transport, socket: testSocket({ transport }), branch: BRANCH }))
}

test('a request without edits leaves byte for byte, with a Via in front of the first one', () => {
  fc.assert(fc.property(request, (made) => {
    const text = textOf(made)
    const ownVia = `Via: SIP/2.0/UDP 192.0.2.1;branch=${BRANCH}\r\n`
    const at = text.indexOf('v: SIP/2.0/UDP')
    assert.equal(forward(readMessage(text), 'udp'), text.slice(0, at) + ownVia + text.slice(at))
  }))
})

test('a reply without edits leaves byte for byte, without its first Via', () => {
  const own = `Via: SIP/2.0/UDP 192.0.2.1;branch=${BRANCH}\r\n`
  fc.assert(fc.property(madeOf('SIP/2.0 200 OK\r\n', `${own}v: SIP/2.0/UDP 192.0.2.9\r\n`), (made) => {
    const text = textOf(made)
    assert.equal(good(buildForwardedReply(readMessage(text), testSocket(), 'udp')), text.replace(own, ''))
  }))
})

type Change = (message: SipMessage) => void

const headerAt = (message: SipMessage, index: number) => {
  const others = message.headers().filter((header) => header.type === HeaderType.other || header.type === HeaderType.contentLength)
  return others[index % Math.max(others.length, 1)]
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(name, value).map(([header, text]): Change => (message) => {
    message.edits.insert(headersEnd(message), `${header}: ${text}\r\n`)
  }),
  fc.tuple(name, value).map(([header, text]): Change => (message) => {
    message.edits.insert(message.headersStart, `${header}: ${text}\r\n`)
  }),
  fc.nat().map((index): Change => (message) => {
    const header = headerAt(message, index)
    if (header !== undefined) message.edits.remove(header.start, header.end)
  }),
  fc.tuple(fc.nat(), value).map(([index, text]): Change => (message) => {
    const header = headerAt(message, index)
    if (header?.type === HeaderType.other) message.edits.replace(header.bodyStart, header.bodyEnd, text)
  }),
  fc.tuple(fc.nat(), fc.nat({ max: 20 }), body).map(([place, length, text]): Change => (message) => {
    const { bodyStart } = message
    const start = bodyStart + (place % (message.text.length - bodyStart + 1))
    message.edits.replace(start, Math.min(start + length, message.text.length), text)
  }),
  body.map((text): Change => (message) => {
    message.edits.insert(message.text.length, text)
  }),
)

test('however a message is edited, it leaves framed: one empty line, and a Content-Length that is right', () => {
  fc.assert(fc.property(request, fc.array(change, { maxLength: 6 }), fc.boolean(), (made, changes, isCloned) => {
    const message = readMessage(textOf(made))
    for (const apply of changes) apply(message)
    if (isCloned) message.edits = message.edits.clone()
    const sent = readMessage(forward(message, 'tcp'))
    assert.equal(sent.headers().length > 0, true, sent.error?.reason)
    assert.equal(sent.isComplete, true)
    assert.equal(sent.headersOf(HeaderType.contentLength).length, 1)
    assert.equal(sent.contentLength(), sent.text.length - sent.bodyStart)
    assert.equal(sent.headersOf(HeaderType.via).length, 2)
    assert.equal(good(sent.from()).tag, '1')
  }), { numRuns: 500 })
})

test('what is edited twice for two branches stays apart', () => {
  fc.assert(fc.property(request, change, change, (made, first, second) => {
    const message = readMessage(textOf(made))
    first(message)
    const before = forward(message, 'tcp')
    const edits = message.edits
    message.edits = edits.clone()
    second(message)
    message.edits = edits
    assert.equal(forward(message, 'tcp'), before)
  }))
})
