/** Branches of a request: built, sent, and tried again at another address of the same name. */
import { RouteMask } from '../../define/route-kind.ts'
import { Flow, RouteContext } from '../../runtime/context.ts'
import { buildOutgoing, familyOf, ForwardError, isSendingAllowed, queryOfUri } from '../../runtime/forward.ts'
import { runTopRoute } from '../../runtime/flow.ts'
import type { LocateQuery, Location, RouteFunction } from '../../runtime/host.ts'
import { addressFamily } from '../../base/address.ts'
import { defaultPort, type TransportName } from '../../sip/endpoint.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { branchId } from '../../transaction/branch-id.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { Option, type Transaction } from '../../transaction/transaction.ts'
import { isBlocklisted } from './blocklisting.ts'
import { requestFor, showBranch } from './routes.ts'
import { enter } from './server-side.ts'
import type { Tm } from './state.ts'

/** Where all branches go, whatever their URIs say, as t_relay_to_udp("host", "port") asks. */
export interface Forced {
  readonly host?: string
  readonly port?: number
  readonly transport?: TransportName | undefined
}

/** Kamailio's error numbers beside those of forwarding; without any branch the error is `cfg`, and t_relay() gives -1. */
export const TmError = { unspecified: -1, cfg: -6, canceled: -487, leftToScript: -4, noBranch: -1006 } as const

/**
 * Lets the message look as the branch is to, runs the branch route, and builds what is to be sent. Below 0 when there is
 * nothing to send.
 */
export function prepareBranch(
  tm: Tm, context: RouteContext, branch: ClientBranch, route: RouteFunction | undefined, forced: Forced,
): number | Promise<number> {
  showBranch(context.message, branch)
  if (route === undefined) return locate(tm, context, branch, forced)
  const ran = runBranchRoute(tm, context, branch, route)
  const goOn = (isDropped: boolean): number | Promise<number> => (isDropped ? TmError.cfg : locate(tm, context, branch, forced))
  return ran instanceof Promise ? ran.then(goOn) : goOn(ran)
}

