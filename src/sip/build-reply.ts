/** Replies: those passed on along their Vias, and those this server makes itself (RFC 3261 §16.7, §8.2.6). */
import { applyEdits, needsLength, outgoingInfo, streamProblem } from './build-request.ts'
import { needsReceived, needsRport, viaTransport } from './build-via.ts'
import { defaultPort, isStream, type ListenSocket, type Target, type TransportName } from './endpoint.ts'
import type { Header } from './header.ts'
import { decimal } from './header-block.ts'
import { HeaderType } from './header-name.ts'
import type { Via } from './headers/via.ts'
import type { SipMessage } from './message.ts'
import { MessageFlag } from './message-flag.ts'
import { ParseError } from './parse-error.ts'
import { isHttpVersion } from './parse-foreign.ts'
import { withoutBrackets } from '../base/address.ts'

/** Where a reply goes next; the host may be a name. */
export interface ReplyHop {
  readonly host: string
  readonly port: number
  readonly transport: TransportName
  /** From the `i` parameter of the own Via. */
  readonly connectionId: number
}

/** The hop that the second Via names: received before host, rport before port. */
export function nextReplyHop(message: SipMessage): ReplyHop | ParseError {
  const own = message.firstVia()
  if (own === undefined) return new ParseError('via', 'the reply has no Via')
  const next = message.secondVia()
  if (next === undefined) return new ParseError('via', 'the reply has no second Via')
  return hopOf(next, own)
}

function hopOf(via: Via, own: Via): ReplyHop | ParseError {
  const transport = viaTransport(via)
  if (transport === undefined) return new ParseError('via', 'Via names an unknown transport', via.start)
  // Kamailio does not look at maddr (RFC 3261 §18.2.2 would).
  const host = withoutBrackets(via.receivedParam || via.host)
  const { rportStart, rportEnd } = via
  const rport = rportEnd > rportStart ? decimal(via.text, rportStart, rportEnd) ?? 0 : 0
  const port = rport > 0 && rport < 65536 ? rport : via.port || defaultPort(transport)
  return { host, port, transport, connectionId: isStream(transport) ? connectionOf(own) : 0 }
}

/** The connection in the `i` parameter of the own Via; 0 for none. */
function connectionOf(via: Via): number {
  const value = via.param('i')
  return value !== undefined && /^[0-9a-f]{1,12}$/.test(value) ? parseInt(value, 16) : 0
}

/** A reply without the topmost Via, with every edit made. */
export function buildForwardedReply(message: SipMessage, socket: ListenSocket, transport: TransportName): string | ParseError {
  const own = message.firstVia()
  if (own === undefined) return new ParseError('via', 'the reply has no Via')
  const second = message.secondVia()
  const problem = streamProblem(message, transport)
  if (problem !== undefined) return problem
  const isAlone = second === undefined || second.place !== own.place
  const from = isAlone ? message.startOf(own.place) : own.start
  const to = isAlone ? message.startOf(own.place + 1) : second.start
  const { text } = message
  const firstLine =
    message.newStatus === 0 && message.newReason === undefined
      ? text.slice(0, message.headersStart)
      : `${message.version} ${message.newStatus || message.status} ${message.newReason ?? message.reason}\r\n`
  const isAsItCame = !message.hasEdits && !needsLength(message, undefined, transport)
  if (isAsItCame) return firstLine + text.slice(message.headersStart, from) + text.slice(to)
  const edits = message.edits.clone()
  edits.remove(from, to)
  return firstLine + applyEdits(message, edits, outgoingInfo(socket, transport), transport)
}

export interface LocalReply {
  readonly code: number
  readonly reason: string
  /** For To headers without a tag; empty for none. */
  readonly toTag: string
  /** The value of the Server header; empty for none. */
  readonly server: string
  /** Whole header lines put in front of Server. */
  readonly headers?: string
  /** Whole header lines put behind Content-Length. */
  readonly lastHeaders?: string
}

/**
 * A reply to a request, headers in the order the request has them; the reply's own lumps are used. An error when the
 * request's headers cannot all be read.
 */
