/** Requests that this server makes itself (RFC 3261 §8.1, §17.1), and what comes back. */
import { familyOf, isSendingAllowed, queryOfUri } from '../../runtime/forward.ts'
import { Attributes } from '../../runtime/context.ts'
import type { LocateQuery, Location } from '../../runtime/host.ts'
import { addressFamily, withBrackets } from '../../base/address.ts'
import { applyEdits, outgoingInfo } from '../../sip/build-request.ts'
import { buildVia } from '../../sip/build-via.ts'
import { defaultPort, type ListenSocket, type Target, type TransportName } from '../../sip/endpoint.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import { parseUri } from '../../sip/uri.ts'
import { branchId } from '../../transaction/branch-id.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { chooseBranch } from '../../transaction/reply-choice.ts'
import { Option, type Transaction } from '../../transaction/transaction.ts'
import { runAckSent, runEvent } from './events.ts'
import { sentRequest } from './cancel.ts'
import { startTimers } from './send.ts'
import { countCompleted } from './statistics.ts'
import type { Tm } from './state.ts'

/** What is to be sent; header lines end in CRLF and may hold From, To, Call-ID and CSeq. */
export interface LocalRequest {
  readonly method: string
  readonly uri: string
  /** Where to send it; the URI itself when absent. */
  readonly nextHop?: string | undefined
  readonly socket?: ListenSocket | undefined
  readonly to: string
  readonly from: string
  readonly callId?: string | undefined
  readonly cseq?: number | undefined
  readonly headers: string
  readonly body: string
  /** Told the final status, 408 when nobody answered, with the reply if there is one. */
  readonly onFinal?: ((status: number, reply: SipMessage | undefined) => void) | undefined
  readonly onProvisional?: ((reply: SipMessage) => void) | undefined
  readonly isAckedByCaller?: boolean
}

/** Sends a request; below 0 when it cannot be sent. */
export function sendLocalRequest(tm: Tm, request: LocalRequest): number | Promise<number> {
  const uri = parseUri(request.nextHop ?? request.uri)
  if (uri instanceof ParseError) {
    tm.host.log.error('tm', `t_uac: the URI cannot be read: ${uri.reason}`)
    return -1
  }
  const query = queryOfUri(uri)
  const transport = query.transport ?? (query.isSips ? 'tls' : 'udp')
  if (addressFamily(query.host) !== 0) {
    return start(tm, request, { transport, address: query.host, port: query.port || defaultPort(transport) })
  }
  const found = tm.host.network.locate(query)
  const goOn = (location: Location): number | Promise<number> => startFirst(tm, request, query, location)
  return found instanceof Promise ? found.then(goOn) : goOn(found)
}

interface Address {
  readonly transport: TransportName
  readonly address: string
  readonly port: number
}

function startFirst(tm: Tm, request: LocalRequest, query: LocateQuery, location: Location): number | Promise<number> {
  const [first] = location.targets
  if (first !== undefined) return start(tm, request, first)
  tm.host.log.error('tm', `t_uac: cannot resolve '${query.host}': ${location.reason}`)
  return -1
}

