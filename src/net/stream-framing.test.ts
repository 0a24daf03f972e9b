import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { StreamFraming, type FramingFault } from './stream-framing.ts'

const head = 'OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP c;branch=z9hG4bKd\r\nCall-ID: e\r\nContent-Type: x\r\n'
const message = (lengthLine: string, body = ''): string => `${head}${lengthLine}\r\n${body}`
const plain = message('Content-Length: 0\r\n')

interface Result {
  readonly messages: string[]
  pings: number
  continues?: number
  fault: FramingFault | undefined
  isMidMessage: boolean
}

function run(chunks: readonly string[], limits: { bytes?: number; noLength?: boolean } = {}): Result {
  const result: Result = { messages: [], pings: 0, fault: undefined, isMidMessage: false }
  const framing = new StreamFraming(
    { messageBytes: limits.bytes ?? 16384, acceptNoContentLength: limits.noLength ?? false },
    {
      onMessage(text) {
        result.messages.push(text)
        return true
      },
      onPing() { result.pings++ },
      onContinue() { result.continues = (result.continues ?? 0) + 1 },
    },
  )
  for (const chunk of chunks) result.fault = framing.feed(chunk)
  result.isMidMessage = framing.isMidMessage
  return result
}

/** The message of exactly that many bytes. */
function sized(bytes: number): string {
  const body = bytes - message('Content-Length: 10000\r\n').length
  return message(`Content-Length: ${body}\r\n`, 'b'.repeat(body))
}

interface Case {
  readonly title: string
  readonly input: string
  readonly messages?: readonly string[]
  readonly pings?: number
  readonly fault?: FramingFault
  readonly isMidMessage?: boolean
  readonly bytes?: number
  readonly noLength?: boolean
}

const withBody = message('Content-Length: 5\r\n', 'hello')
const blankInBody = message('Content-Length: 6\r\n', 'a\r\n\r\nb')
const binary = message('Content-Length: 4\r\n', '\x00\xff\r\n')

// The expected results are what Kamailio 5.6.3 does, unless a row says otherwise.
const cases: readonly Case[] = [
  { title: 'a message without body', input: plain, messages: [plain] },
  { title: 'a message with a body', input: withBody, messages: [withBody] },
  { title: 'a blank line in the body', input: blankInBody, messages: [blankInBody] },
  { title: 'any byte in the body', input: binary, messages: [binary] },
  { title: 'several messages in a row', input: plain + withBody + plain, messages: [plain, withBody, plain] },
  { title: 'line ends before a message', input: `\r\n${plain}\n\r\n${plain}`, messages: [plain, plain] },
  { title: 'blanks before a message', input: `  \t${plain}`, messages: [plain] },
  { title: 'the compact name', input: message('l: 0\r\n'), messages: [message('l: 0\r\n')] },
  { title: 'the compact name in capitals', input: message('L:0\r\n'), messages: [message('L:0\r\n')] },
  {
    title: 'the name in small letters', input: message('content-length: 0\r\n'),
    messages: [message('content-length: 0\r\n')],
  },
  {
    title: 'a blank before the colon', input: message('Content-Length \t: 0\r\n'),
    messages: [message('Content-Length \t: 0\r\n')],
  },
  {
    title: 'blanks behind the value', input: message('Content-Length: 0  \r\n'),
    messages: [message('Content-Length: 0  \r\n')],
  },
  { title: 'lines that end in LF', input: plain.replaceAll('\r\n', '\n'), messages: [plain.replaceAll('\r\n', '\n')] },
  { title: 'a NUL in a header', input: message('X: a\0b\r\nl: 0\r\n'), messages: [message('X: a\0b\r\nl: 0\r\n')] },
  { title: 'the same length twice', input: message('l: 0\r\nl: 0\r\n'), messages: [message('l: 0\r\nl: 0\r\n')] },
  {
    title: 'other names that begin alike',
    input: message('Content-Lengthy: 7\r\nLx: 8\r\nContent-Length-X: 9\r\nl: 0\r\n'),
    messages: [message('Content-Lengthy: 7\r\nLx: 8\r\nContent-Length-X: 9\r\nl: 0\r\n')],
  },
  { title: 'a keep-alive', input: '\r\n\r\n', pings: 1 },
  { title: 'half a keep-alive', input: '\r\n' },
  { title: 'two LF, which are no keep-alive', input: '\n\n' },
  { title: 'three CRLF: one keep-alive', input: '\r\n\r\n\r\n', pings: 1 },
  { title: 'four CRLF: two', input: '\r\n\r\n\r\n\r\n', pings: 2 },
  { title: 'keep-alives around a message', input: `\r\n\r\n${plain}\r\n\r\n`, pings: 2, messages: [plain] },
  { title: 'no Content-Length', input: message(''), fault: 'no Content-Length' },
  { title: 'no Content-Length where it is allowed', input: message(''), noLength: true, messages: [message('')] },
  { title: 'a negative length', input: message('Content-Length: -1\r\n'), fault: 'bad Content-Length' },
  { title: 'a signed length', input: message('Content-Length: +1\r\n'), fault: 'bad Content-Length' },
  { title: 'letters for a length', input: message('Content-Length: abc\r\n'), fault: 'bad Content-Length' },
  { title: 'letters behind the length', input: message('Content-Length: 0x10\r\n'), fault: 'bad Content-Length' },
  { title: 'a list of lengths', input: message('Content-Length: 0, 0\r\n'), fault: 'bad Content-Length' },
  { title: 'two numbers', input: message('Content-Length: 0 5\r\n'), fault: 'bad Content-Length' },
  { title: 'no number', input: message('Content-Length:\r\n'), fault: 'bad Content-Length' },
  { title: 'a folded number', input: message('Content-Length:\r\n 0\r\n'), fault: 'bad Content-Length' },
  // Kamailio takes the first one; two lengths are how requests are smuggled past a proxy.
  {
    title: 'two lengths', input: message('l: 3\r\nContent-Length: 0\r\n', 'abc'),
    fault: 'two different Content-Lengths',
  },
  // Kamailio waits until its buffer is full.
  { title: 'a length above the limit', input: message('Content-Length: 20000\r\n'), fault: 'message too large' },
  { title: 'a length beyond numbers', input: message(`l: ${'9'.repeat(400)}\r\n`), fault: 'message too large' },
  { title: 'the largest message', input: sized(16383), messages: [sized(16383)] },
  { title: 'a message one byte too large', input: sized(16384), fault: 'message too large' },
  { title: 'endless headers', input: 'a'.repeat(16384), fault: 'message too large' },
  { title: 'almost endless headers', input: 'a'.repeat(16383), isMidMessage: true },
  { title: 'the greeting of TLS', input: '\x16\x03\x01\x00\x05abcde', isMidMessage: true },
  { title: 'HTTP', input: 'GET / HTTP/1.0\r\n\r\n', fault: 'no Content-Length' },
  { title: 'half a message', input: plain.slice(0, 60), isMidMessage: true },
  { title: 'half a body', input: withBody.slice(0, -2), isMidMessage: true },
  { title: 'NULs', input: '\0'.repeat(40), isMidMessage: true },
]

