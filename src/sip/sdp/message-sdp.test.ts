import assert from 'node:assert/strict'
import { test } from 'node:test'
import { good, messageOf } from '../../../test/support/sip-message.ts'
import type { SipMessage } from '../message.ts'
import { ParseError } from '../parse-error.ts'
import type { MessageSdp } from './message-sdp.ts'

// Which bodies are taken, and for which faults they are refused, is what sdp_content() of Kamailio 5.6.3 says about
// each. Its log: `no o= in session`, `no m= in session`, `can't find media IP`, `no port in m=`, `no sessions in SDP`.

const AUDIO =
  'v=0\r\no=u 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n' +
  'm=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000/1\r\na=rtpmap:101 telephone-event/8000\r\n'
const VIDEO = 'm=video 0/2 RTP/SAVP 31\r\nc=IN IP6 2001:db8::1/127\r\na=inactive\r\n'
const PARTS =
  `--b1\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b1\r\nContent-Type: application/sdp\r\nContent-Disposition: session\r\n\r\n${AUDIO}\r\n`

function messageWith(body: string, type = 'application/sdp'): SipMessage {
  const typeLine = type === '' ? [] : [`Content-Type: ${type}`]
  return messageOf(['INVITE sip:a@b SIP/2.0', ...typeLine, `Content-Length: ${body.length}`], body)
}

function read(body: string, type?: string): MessageSdp {
  return good(messageWith(body, type).sdp())
}

test('a stream names its type, port, transport and payloads by their places', () => {
  const message = messageWith(AUDIO + VIDEO)
  const [audio, video] = good(message.sdp()).media
  assert.ok(audio && video)
  assert.equal(audio.type.text, 'audio')
  assert.equal(message.text.slice(audio.port.start, audio.port.end), '4000')
  assert.deepEqual(audio.payloads.map((payload) => message.text.slice(payload.start, payload.end)), ['0', '8', '101'])
  assert.deepEqual([video.type.text, video.port.text, video.transport.text], ['video', '0', 'RTP/SAVP'])
  assert.equal(message.text.slice(video.start, video.end), VIDEO)
})

test('codecs are found by name in any case', () => {
  const [audio] = read(AUDIO).media
  assert.deepEqual(audio?.payloadsOfCodec('pcma'), ['8'])
  assert.deepEqual(audio?.rtpMaps().map(({ payload, codec, rate }) => [payload, codec, rate]), [
    ['0', 'PCMU', '8000'], ['8', 'PCMA', '8000/1'], ['101', 'telephone-event', '8000'],
  ])
})

test('a stream takes connection and direction from the session where it has none of its own', () => {
  const [audio, video] = read(AUDIO.replace('t=0 0', 't=0 0\r\na=sendonly') + VIDEO).media
  assert.deepEqual([audio?.connection.family, audio?.connection.address, audio?.direction], [4, '192.0.2.1', 'sendonly'])
  assert.deepEqual([video?.connection.family, video?.connection.address, video?.direction], [6, '2001:db8::1', 'inactive'])
  assert.deepEqual([audio?.isActive, video?.isActive], [true, false])
})

const taken: readonly (readonly [what: string, body: string, type: string, media: number])[] = [
  ['LF alone at line ends', AUDIO.replaceAll('\r\n', '\n'), 'application/sdp', 1],
  ['no s= line', AUDIO.replace('s=-\r\n', ''), 'application/sdp', 1],
  ['no line end at the end', AUDIO.slice(0, -2), 'application/sdp', 1],
  ['an empty line in front', `\r\n${AUDIO}`, 'application/sdp', 1],
  ['several sessions', AUDIO + AUDIO, 'application/sdp', 2],
  ['an m= line without payloads', AUDIO.replace(' 0 8 101', ''), 'application/sdp', 1],
  ['tabs and several blanks', AUDIO.replace('audio 4000', 'audio\t 4000'), 'application/sdp', 1],
  ['a host name for an address', AUDIO.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 media.example'), 'application/sdp', 1],
  ['a parameter behind the type', AUDIO, 'Application/SDP; charset=utf-8', 1],
  ['a part of a multipart body', `${PARTS}--b1--\r\n`, 'multipart/mixed;boundary="b1"', 1],
  ['a multipart body without its closing boundary', PARTS, 'multipart/mixed;boundary=b1', 1],
]
for (const [what, body, type, media] of taken) {
  test(`a description is read with ${what}`, () => assert.equal(read(body, type).media.length, media))
}

const refused: readonly (readonly [what: string, body: string, type?: string])[] = [
  ['o=', AUDIO.replace('o=u 1 1 IN IP4 192.0.2.1\r\n', '')],
  ['c=', AUDIO.replace('c=IN IP4 192.0.2.1\r\n', '')],
  ['m=', AUDIO.slice(0, AUDIO.indexOf('m='))],
  ['v=', AUDIO.replace('v=0\r\n', '')],
  ['a port', AUDIO.replace(' 4000 RTP/AVP 0 8 101', '')],
  ['a known boundary', `${PARTS}--b1--\r\n`, 'multipart/mixed;boundary=other'],
  ['a boundary', `${PARTS}--b1--\r\n`, 'multipart/mixed'],
]
for (const [what, body, type] of refused) {
  test(`a description without ${what} is an error`, () => assert.ok(messageWith(body, type).sdp() instanceof ParseError))
}

const absent: readonly (readonly [what: string, body: string, type: string])[] = [
  ['no Content-Type', AUDIO, ''],
  ['another Content-Type', AUDIO, 'text/plain'],
  ['an empty body', '', 'application/sdp'],
  ['multipart/alternative', `${PARTS}--b1--\r\n`, 'multipart/alternative;boundary=b1'],
]
for (const [what, body, type] of absent) {
  test(`a message with ${what} has no description`, () => assert.equal(messageWith(body, type).sdp(), undefined))
}

test('a description in a part ends where the next boundary line starts', () => {
  const message = messageWith(`${PARTS}--b1--\r\n`, 'multipart/mixed;boundary=b1')
  const [place] = good(message.sdp()).places
  assert.equal(message.text.slice(place?.start, place?.end), `${AUDIO}\r\n`)
})