/** True when the route dropped the branch. */
function runBranchRoute(tm: Tm, context: RouteContext, branch: ClientBranch, route: RouteFunction): boolean | Promise<boolean> {
  const { routeType, branchIndex, flow, returnCode, depth } = context
  context.routeType = RouteMask.branch
  context.branchIndex = branch.index
  const end = (): boolean => {
    const isDropped = (context.flow & Flow.drop) !== 0
    context.routeType = routeType
    context.branchIndex = branchIndex
    context.flow = flow
    context.returnCode = returnCode
    context.depth = depth
    takeFromMessage(branch, context)
    return isDropped
  }
  const fail = (error: unknown): boolean => {
    tm.host.log.error('tm', `a branch route failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    return end()
  }
  try {
    const running = runTopRoute(context, route)
    return running instanceof Promise ? running.then(end, fail) : end()
  } catch (error) {
    return fail(error)
  }
}

/** What a branch route changed in the message is the branch's. */
function takeFromMessage(branch: ClientBranch, { message }: RouteContext): void {
  branch.uri = message.uri
  branch.dstUri = message.dstUri
  branch.path = message.pathVector
  branch.socket = message.forceSocket
  branch.flags = message.branchFlags
  branch.onBranchFailure = branch.transaction.armed.onBranchFailure
}

function locate(tm: Tm, context: RouteContext, branch: ClientBranch, forced: Forced): number | Promise<number> {
  const query = queryOf(branch, forced)
  if (query instanceof ParseError) {
    tm.host.log.error('tm', `the URI of branch ${branch.index} cannot be read: ${query.reason}`)
    return ForwardError.badAddress
  }
  const family = addressFamily(query.host)
  if (family !== 0) {
    const transport = query.transport ?? (query.isSips ? 'tls' : 'udp')
    return build(tm, context, branch, { transport, address: query.host, port: query.port || defaultPort(transport) })
  }
  const found = tm.host.network.locate(query)
  const goOn = (location: Location): number => buildFirst(tm, context, branch, query, location)
  return found instanceof Promise ? found.then(goOn) : goOn(found)
}

/** The next hop: the forced one, the destination, or the Request-URI. */
function queryOf(branch: ClientBranch, forced: Forced): LocateQuery | ParseError {
  if (forced.host !== undefined) {
    return { host: forced.host, port: forced.port ?? 0, transport: forced.transport ?? 'udp', isSips: false }
  }
  const uri = parseUri(branch.dstUri ?? branch.uri)
  if (uri instanceof ParseError) return uri
  const query = queryOfUri(uri)
  return forced.transport === undefined ? query : { ...query, transport: forced.transport }
}

function buildFirst(tm: Tm, context: RouteContext, branch: ClientBranch, query: LocateQuery, location: Location): number {
  const [first, ...others] = location.targets
  if (first === undefined) {
    tm.host.log.error('tm', `cannot resolve '${query.host}': ${location.reason}`)
    return ForwardError.badAddress
  }
  if (tm.host.settings.use_dns_failover !== 0 && !branch.transaction.has(Option.disableFailover)) branch.alternatives = others
  return build(tm, context, branch, first)
}

interface Address {
  readonly transport: TransportName
  readonly address: string
  readonly port: number
}

function build(tm: Tm, context: RouteContext, branch: ClientBranch, to: Address): number {
  const { transaction } = branch
  const id = branchId(transaction.hashIndex, transaction.label, tm.layer.salt, branch.index)
  const outgoing = buildOutgoing(context, to.transport, to.address, familyOf(to.address), to.port, id)
  if ('code' in outgoing) {
    tm.host.log.error('tm', `branch ${branch.index} cannot be sent: ${outgoing.reason}`)
    return isOfOtherFamilyOnly(tm, outgoing.code, to) ? ForwardError.badAddress : outgoing.code
  }
  branch.request.text = outgoing.text
  const { msgFlags, outConnectionId } = context.message
  const isNamed = (msgFlags & MessageFlag.useConnection) !== 0
  branch.request.target = isNamed ? { ...outgoing.target, connectionId: outConnectionId } : outgoing.target
  return 1
}

/** An address of a family that this server has no sockets of, for a transport that it has, counts as none at all. */
function isOfOtherFamilyOnly(tm: Tm, code: number, { transport }: Address): boolean {
  return code === ForwardError.noSocket && tm.host.network.sockets.some((socket) => socket.transport === transport)
}

/** Sends a branch that is ready, and starts its timers. False when it did not leave; then it has no part in the transaction. */
export function sendBranch(tm: Tm, context: RouteContext, branch: ClientBranch): boolean {
  const { transaction, request } = branch
  const { target, text } = request
  if (target === undefined) return false
  if (tm.host.blocklist.isOn && isBlocklisted(tm, branch)) return failOver(tm, branch)
  const isAllowed = target.socket === undefined || isSendingAllowed(context, text, target.socket, target.address, target.port)
  const sent = isAllowed ? tm.host.network.send(text, target) : { reason: 'onsend_route dropped it' }
  if (sent !== true) {
    tm.host.log.error('tm', `sending branch ${branch.index} to ${target.transport}:${target.address}:${target.port} failed: ${sent.reason}`)
    return isAllowed && (failOver(tm, branch) || hold(tm, branch))
  }
  tm.counters.client.increment()
  transaction.tracer?.requestSent(transaction, text, target)
  startTimers(transaction, branch)
  return true
}

/** The branch could not be sent: true when another address of its name takes its place. */
function failOver(tm: Tm, branch: ClientBranch): boolean {
  if (!tryNextAddress(tm, branch)) return false
  branch.isDropped = true
  return true
}

/** failure_exec_mode: a branch that could not be sent counts as sent, and times out. */
function hold(tm: Tm, { request, transaction }: ClientBranch): boolean {
  if (tm.params.failure_exec_mode === 0) return false
  request.endAfter(Math.min(transaction.times.frMs, transaction.endOfLife - transaction.layer.now()))
  return true
}

/** Starts retransmissions, and the time in which an answer must come. */
export function startTimers(transaction: Transaction, { request }: ClientBranch): void {
  request.repeat(transaction.times.retr1Ms, transaction.times.retr2Ms)
  request.endAfter(Math.min(transaction.times.frMs, transaction.endOfLife - transaction.layer.now()))
}

/** DNS failover (RFC 3263 §4.3): a further branch for the next address. False when there is none. */
export function tryNextAddress(tm: Tm, branch: ClientBranch): boolean {
  const { transaction } = branch
  const [next, ...others] = branch.alternatives
  if (next === undefined || transaction.has(Option.disableFailover) || transaction.has(Option.canceled)) return false
  branch.alternatives = []
  const further = transaction.addBranch()
  copyBranch(branch, further)
  further.alternatives = others
  const message = requestFor(transaction)
  const { context, release } = tm.host.contextFor(message)
  enter(context, transaction)
  showBranch(message, further)
  const isBuilt = build(tm, context, further, next) > 0
  if (isBuilt && tm.params.reparse_on_dns_failover !== 0) further.request.text = withViaOf(branch.request.text, further.request.text)
  const isSent = isBuilt && sendBranch(tm, context, further)
  release()
  if (!isSent && further === transaction.branches.at(-1)) transaction.branches.pop()
  return isSent
}

/** The request as it was sent to the last address, so with what its branch route changed, and the Via of the next one. */
function withViaOf(sent: string, next: string): string {
  const start = sent.indexOf('\r\nVia: ')
  const nextStart = next.indexOf('\r\nVia: ')
  if (start < 0 || nextStart < 0) return next
  return sent.slice(0, start) + next.slice(nextStart, next.indexOf('\r\n', nextStart + 2)) + sent.slice(sent.indexOf('\r\n', start + 2))
}

function copyBranch(from: ClientBranch, to: ClientBranch): void {
  to.uri = from.uri
  to.dstUri = from.dstUri
  to.path = from.path
  to.socket = from.socket
  to.flags = from.flags
  to.q = from.q
  to.instance = from.instance
  to.ruid = from.ruid
  to.locationUserAgent = from.locationUserAgent
  to.onReply = from.onReply
  to.onFailure = from.onFailure
  to.onBranchFailure = from.onBranchFailure
}