function start(tm: Tm, request: LocalRequest, to: Address): number | Promise<number> {
  const { network } = tm.host
  const family = familyOf(to.address)
  const forced = request.socket
  const isForcedFit = forced?.transport === to.transport && forced.family === family
  const socket = isForcedFit ? forced : network.findSocket(to.transport, family, to.address)
  if (socket === undefined) {
    tm.host.log.error('tm', `t_uac: no ${to.transport} socket to send to ${to.address} from`)
    return -1
  }
  const callId = request.callId ?? newCallId(tm, socket)
  const received = { socket, sourceAddress: socket.address, sourcePort: socket.port, connectionId: 0 }
  const message = parseMessage(requestText(tm, request, socket, callId), received, 0)
  if (message instanceof ParseError || message.cseq() === undefined) {
    tm.host.log.error('tm', 't_uac: the headers given make no SIP request')
    return -1
  }
  const transaction = tm.layer.create(message, new Attributes(), false)
  transaction.set(Option.local)
  transaction.localRequest = request
  tm.counters.total++
  const branch = transaction.addBranch()
  branch.uri = request.uri
  branch.dstUri = request.nextHop ?? request.uri
  branch.socket = socket
  message.dstUri = request.nextHop ?? request.uri
  message.forceSocket = socket
  const { localRequest } = tm.events
  if (localRequest === undefined) return launch(tm, transaction, branch, socket, to)
  const dropped = runEvent(tm, transaction, message, localRequest)
  const goOn = (isDropped: boolean): number => {
    if (!isDropped) return launch(tm, transaction, branch, socket, to)
    tm.layer.remove(transaction)
    return -1
  }
  return dropped instanceof Promise ? dropped.then(goOn) : goOn(dropped)
}

/** Adds the own Via, and sends. */
function launch(tm: Tm, transaction: Transaction, branch: ClientBranch, socket: ListenSocket, to: Address): number {
  const { request: message } = transaction
  const via = buildVia({
    transport: to.transport, socket, branch: branchId(transaction.hashIndex, transaction.label, tm.layer.salt, branch.index),
    asksRport: false, connectionId: 0,
  })
  const edits = message.edits.clone()
  const place = message.firstVia()
  // The Via of the message stands for the one that the branch gets.
  if (place !== undefined) edits.replace(message.startOf(place.place), message.startOf(place.place + 1), via)
  const firstLine = `${message.method} ${message.uri} SIP/2.0\r\n`
  branch.request.text = firstLine + applyEdits(message, edits, outgoingInfo(socket, to.transport), to.transport)
  branch.request.target = { transport: to.transport, address: to.address, port: to.port, socket, connectionId: 0 }
  const { host } = tm
  const context = host.contextFor(message)
  const isAllowed = isSendingAllowed(context.context, branch.request.text, socket, to.address, to.port)
  context.release()
  const sent = isAllowed ? host.network.send(branch.request.text, branch.request.target) : { reason: 'onsend_route dropped it' }
  if (sent !== true) {
    host.log.error('tm', `t_uac: attempt to send to '${branch.dstUri ?? branch.uri}' failed: ${sent.reason}`)
    tm.layer.remove(transaction)
    return -1
  }
  tm.counters.client.increment()
  startTimers(transaction, branch)
  return 1
}

function requestText(tm: Tm, request: LocalRequest, socket: ListenSocket, callId: string): string {
  const top = `Via: SIP/2.0/${socket.transport.toUpperCase()} ${withBrackets(socket.address)}:${socket.port}\r\n`
  return (
    `${request.method} ${request.uri} SIP/2.0\r\n${top}To: ${request.to}\r\nFrom: ${request.from}\r\n` +
    `CSeq: ${request.cseq ?? 10} ${request.method}\r\nCall-ID: ${callId}\r\nMax-Forwards: 70\r\n` +
    `Content-Length: ${request.body.length}\r\n${userAgentLine(tm)}${request.headers}\r\n${request.body}`
  )
}

/** The User-Agent header line; empty where server_signature is off. */
function userAgentLine(tm: Tm): string {
  const { settings, identity } = tm.host
  if (settings.server_signature === 0) return ''
  return settings.user_agent_header === '' ? `User-Agent: ${identity.product}\r\n` : `${settings.user_agent_header}\r\n`
}

/** A Call-ID that no other request has: a random part, the process, the address. */
export function newCallId(tm: Tm, socket: ListenSocket): string {
  return `${tm.host.random.hex(8)}-${tm.host.identity.pid}@${withBrackets(socket.address)}`
}

