import { buildVia, needsReceived, needsRport } from './build-via.ts'
import { statelessBranch } from './branch.ts'
import type { ListenSocket, TransportName } from './endpoint.ts'
import type { Edits, OutgoingInfo } from './edits.ts'
import { HeaderType } from './header-name.ts'
import type { Via } from './headers/via.ts'
import type { SipMessage } from './message.ts'
import { MessageFlag } from './message-flag.ts'
import { ParseError } from './parse-error.ts'
import { withBrackets } from '../base/address.ts'

export interface ForwardOptions {
  readonly transport: TransportName
  readonly socket: ListenSocket
  /** Chosen by the caller for transactions; a stateless one is computed when absent. */
  readonly branch?: string | undefined
  /** Ask for rport in every own Via (global local_rport). */
  readonly asksRport?: boolean
  readonly viaParams?: string
  /** Routes in front of those that are there: where the path of a registration leads (RFC 3327 §5.1). */
  readonly path?: string | undefined
}

/** A request on its way: own Via on top, received= and rport= in the sender's, and every edit made. */
export function buildForwardedRequest(message: SipMessage, options: ForwardOptions): string | ParseError {
  const via = message.firstVia()
  if (via === undefined) return new ParseError('via', 'the request has no Via')
  if (options.branch === undefined && !message.isFromReadable) return new ParseError('from', 'From cannot be read')
  const problem = streamProblem(message, options.transport)
  if (problem !== undefined) return problem
  const ownVia = buildVia({
    transport: options.transport,
    socket: options.socket,
    branch: options.branch ?? statelessBranch(message, via),
    advertisedAddress: message.advertisedAddress,
    advertisedPort: message.advertisedPort,
    asksRport: (message.msgFlags & MessageFlag.localRport) !== 0 || options.asksRport === true,
    connectionId: message.received.connectionId,
    params: options.viaParams,
  })
  const { text } = message
  const firstLine = requestLine(message)
  const viaStart = message.startOf(via.place)
  const route = options.path === undefined ? undefined : message.header(HeaderType.route)
  const ownLines = options.path === undefined || route !== undefined ? ownVia : `${ownVia}Route: ${options.path}\r\n`
  const isLengthNeeded = needsLength(message, message.hasEdits ? message.edits : undefined, options.transport)
  if (!message.hasEdits && !isLengthNeeded && route === undefined) {
    return firstLine + text.slice(message.headersStart, viaStart) + ownLines + senderVia(message, via, viaStart) + text.slice(via.end)
  }
  const out = outgoingInfo(options.socket, options.transport)
  // Nothing changes in the sender's Via or behind the headers read so far: one pass will do.
  const { edits: made } = message
  const isOnePass = !isLengthNeeded && route === undefined && !made.touches(viaStart + 1, via.end) && !made.touchesFrom(message.readUpTo)
  if (isOnePass) {
    return (
      firstLine + message.edits.applyTo(text, out, message.headersStart, viaStart, true) + ownLines +
      senderVia(message, via, viaStart) + message.edits.applyTo(text, out, via.end, text.length, true)
    )
  }
  const edits = message.edits.clone()
  edits.insert(viaStart, ownLines)
  if (route !== undefined) edits.insert(route.start, `Route: ${options.path}\r\n`)
  editSenderVia(edits, message, via)
  return firstLine + applyEdits(message, edits, out, options.transport)
}

/** The first line as it came, with the new Request-URI in place of the old one. */
function requestLine(message: SipMessage): string {
  const { text, newUri, requestUriStart } = message
  if (newUri === undefined) return text.slice(0, message.headersStart)
  return text.slice(0, requestUriStart) + newUri + text.slice(requestUriStart + message.requestUri.length, message.headersStart)
}

/** What edits that depend on the outgoing socket may use. */
export function outgoingInfo(socket: ListenSocket, transport: TransportName): OutgoingInfo {
  return {
    host: withBrackets(socket.advertise?.host ?? socket.address),
    port: socket.advertise ? socket.advertise.port : socket.port,
    transport,
    socket,
  }
}

