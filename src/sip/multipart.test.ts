import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../test/support/sip-message.ts'
import type { SipMessage } from './message.ts'
import { bodyParts, boundaryOf, mediaType } from './multipart.ts'

function withBody(contentType: string, body: string): SipMessage {
  return messageOf(['INVITE sip:bob@b SIP/2.0', 'Via: SIP/2.0/UDP a', `Content-Type: ${contentType}`], body)
}

test('a media type stands without parameters, in lower case', () => {
  assert.deepEqual([' Application/SDP ;charset=x', 'text/plain', ''].map(mediaType), ['application/sdp', 'text/plain', ''])
})

test('a boundary is found, quoted or not, and only in multipart types', () => {
  const rows = [
    ['multipart/mixed;boundary=b1', 'b1'], ['Multipart/Related; type=x; BOUNDARY="a b"; start=y', 'a b'],
    ['multipart/mixed;boundary=b2;x=y', 'b2'],
    ['multipart/mixed', undefined], ['multipart/mixed;boundary=', undefined], ['multipart/mixed;boundary="open', undefined],
    ['application/sdp;boundary=b', undefined],
  ] as const
  for (const [type, boundary] of rows) assert.equal(boundaryOf(withBody(type, '')), boundary, type)
})

/** Each part as its type and content. */
function partsOf(body: string): readonly (readonly [type: string, content: string])[] {
  const message = withBody('multipart/mixed;boundary=b', body)
  return bodyParts(message, 'b').parts.map((part) => [part.contentType, message.text.slice(part.contentStart, part.end)])
}

test('parts are taken apart, with and without headers', () => {
  const body = 'preamble\r\n--b\r\nContent-Type: application/sdp\r\nX: y\r\n\r\nv=0\r\n\r\n' +
    '--b\r\n\r\nplain\r\n--b\r\nc: Text/Plain;charset=x\r\n\r\n\r\n--b--\r\nepilogue'
  assert.deepEqual(partsOf(body), [['application/sdp', 'v=0\r\n'], ['', 'plain'], ['text/plain', '']])
})

test('bare line feeds part as well, and a boundary counts only at the start of a line', () => {
  assert.deepEqual(partsOf('--b\nContent-Type: a/b\n\nx --b y\n--b--\n'), [['a/b', 'x --b y']])
})

test('offsets say where a part can be put in or taken out', () => {
  const message = withBody('multipart/mixed;boundary=b', '--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n')
  const { parts, closing } = bodyParts(message, 'b')
  assert.equal(message.text.slice(closing), '--b--\r\n')
  const texts = parts.map(({ boundaryStart, next }) => message.text.slice(boundaryStart, next))
  assert.deepEqual(texts, ['--b\r\n\r\none\r\n', '--b\r\n\r\ntwo\r\n'])
})

test('a part that nothing ends is open, up to the end of the text', () => {
  const message = withBody('multipart/mixed;boundary=b', '--b\r\n\r\none\r\n--b\r\n\r\ntwo')
  const { parts, closing, open } = bodyParts(message, 'b')
  assert.deepEqual([parts.length, closing, open && message.text.slice(open.contentStart, open.end)], [1, -1, 'two'])
})

test('no more parts are read than 256', () => {
  assert.equal(partsOf(`${'--b\r\n\r\nx\r\n'.repeat(1000)}--b--\r\n`).length, 256)
})