export function buildLocalReply(message: SipMessage, reply: LocalReply): string | ParseError {
  const { text } = message
  const headers = message.headers()
  if (message.error !== undefined) return message.error
  let result = `${message.version} ${reply.code < 100 ? String(reply.code).padStart(3, '0') : reply.code} ${reply.reason}\r\n`
  const copiesRecordRoute = reply.code >= 180 && reply.code < 300
  const isHttp = isHttpVersion(message.version)
  let isFirstVia = true
  // Neighbours are copied in one piece: what is made of fewer pieces is flattened sooner.
  let copyStart = 0
  let copyEnd = 0
  for (let index = 0; index < headers.length; index++) {
    const header = headers[index]
    if (header === undefined) break
    const { type } = header
    const isChanged = type === HeaderType.to || (type === HeaderType.via && (isFirstVia || isHttp))
    if (!isChanged && !isCopied(type, copiesRecordRoute)) continue
    if (!isChanged && header.start === copyEnd) {
      copyEnd = header.end
      continue
    }
    if (copyEnd > copyStart) result += text.slice(copyStart, copyEnd)
    copyStart = header.start
    copyEnd = isChanged ? header.start : header.end
    if (!isChanged) continue
    if (type === HeaderType.to) result += toLine(message, header, reply.toTag)
    else {
      const line = isFirstVia ? firstViaLine(message, header) : text.slice(header.start, header.end)
      // Via means something else in HTTP: Kamailio writes `Sia`.
      result += isHttp ? `S${line.slice(1)}` : line
    }
    if (type === HeaderType.via) isFirstVia = false
  }
  if (copyEnd > copyStart) result += text.slice(copyStart, copyEnd)
  if (message.replyHeaders !== undefined) for (const line of message.replyHeaders) result += line
  if (reply.headers) result += reply.headers
  const body = message.replyBody
  if (body?.contentType) result += `Content-Type: ${body.contentType}\r\n`
  if (reply.server !== '') result += `Server: ${reply.server}\r\n`
  result += `Content-Length: ${body?.text.length ?? 0}\r\n${reply.lastHeaders ?? ''}\r\n`
  return body ? result + body.text : result
}

/** Headers of a request that its replies repeat (RFC 3261 §8.2.6.2, §12.1.1). */
function isCopied(type: HeaderType, copiesRecordRoute: boolean): boolean {
  return (
    type === HeaderType.via || type === HeaderType.from || type === HeaderType.callId || type === HeaderType.cseq ||
    (type === HeaderType.recordRoute && copiesRecordRoute)
  )
}

/** The first Via header; in a local reply received= stands at the end of the header, behind any further Via in it. */
function firstViaLine(message: SipMessage, header: Header): string {
  const { text } = message
  const via = message.firstVia()
  if (via === undefined) return text.slice(header.start, header.end)
  let line = ''
  let at = header.start
  const rport = needsRport(message, via) ? message.received.sourcePort : undefined
  if (rport !== undefined && via.rportStart >= 0) {
    line = `${text.slice(at, via.rportName)}rport=${rport}`
    at = via.rportEnd
  }
  line += text.slice(at, header.lineEnd)
  if (rport !== undefined && via.rportStart < 0) line += `;rport=${rport}`
  if (needsReceived(message, via)) line += `;received=${message.received.sourceAddress}`
  return `${line}\r\n`
}

/** To with the tag behind all that stands in its line; an empty `tag=` counts as none. */
function toLine(message: SipMessage, header: Header, tag: string): string {
  const { text } = message
  // Behind the bracket at the end of the URI there is nothing, so no tag.
  if (tag === '' || (text.charCodeAt(header.bodyEnd - 1) !== 62 && hasTag(message))) return text.slice(header.start, header.end)
  const { lineEnd } = header
  return `${text.slice(header.start, lineEnd)};tag=${tag}${text.slice(lineEnd, header.end)}`
}

function hasTag(message: SipMessage): boolean {
  const to = message.to()
  return to === undefined || to instanceof ParseError || (to.tag !== undefined && to.tag !== '')
}

/** Where a reply to this request goes: back to its source, or where its Via says with reply_to_via. */
export function replyTarget(message: SipMessage, usesVia: boolean): Target {
  const { received } = message
  const { socket } = received
  const via = message.firstVia()
  const flags = message.msgFlags
  let address = received.sourceAddress
  let port = received.sourcePort
  if (socket.transport === 'udp' && via !== undefined) {
    if (usesVia) address = withoutBrackets(via.maddr || via.host)
    // RFC 3261 §18.2.2: without rport, a reply goes to the port in Via, or to 5060.
    if (!needsRport(message, via)) port = via.port || 5060
  }
  return {
    transport: socket.transport,
    address,
    port,
    socket,
    connectionId: received.connectionId,
    noConnect: (flags & MessageFlag.replyNoConnect) !== 0,
    closeAfter: (flags & MessageFlag.replyClose) !== 0,
  }
}
