/**
 * ACK and CANCEL of this hop (RFC 3261 §17.1.1.3, §9.1): made from the request as it was sent, with its own Via, its
 * Routes and its Request-URI.
 */
import { HeaderType } from './header-name.ts'
import type { SipMessage } from './message.ts'

export interface HopRequest {
  readonly method: 'ACK' | 'CANCEL'
  /** The line of To in place of the request's, for an ACK: that of the reply. */
  readonly to?: string
  /** Further header lines, such as a Reason. */
  readonly headers?: string
}

/** `sent` is the request as it left. */
export function buildHopRequest(sent: SipMessage, request: HopRequest): string {
  const { text } = sent
  let lines = ''
  let isViaDone = false
  let isLengthDone = false
  for (const header of sent.headers()) {
    switch (header.type) {
      case HeaderType.via:
        if (!isViaDone) lines += text.slice(header.start, header.end)
        isViaDone = true
        break
      case HeaderType.to:
        lines += request.to ?? text.slice(header.start, header.end)
        break
      case HeaderType.cseq:
        lines += `CSeq: ${sent.cseq()?.numberText ?? ''} ${request.method}\r\n`
        break
      case HeaderType.contentLength:
        lines += 'Content-Length: 0\r\n'
        isLengthDone = true
        break
      case HeaderType.from:
      case HeaderType.callId:
      case HeaderType.route:
      case HeaderType.maxForwards:
        lines += text.slice(header.start, header.end)
        break
      default:
    }
  }
  if (!isLengthDone) lines += 'Content-Length: 0\r\n'
  return `${request.method} ${sent.requestUri} ${sent.version}\r\n${lines}${request.headers ?? ''}\r\n`
}