/** Headers and body with the edits made, Content-Length set right where the body changed or a stream needs it. */
export function applyEdits(message: SipMessage, edits: Edits, out: OutgoingInfo, transport: TransportName): string {
  const { text, bodyStart } = message
  const isBodyChanged = edits.touchesFrom(bodyStart)
  const body = isBodyChanged ? edits.applyTo(text, out, bodyStart, text.length, true) : text.slice(bodyStart)
  if (isBodyChanged || needsLength(message, edits, transport)) setContentLength(message, edits, body.length, transport)
  return edits.applyTo(text, out, message.headersStart, bodyStart, false) + body
}

/** Like Kamailio, a datagram that came without Content-Length leaves without it, unless it got a new body. */
function setContentLength(message: SipMessage, edits: Edits, length: number, transport: TransportName): void {
  const header = message.header(HeaderType.contentLength)
  if (header === undefined || edits.removalAt(header.start) !== undefined) {
    if (header === undefined && transport === 'udp' && !edits.needsContentLength) return
    edits.insert(headersEnd(message), `Content-Length: ${length}\r\n`)
    return
  }
  if (header.body !== String(length)) edits.replace(header.bodyStart, header.bodyEnd, String(length))
}

/** Where headers are added: in front of the empty line. */
export function headersEnd(message: SipMessage): number {
  const { bodyStart, text } = message
  if (!message.isComplete) return text.length
  return text.charCodeAt(bodyStart - 2) === 13 ? bodyStart - 2 : bodyStart - 1
}

/** True when a stream needs a Content-Length that the message lacks, that is wrong, or that an edit takes out. */
export function needsLength(message: SipMessage, edits: Edits | undefined, transport: TransportName): boolean {
  if (transport === 'udp') return false
  const header = message.header(HeaderType.contentLength)
  if (header === undefined || edits?.removalAt(header.start) !== undefined) return true
  // A datagram may be longer than it says: on a stream, the rest would be taken for another message.
  return message.contentLength() !== message.text.length - message.bodyStart
}

/** Why a message cannot be sent on a stream: without knowing where its headers end, nobody finds the next one. */
export function streamProblem(message: SipMessage, transport: TransportName): ParseError | undefined {
  if (transport === 'udp') return undefined
  if (!message.isComplete || message.error !== undefined) return message.error ?? new ParseError('header', 'the headers do not end')
  const length = message.header(HeaderType.contentLength)
  const second = length === undefined ? undefined : message.headerAfter(length)
  return second === undefined ? undefined : new ParseError('content-length', 'there is more than one Content-Length', second.start)
}

/** The sender's Via from its header's start to the Via's end, with received= and rport= noted. */
function senderVia(message: SipMessage, via: Via, from: number): string {
  const { text } = message
  const wantsRport = needsRport(message, via)
  if (!wantsRport && !needsReceived(message, via)) return text.slice(from, via.end)
  let result = ''
  let at = from
  const received = needsReceived(message, via) ? message.received.sourceAddress : undefined
  const rport = wantsRport ? message.received.sourcePort : undefined
  const addsReceived = received !== undefined && via.receivedStart < 0
  const addsRport = rport !== undefined && via.rportStart < 0
  if (addsReceived || addsRport) {
    result = text.slice(at, via.hostEnd)
    at = via.hostEnd
    if (addsRport) result += `;rport=${rport}`
    if (addsReceived) result += `;received=${received}`
  }
  // What is there already is replaced, in the order it stands.
  const replacesReceived = received !== undefined && !addsReceived
  if (replacesReceived && (addsRport || rport === undefined || via.receivedStart <= via.rportStart)) {
    result += `${text.slice(at, via.receivedName)}received=${received}`
    at = via.receivedEnd
  }
  if (rport !== undefined && !addsRport) {
    result += `${text.slice(at, via.rportName)}rport=${rport}`
    at = via.rportEnd
  }
  if (replacesReceived && at <= via.receivedName) {
    result += `${text.slice(at, via.receivedName)}received=${received}`
    at = via.receivedEnd
  }
  return result + text.slice(at, via.end)
}

function editSenderVia(edits: Edits, message: SipMessage, via: Via): void {
  const start = message.startOf(via.place)
  // What the script takes out stays out (Kamailio would leave received= and rport= behind, without a header).
  if (edits.removalAt(start) !== undefined) return
  const changed = senderVia(message, via, start)
  if (changed !== message.text.slice(start, via.end)) edits.replace(start, via.end, changed)
}
