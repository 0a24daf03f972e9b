/** Reads and builds a message as the server would, however odd it is. */
import { buildForwardedReply, buildLocalReply, nextReplyHop } from '../../src/sip/build-reply.ts'
import { buildForwardedRequest } from '../../src/sip/build-request.ts'
import { HeaderType } from '../../src/sip/header-name.ts'
import type { SipMessage } from '../../src/sip/message.ts'
import { boundaryOf, bodyParts } from '../../src/sip/multipart.ts'
import { ParseError } from '../../src/sip/parse-error.ts'
import { parseMessage } from '../../src/sip/parse-message.ts'
import { parseUri } from '../../src/sip/uri.ts'
import { testSocket, testSource } from '../support/sip-message.ts'

const socket = testSocket({ transport: 'tcp' })

/** What is wrong with what the readers and builders made of a text; undefined when all is well. */
export function exercise(text: string): string | undefined {
  const message = parseMessage(text, testSource(), 1)
  if (message instanceof ParseError) return undefined
  read(message)
  if (message.body().length > text.length) return 'the body is longer than the message'
  for (const header of message.headers()) {
    const { start, nameEnd, bodyStart, bodyEnd, end } = header
    if (!(start < nameEnd && nameEnd < bodyStart && bodyStart <= bodyEnd && bodyEnd <= end)) return `the offsets of ${header.name} are wrong`
  }
  if (message.isRequest) {
    // Like Kamailio, a reply repeats a version such as SIP/2.0x, and puts received= behind a comment in Via.
    const isOdd = message.version.length > 7 || message.value(HeaderType.via)?.includes('(') === true
    const reply = isOdd ? new ParseError('odd', 'left out') : buildLocalReply(message, { code: 200, reason: 'OK', toTag: 't', server: 's' })
    return framing(reply, 'the reply') ?? framing(buildForwardedRequest(message, { transport: 'tcp', socket }), 'the request')
  }
  nextReplyHop(message)
  return message.secondVia() === undefined ? undefined : framing(buildForwardedReply(message, socket, 'tcp'), 'the reply')
}

function read(message: SipMessage): void {
  message.firstVia()
  message.from()
  message.to()
  message.cseq()
  message.callId()
  message.parsedUri()
  parseUri(message.text.slice(0, 200))
  message.addresses(HeaderType.contact)
  message.addresses(HeaderType.recordRoute)
  message.vias()
  const boundary = boundaryOf(message)
  if (boundary !== undefined) bodyParts(message, boundary)
  const sdp = message.sdp()
  if (sdp !== undefined && !(sdp instanceof ParseError)) for (const stream of sdp.media) stream.rtpMaps()
}

/** On a stream, the one Content-Length says where the next message begins. */
function framing(text: string | ParseError, what: string): string | undefined {
  if (text instanceof ParseError) return undefined
  const sent = parseMessage(text, testSource(), 1)
  if (sent instanceof ParseError) return `${what} that leaves cannot be read: ${sent.reason}`
  if (!sent.isComplete || sent.error !== undefined) return `headers of ${what} that leaves cannot be read: ${sent.error?.reason ?? 'no end'}`
  const rest = sent.text.length - sent.bodyStart
  return sent.contentLength() === rest ? undefined : `${what} leaves with Content-Length ${sent.contentLength()} and ${rest} bytes`
}