/** A reply to a request of this server, or none in time. */
export function takeLocalReply(tm: Tm, branch: ClientBranch, reply: SipMessage | 'faked'): void {
  const { transaction } = branch
  const status = reply === 'faked' ? 408 : reply.status
  if (status < 200) {
    branch.lastStatus = status
    if (reply !== 'faked') transaction.localRequest?.onProvisional?.(reply)
    return
  }
  if (transaction.isInvite && status < 300 && reply !== 'faked') acknowledgeSuccess(tm, branch, reply)
  if (branch.lastStatus >= 200) return
  branch.lastStatus = status
  branch.reply = reply
  branch.stopTimers()
  if (status >= 300 && chooseBranch(transaction.branches, 0) === 'pending') return
  if (transaction.status >= 200) return
  transaction.status = status
  countCompleted(tm.counters, status)
  tm.layer.linger(transaction)
  transaction.localRequest?.onFinal?.(status, reply === 'faked' ? undefined : reply)
}

/** The ACK to a 2xx (RFC 3261 §13.2.2.4): to the Contact, along the route of the reply. */
function acknowledgeSuccess(tm: Tm, branch: ClientBranch, reply: SipMessage): void {
  const { transaction } = branch
  if (transaction.localRequest?.isAckedByCaller === true || transaction.has(Option.noAutoAck)) return
  const sent = sentRequest(branch)
  const to = reply.header(HeaderType.to)
  const { target } = branch.request
  if (sent === undefined || to === undefined || target === undefined) return
  branch.ack ??= ackText(tm, sent, reply, reply.text.slice(to.start, to.end))
  tm.layer.transmit(branch.ack, ackTarget(tm, branch, reply, target))
  runAckSent(tm, transaction, branch.ack)
}

/** In the order that Kamailio writes it: Via, From, Call-ID, To of the reply, CSeq, the route of the dialog, User-Agent. */
function ackText(tm: Tm, sent: SipMessage, reply: SipMessage, to: string): string {
  const line = (type: HeaderType): string => {
    const header = sent.header(type)
    return header === undefined ? '' : sent.text.slice(header.start, header.end)
  }
  const contacts = reply.addresses(HeaderType.contact)
  const contact = contacts instanceof ParseError || contacts[0]?.isStar === true ? undefined : contacts[0]
  const routes = reply.addresses(HeaderType.recordRoute)
  const set = routes instanceof ParseError ? [] : [...routes].reverse()
  const route = set.map(({ start, end }) => `Route: ${reply.text.slice(start, end)}\r\n`).join('')
  return (
    `ACK ${contact?.uri ?? sent.requestUri} SIP/2.0\r\n${line(HeaderType.via)}${line(HeaderType.from)}${line(HeaderType.callId)}${to}` +
    `CSeq: ${sent.cseq()?.numberText ?? ''} ACK\r\n${route}${userAgentLine(tm)}Content-Length: 0\r\n\r\n`
  )
}

const AckGoes = { byItsRoute: 0, toTheFirstHop: 1, backToTheSender: 2 } as const

/**
 * Where the ACK to a 2xx goes, as local_ack_mode says. A name that would have to be looked up is not worth the wait: the
 * first hop knows.
 */
function ackTarget(tm: Tm, branch: ClientBranch, reply: SipMessage, first: Target): Target {
  const { local_ack_mode } = tm.params
  if (local_ack_mode === AckGoes.toTheFirstHop) return first
  const { sourceAddress, sourcePort } = reply.received
  if (local_ack_mode === AckGoes.backToTheSender) return { ...first, address: sourceAddress, port: sourcePort }
  const routes = reply.addresses(HeaderType.recordRoute)
  const contacts = reply.addresses(HeaderType.contact)
  const contact = contacts instanceof ParseError ? undefined : contacts[0]
  const router = routes instanceof ParseError ? undefined : routes.at(-1)
  const uri = (router ?? contact)?.parsedUri()
  if (uri === undefined || uri instanceof ParseError) return first
  const { host, port, transport = 'udp' } = queryOfUri(uri)
  if (addressFamily(host) !== branch.transaction.request.received.socket.family || transport !== first.transport) return first
  return { ...first, address: host, port: port || defaultPort(transport) }
}