for (const { title, input, messages = [], pings = 0, fault, isMidMessage = false, ...limits } of cases) {
  const expected: Result = { messages: [...messages], pings, fault, isMidMessage }
  const compare = (result: Result): void => {
    const actual = fault ? { ...result, isMidMessage: false } : result
    assert.deepEqual(actual, expected)
  }
  test(`framing: ${title}`, () => compare(run([input], limits)))
  test(`framing, byte by byte: ${title}`, () => compare(run([...input], limits)))
}

test('framing takes nothing after a message whose handler asked to stop', () => {
  let count = 0
  const framing = new StreamFraming({ messageBytes: 16384, acceptNoContentLength: false }, {
    onMessage: () => ++count < 2,
    onPing() {},
    onContinue() {},
  })
  framing.feed(plain + plain + plain)
  framing.feed(plain)
  assert.equal(count, 2)
})

test('framing does not depend on where the stream is cut', () => {
  const stream = `\r\n\r\n${withBody}${blankInBody}\r\n${binary}\r\n\r\n${plain}`
  const whole = run([stream])
  assert.deepEqual(whole.messages, [withBody, blankInBody, binary, plain])
  fc.assert(fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
    const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
    const chunks = places.slice(1).map((end, index) => stream.slice(places[index], end))
    assert.deepEqual(run(chunks), whole)
  }))
})

test('framing stays bounded and never throws, whatever comes', () => {
  const line = fc.constantFrom('\r\n', '\n', 'l: 3', 'Content-Length: 2', 'INVITE sip:a SIP/2.0', '\r', ' ', '\0')
  fc.assert(fc.property(fc.array(fc.array(line).map((parts) => parts.join(''))), (chunks) => {
    const result = run(chunks, { bytes: 200 })
    for (const text of result.messages) assert.ok(text.length < 200)
  }))
})

const chunked = 'POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'

test('a body in chunks is put together, and what follows is the next message', () => {
  const next = 'GET /b HTTP/1.1\r\nA: b\r\n\r\n'
  for (const pieces of [[`${chunked}2\r\nab\r\n0\r\n\r\n${next}`], [...`${chunked}2\r\nab\r\n0\r\n\r\n${next}`]]) {
    assert.deepEqual(run(pieces, { noLength: true }).messages, [`${chunked}ab`, next])
  }
})

test('chunks that are none are a fault, and so is a body in chunks that is too large', () => {
  assert.equal(run([`${chunked}x\r\n`], { noLength: true }).fault, 'bad chunk')
  assert.equal(run([chunked, '1\r\na\r\n', 'fff\r\n'], { noLength: true, bytes: 1000 }).fault, 'message too large')
})

test('chunks mean nothing beside a Content-Length, and nothing in SIP', () => {
  const both = 'POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nx'
  assert.deepEqual(run([both]).messages, [both])
  const sip = `${head}Transfer-Encoding: chunked\r\n\r\n`
  assert.deepEqual(run([sip], { noLength: true }).messages, [sip])
})

test('a client that waits for leave to send its body gets it once', () => {
  const start = 'POST /a HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n'
  const result = run([start, 'a', 'b', start, 'ab'])
  assert.deepEqual(result.messages, [`${start}ab`, `${start}ab`])
  assert.equal(result.continues, 2)
})
