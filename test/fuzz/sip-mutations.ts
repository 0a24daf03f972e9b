/** SIP messages with faults put in, for tests that must hold for any bytes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'

/** The messages of RFC 4475; the folder stands beside the project and need not be there. */
const folder = fileURLToPath(new URL('../../../shared/reference/torture-rfc4475/', import.meta.url))
export const torture: readonly string[] = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.endsWith('.dat')).map((name) => readFileSync(folder + name, 'latin1'))
  : []

export const REQUEST =
  'INVITE sip:bob@example.com;transport=udp SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5070;rport;branch=z9hG4bK1, SIP/2.0/TCP b;received=192.0.2.8\r\n' +
  'Record-Route: <sip:192.0.2.8;lr>\r\nMax-Forwards: 70\r\nFrom: "Alice \\" A" <sip:alice@a.example>;tag=1\r\nTo: Bob <sip:bob@example.com>\r\n' +
  'Call-ID: call-1@a.example\r\nCSeq: 1 INVITE\r\nContact: <sip:alice@192.0.2.9:5070;ob>;q=0.5,\r\n sip:x@y\r\nContent-Type: multipart/mixed;boundary="b"\r\n' +
  'Content-Length: 40\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n'
export const OFFER = `${REQUEST.slice(0, REQUEST.indexOf('Content-Type'))}Content-Type: application/sdp\r\n\r\nv=0\r\no=u 1 1 IN IP4 192.0.2.9\r\n` +
  's=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\nm=video 0 RTP/AVP 31\r\n'
const REPLY = REQUEST.replace('INVITE sip:bob@example.com;transport=udp SIP/2.0', 'SIP/2.0 180 Ringing')

/** What most messages look like. */
export const USUAL =
  'OPTIONS sip:bob@192.0.2.8:5070 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5066;branch=z9hG4bK-1-1;rport\r\nVia: SIP/2.0/TCP a.example;branch=z9hG4bK2\r\n' +
  'From: "Alice" <sip:alice@192.0.2.9>;tag=f1\r\nTo: <sip:bob@192.0.2.8>\r\nCall-ID: 1-gen@192.0.2.9\r\nCSeq: 1 OPTIONS\r\n' +
  'Contact: <sip:alice@192.0.2.9>\r\nmax-forwards:70\r\nk: 100rel\r\nSubject: \r\nX-Other: y \t\r\nl: 4\r\n\r\nbody'
const USUAL_REPLY = USUAL.replace('OPTIONS sip:bob@192.0.2.8:5070 SIP/2.0', 'SIP/2.0 200 OK').replace(';rport', ';received=192.0.2.1;rport=5066')

/** Bytes that break things when they are put where they do not belong. */
const PIECES = [
  '\r\n', '\n', '\r', '\r\n\r\n', '\r\n ', ' ', '\t', '\0', '\xff', '"', '\\', '<', '>', ';', ';;', '=', ',', ':', '@', '[', ']', '(', '%00',
  ';tag=', 'Via: ', 'To: <', 'Content-Length: 99999999999\r\n', 'SIP/2.0', 'sip:', '\xc3\xa9', '65536', '-1', 'x'.repeat(300),
]

const position = fc.double({ min: 0, max: 1, noNaN: true })
const change = fc.oneof(
  fc.record({ at: position, cut: fc.nat({ max: 20 }), text: fc.constantFrom(...PIECES) }),
  fc.record({ at: position, cut: fc.constant(1), text: fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)) }),
  fc.record({ at: position, cut: fc.constant(70_000), text: fc.constant('') }),
)

function mutated(text: string, changes: readonly { readonly at: number; readonly cut: number; readonly text: string }[]): string {
  let result = text
  for (const { at, cut, text: piece } of changes) {
    const offset = Math.floor(at * result.length)
    result = result.slice(0, offset) + piece + result.slice(offset + cut)
  }
  return result
}

/** A message with up to six changes. */
export const mutatedMessage = fc.tuple(
  fc.constantFrom(REQUEST, REPLY, OFFER, USUAL, USUAL_REPLY, ...torture),
  fc.array(change, { minLength: 1, maxLength: 6 }),
).map(([text, changes]) => mutated(text, changes))
