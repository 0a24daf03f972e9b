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

/** `sent` is the request as it left; headers whose names begin with `extraPrefix` are taken over too. */
export function buildHopRequest(sent: SipMessage, request: HopRequest, extraPrefix = ''): string {
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
        if (extraPrefix !== '' && hasPrefix(text, header.start, extraPrefix)) lines += text.slice(header.start, header.end)
    }
  }
  if (!isLengthDone) lines += 'Content-Length: 0\r\n'
  return `${request.method} ${sent.requestUri} ${sent.version}\r\n${lines}${request.headers ?? ''}\r\n`
}

/** Without regard to case, as header names are compared. */
function hasPrefix(text: string, start: number, prefix: string): boolean {
  return text.slice(start, start + prefix.length).toLowerCase() === prefix.toLowerCase()
}

/**
 * The same from the request as it came: of what was sent only the Request-URI, the Via and the CSeq count. So changes of
 * From are lost, and Routes that were taken away are there again.
 */
export function buildHopRequestFromReceived(sent: SipMessage, received: SipMessage, request: HopRequest, userAgent: string): string {
  const lineOf = (message: SipMessage, type: HeaderType): string => {
    const header = message.header(type)
    return header === undefined ? '' : message.text.slice(header.start, header.end)
  }
  const routes = received.headersOf(HeaderType.route).map(({ start, end }) => received.text.slice(start, end)).join('')
  return (
    `${request.method} ${sent.requestUri} SIP/2.0\r\n${lineOf(sent, HeaderType.via)}${lineOf(received, HeaderType.from)}` +
    `${lineOf(received, HeaderType.callId)}${request.to ?? lineOf(received, HeaderType.to)}` +
    `CSeq: ${received.cseq()?.numberText ?? ''} ${request.method}\r\nMax-Forwards: 70\r\n${routes}${userAgent}` +
    `Content-Length: 0\r\n${request.headers ?? ''}\r\n`
  )
}
