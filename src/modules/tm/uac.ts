/** Requests that this server makes itself (RFC 3261 §8.1, §17.1), and what comes back. */
import { familyOf, queryOfUri } from '../../runtime/forward.ts'
import { Attributes, type Worker } from '../../runtime/context.ts'
import { userAgentLine } from '../../runtime/server-header.ts'
import type { LocateQuery, Location } from '../../runtime/host.ts'
import { addressFamily, withBrackets } from '../../base/address.ts'
import { applyEdits, outgoingInfo } from '../../sip/build-request.ts'
import { buildVia } from '../../sip/build-via.ts'
import { defaultPort, type ListenSocket, type TransportName } from '../../sip/endpoint.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import { parseUri } from '../../sip/uri.ts'
import { branchId } from '../../transaction/branch-id.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { chooseBranch } from '../../transaction/reply-choice.ts'
import { Option, Phase, type Transaction } from '../../transaction/transaction.ts'
import { runEvent } from './events.ts'
import { acknowledgeSuccess } from './local-ack.ts'
import { runFailureRoute } from './routes.ts'
import { startTimers } from './send.ts'
import { countCompleted } from './statistics.ts'
import type { Tm } from './state.ts'

/** What is to be sent; To and From are whole values. */
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
  readonly onFinal?: ((status: number, reply: SipMessage | undefined, worker: Worker | undefined) => void | Promise<void>) | undefined
  readonly onProvisional?: ((reply: SipMessage) => void) | undefined
  readonly isAckedByCaller?: boolean
}

/** Sends a request; below 0 when it cannot be sent, 0 when event_route[tm:local-request] dropped it. */
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

/** A socket of another transport stands for the one of the right transport on its address. */
const socketBeside = (tm: Tm, forced: ListenSocket, transport: TransportName): ListenSocket | undefined =>
  forced.transport === transport ? forced : tm.host.network.socketOf(forced.address, 0, transport)

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
  const source = forced === undefined || forced.family !== family ? undefined : socketBeside(tm, forced, to.transport)
  const socket = source ?? network.findSocket(to.transport, family, to.address)
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
  transaction.routes = tm.host.routes
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
  const isForced = source !== undefined
  if (localRequest === undefined) return launch(tm, transaction, branch, { socket, isForced }, to)
  const dropped = runEvent(tm, transaction, message, localRequest)
  const goOn = (isDropped: boolean): number => {
    if (!isDropped) return launch(tm, transaction, branch, { socket, isForced }, to)
    tm.layer.remove(transaction)
    return 0
  }
  return dropped instanceof Promise ? dropped.then(goOn) : goOn(dropped)
}

interface Source {
  readonly socket: ListenSocket
  readonly isForced: boolean
}

/** Adds the own Via, and sends. */
function launch(tm: Tm, transaction: Transaction, branch: ClientBranch, { socket, isForced }: Source, to: Address): number {
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
  branch.onFailure = transaction.armed.onFailure
  if (tm.params.enable_uac_fr !== 0) transaction.standAs(branch.request.text)
  branch.request.target = {
    transport: to.transport, address: to.address, port: to.port, socket, connectionId: 0, isSocketForced: isForced,
  }
  // onsend_route does not see it, as in Kamailio.
  const sent = tm.host.network.send(branch.request.text, branch.request.target)
  if (sent !== true) {
    tm.host.log.error('tm', `t_uac: attempt to send to '${branch.dstUri ?? branch.uri}' failed: ${sent.reason}`)
    tm.layer.remove(transaction)
    return -1
  }
  tm.counters.client.increment()
  startTimers(transaction, branch)
  return 1
}

function requestText(tm: Tm, request: LocalRequest, socket: ListenSocket, callId: string): string {
  const top = `Via: SIP/2.0/${socket.transport.toUpperCase()} ${withBrackets(socket.address)}:${socket.port}\r\n`
  const { headers } = request
  const hops = headers.includes('Max-Forwards:') ? '' : 'Max-Forwards: 70\r\n'
  const given = headers.length <= 2 ? '' : headers.endsWith('\n') ? headers : `${headers}\r\n`
  return (
    `${request.method} ${request.uri} SIP/2.0\r\n${top}To: ${request.to}\r\nFrom: ${request.from}\r\n` +
    `CSeq: ${request.cseq ?? 10} ${request.method}\r\nCall-ID: ${callId}\r\n${hops}` +
    `Content-Length: ${request.body.length}\r\n${userAgentLine(tm.host)}${given}\r\n${request.body}`
  )
}

/** A From tag for a request made here. */
export function newFromTag(tm: Tm): string {
  return `${tm.host.random.hex(16)}-${tm.host.random.hex(4)}`
}

/** A Call-ID that no other request has: a random part, the process, the address. */
export function newCallId(tm: Tm, socket: ListenSocket): string {
  return tm.makeCallId?.() ?? `${tm.host.random.hex(8)}-${tm.host.identity.pid}@${withBrackets(socket.address)}`
}

/** A reply to a request of this server, or none in time. */
export function takeLocalReply(
  tm: Tm, branch: ClientBranch, reply: SipMessage | 'faked', worker?: Worker,
): void | Promise<void> {
  const { transaction } = branch
  const status = reply === 'faked' ? 408 : reply.status
  if (status < 200) {
    branch.lastStatus = status
    if (reply !== 'faked' && tm.params.pass_provisional_replies !== 0) transaction.localRequest?.onProvisional?.(reply)
    return
  }
  if (transaction.isInvite && status < 300 && reply !== 'faked') acknowledgeSuccess(tm, branch, reply)
  if (branch.lastStatus >= 200) return
  branch.lastStatus = status
  branch.reply = reply
  branch.stopTimers()
  if (status < 300) return endLocal(tm, transaction, branch, worker)
  const winner = chooseBranch(transaction.branches, 0)
  if (winner === 'pending' || winner === 'none') return
  if (tm.params.enable_uac_fr === 0 || winner.onFailure === '') return endLocal(tm, transaction, winner, worker)
  const count = transaction.branches.length
  return runFailureRoute(tm, transaction, winner, worker, transaction.flags, () => {
    for (const old of transaction.branches.slice(0, count)) old.isDropped = transaction.branches.length > count
    return transaction.branches.length === count ? endLocal(tm, transaction, winner, worker) : undefined
  })
}

/** The request has its final answer: that of the branch. */
function endLocal(tm: Tm, transaction: Transaction, { lastStatus, reply }: ClientBranch, worker: Worker | undefined): void | Promise<void> {
  if (transaction.phase >= Phase.waiting) return
  transaction.status = lastStatus
  countCompleted(tm.counters, lastStatus)
  tm.layer.linger(transaction)
  return transaction.localRequest?.onFinal?.(lastStatus, reply === 'faked' ? undefined : reply, worker)
}
