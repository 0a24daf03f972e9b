/**
 * The client side of a transaction: replies and the time they do not come in, the choice among branches, what goes
 * upstream (RFC 3261 §16.7, §17.1). Routes may wait: what happens to the transaction meanwhile is done behind them.
 */
import { RouteMask } from '../../define/route-kind.ts'
import { Flow, type RouteContext, type Worker } from '../../runtime/context.ts'
import { runTopRoute } from '../../runtime/flow.ts'
import { buildForwardedReply } from '../../sip/build-reply.ts'
import { replyTarget } from '../../sip/build-reply.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { chooseBranch } from '../../transaction/reply-choice.ts'
import { Option, Phase, type Transaction } from '../../transaction/transaction.ts'
import { listSilent, listUnavailable } from './blocklisting.ts'
import { challengesOf } from './challenges.ts'
import { cancelBranches, hopRequest, isPending, repeatCancel, sendCancel, sentRequest } from './cancel.ts'
import { reasonPhrase } from '../../runtime/reason-phrase.ts'
import { routesOf, runBranchFailure, runFailureRoute, runRoute } from './routes.ts'
import { TmError, tryNextAddress } from './send.ts'
import { answerFailure, answerUpstream, buildReply, enter, ownReason } from './server-side.ts'
import type { Tm } from './state.ts'
import { takeLocalReply } from './uac.ts'

/** What may stand behind a route that waits; more is dropped, as if the network had. */
const QUEUED_MAX = 64

/** Does something to a transaction, behind whatever waits there. */
export function inTurn(tm: Tm, transaction: Transaction, work: () => void | Promise<void>): void | Promise<void> {
  if (transaction.busy !== undefined) {
    if (transaction.queued >= QUEUED_MAX) {
      tm.host.log.warning('tm', `a route waits, and ${QUEUED_MAX} replies wait behind it: one more is dropped`)
      return undefined
    }
    transaction.queued++
    const next = transaction.busy.then(() => {
      transaction.queued--
      return work()
    })
    return settle(transaction, next)
  }
  const running = work()
  return running instanceof Promise ? settle(transaction, running) : undefined
}

function settle(transaction: Transaction, running: Promise<void>): Promise<void> {
  const done = running.finally(() => {
    if (transaction.busy === done) transaction.busy = undefined
  })
  transaction.busy = done
  return done
}

/** A reply came. False when it belongs to no transaction: it goes on without one. */
export function takeReply(tm: Tm, context: RouteContext): boolean | Promise<boolean> {
  const { message } = context
  const branch = tm.layer.branchOf(message)
  if (branch === undefined) {
    if (!tm.layer.isLate(message)) return takeStateless(tm, context)
    tm.counters.received.increment()
    tm.counters.absorbed.increment()
    return true
  }
  const { transaction } = branch
  const isToCancel = transaction.isInvite && message.isCSeqOf('CANCEL')
  if (!isToCancel && !message.isCSeqOf(transaction.method)) return takeStateless(tm, context)
  tm.counters.received.increment()
  transaction.tracer?.replyCame(transaction, message)
  if (isToCancel) {
    if (message.status >= 200) branch.cancel?.stop()
    else branch.cancel?.stopRepeating()
    return true
  }
  const done = inTurn(tm, transaction, () => processReply(tm, context, branch))
  if (done instanceof Promise) return done.then(() => true)
  tm.layer.packEnded()
  return true
}

/** A reply without a transaction: on_sl_reply may keep it from going on along its Vias. */
function takeStateless(tm: Tm, context: RouteContext): boolean | Promise<boolean> {
  const { statelessReply } = tm
  if (statelessReply === undefined) return false
  context.routeType = RouteMask.coreReply
  const ended = (result: number): boolean => result === 0 || (context.flow & Flow.drop) !== 0
  const running = runTopRoute(context, statelessReply)
  return running instanceof Promise ? running.then(ended) : ended(running)
}

function processReply(tm: Tm, context: RouteContext, branch: ClientBranch): void | Promise<void> {
  const { message } = context
  const { transaction } = branch
  const { status } = message
  transaction.replyEditor?.(transaction, message)
  if (transaction.isInvite && status >= 300) acknowledge(tm, branch, message)
  if (status >= 200) {
    branch.request.stop()
    branch.cancel?.stop()
  } else if (transaction.isInvite) branch.request.stopRepeating()
  if (status === 503 && tm.host.blocklist.isOn) listUnavailable(tm, message)
  if (status < 200 && branch.isCanceled && transaction.isInvite) {
    branch.hasReplied = true
    takeCanceled(tm, branch, status)
    return undefined
  }
  const name = branch.onReply === '' ? transaction.armed.onReply : branch.onReply
  const route = name === '' ? undefined : routesOf(tm, transaction).onreply(name)
  if (route === undefined) return replyRouted(tm, context, branch, false)
  enter(context, transaction)
  context.branchIndex = branch.index
  context.routeType = RouteMask.onreply
  transaction.giveFlags(message)
  message.branchFlags = branch.flags
  // The route sees the branch as the reply makes it; what is done with the reply depends on how it was.
  const before = branch.lastStatus
  branch.lastStatus = status
  return runRoute(tm, context, route, (isDropped) => {
    branch.lastStatus = before
    transaction.keepFlags(message)
    branch.flags = message.branchFlags
    return replyRouted(tm, context, branch, isDropped)
  })
}

function replyRouted(tm: Tm, context: RouteContext, branch: ClientBranch, isDropped: boolean): void | Promise<void> {
  const { message } = context
  const { status } = message
  // Only provisional replies can be dropped: somebody waits for the final one.
  if (isDropped && status < 200) return undefined
  if (status < 200) {
    awaitFinal(tm, branch, status)
    branch.hasReplied = true
  }
  if (branch.transaction.has(Option.local)) return takeLocalReply(tm, branch, message, context.worker)
  if (status < 200) return takeProvisional(tm, branch, message, context.worker)
  // The name may have further addresses; the reply stays one of those to choose from.
  const mayFailOver = branch.alternatives.length > 0 && branch.lastStatus < 200
  if (mayFailOver && (status === 503 || tm.isFailover?.(status) === true)) tryNextAddress(tm, branch)
  const ended = takeFinal(tm, branch, message, status, context.worker)
  if (ended instanceof Promise) {
    return ended.then(() => {
      branch.hasReplied = true
    })
  }
  branch.hasReplied = true
}

/** Timers behind a provisional reply (RFC 3261 §16.7 step 2, §17.1). */
function awaitFinal(tm: Tm, branch: ClientBranch, status: number): void {
  const { transaction } = branch
  if (branch.lastStatus >= 200) return
  if (!transaction.isInvite) {
    branch.request.slowDown(transaction.times.retr2Ms)
    return
  }
  const isFurther = status >= 180 && status > branch.lastStatus
  if (!branch.isInviteTimerRunning || isFurther || tm.params.restart_fr_on_each_reply !== 0) {
    branch.isInviteTimerRunning = true
    branch.request.endAfter(Math.min(transaction.times.frInviteMs, transaction.endOfLife - tm.layer.now()))
  }
}

/** A provisional reply of a branch that is canceled goes nowhere: now, at the latest, the CANCEL can be sent. */
function takeCanceled(tm: Tm, branch: ClientBranch, status: number): void {
  const { transaction } = branch
  // Why it was canceled is forgotten by then, unless that came from upstream: only a final answer tells.
  const reason = transaction.has(Option.canceled) ? branch.cancelReason : transaction.status >= 200 ? sentCause(transaction.status) : ''
  if (branch.cancel === undefined) sendCancel(tm, branch, { reason: reason ?? '' })
  else if (branch.lastStatus < 100) repeatCancel(branch, branch.cancel)
  if (branch.lastStatus < 200) branch.lastStatus = status
}

function sentCause(status: number): string {
  return `Reason: SIP;cause=${status}\r\n`
}

function takeProvisional(tm: Tm, branch: ClientBranch, reply: SipMessage, worker: Worker): void {
  const { transaction } = branch
  const { status } = reply
  if (branch.lastStatus >= 200) return
  branch.lastStatus = status
  if (transaction.status >= 200) return
  if (status > 100 || tm.params.relay_100 !== 0) passOn(tm, transaction, branch, reply, worker)
}

/**
 * A final reply of a branch, or one made up in its place: goes upstream, or waits for those of the other branches.
 */
export function takeFinal(
  tm: Tm, branch: ClientBranch, reply: SipMessage | 'faked', status: number, worker?: Worker,
): void | Promise<void> {
  const { transaction } = branch
  if (status < 300) {
    takeSuccess(tm, branch, reply, status, worker)
    return undefined
  }
  if (transaction.status >= 200) {
    if (branch.lastStatus < 200) branch.lastStatus = status
    tm.counters.absorbed.increment()
    return undefined
  }
  if (branch.lastStatus >= 200) {
    tm.counters.absorbed.increment()
    return undefined
  }
  branch.lastStatus = status
  branch.reply = reply
  if (status >= 600 && tm.params.disable_6xx_block === 0 && !transaction.has(Option.disable6xx) && !transaction.has(Option.blocked6xx)) {
    transaction.set(Option.blocked6xx)
    cancelBranches(tm, transaction.branches.filter(isPending), { reason: ownReason(status) })
  }
  return runBranchFailure(tm, branch, worker, () => decide(tm, branch, worker))
}

function takeSuccess(tm: Tm, branch: ClientBranch, reply: SipMessage | 'faked', status: number, worker: Worker | undefined): void {
  const { transaction } = branch
  if (transaction.status >= 200) {
    // Each 2xx to an INVITE goes to the caller, be it from another branch or once more the same (RFC 3261 §16.7 step 5).
    if (!transaction.isInvite || transaction.relayedBranch === -2 && transaction.status < 300) return
    branch.lastStatus = status
    if (reply !== 'faked') passOnLate(tm, transaction, branch, reply)
    return
  }
  if (branch.lastStatus >= 300) return
  branch.lastStatus = status
  if (reply !== 'faked') passOn(tm, transaction, branch, reply, worker)
  endBranches(tm, transaction, branch, status)
}

/** What is still pending is canceled, the rest needs no timers. */
function endBranches(tm: Tm, transaction: Transaction, but: ClientBranch, status: number): void {
  const pending = transaction.branches.filter((other) => other !== but && isPending(other))
  if (transaction.isInvite) cancelBranches(tm, pending, { reason: ownReason(status) })
  for (const other of transaction.branches) if (!transaction.isInvite || other.lastStatus >= 200) other.stopTimers()
}

/** Looks whether all branches are final; if so the best failure has its route, and goes upstream unless that changed something. */
function decide(tm: Tm, branch: ClientBranch, worker: Worker | undefined): void | Promise<void> {
  const { transaction } = branch
  const winner = chooseBranch(transaction.branches, tm.params.faked_reply_prio, branch)
  if (winner === 'pending') return undefined
  if (winner === 'none') return undefined
  const count = transaction.branches.length
  if (winner.onFailure !== '') transaction.arm().dropMode = tm.params.failure_reply_mode
  const { observer, flags } = transaction
  if (observer !== undefined) {
    transaction.arm().winner = winner
    observer.failed(transaction, winner, worker)
  }
  return runFailureRoute(tm, transaction, winner, worker, flags, () => afterFailureRoute(tm, transaction, winner, count, worker))
}

/** failure_reply_mode, and what t_drop_replies() asks for. */
const DropMode = { none: 0, all: 1, last: 2, onNewBranches: 3 } as const

/** Where no failure route ran. */
const NOTHING_DROPPED = { dropMode: DropMode.none, waveStart: 0 } as const

function afterFailureRoute(
  tm: Tm, transaction: Transaction, winner: ClientBranch, count: number, worker: Worker | undefined,
): void {
  transaction.set(Option.blocked6xx, false)
  const hasNewBranches = transaction.branches.length > count
  const { dropMode, waveStart } = winner.onFailure === '' ? NOTHING_DROPPED : transaction.armed
  if (dropMode === DropMode.all || (dropMode === DropMode.onNewBranches && hasNewBranches)) {
    for (const old of transaction.branches.slice(0, count)) drop(old)
  } else if (dropMode === DropMode.last) {
    for (const old of transaction.branches.slice(waveStart, count)) drop(old)
  }
  if (hasNewBranches) transaction.arm().waveStart = count
  if (transaction.status >= 200 || transaction.phase !== Phase.proceeding) return
  if (hasNewBranches) {
    // A new branch may have failed while it was sent: then it is its turn to be chosen.
    const now = chooseBranch(transaction.branches, tm.params.faked_reply_prio)
    if (now === 'pending' || transaction.branches.slice(count).some((branch) => !branch.isDropped && branch.lastStatus < 200)) return
  }
  const best = winner.isDropped ? chooseBranch(transaction.branches, tm.params.faked_reply_prio) : winner
  if (best === 'pending') return
  if (best === 'none') {
    answerFailure(tm, transaction, TmError.unspecified, transaction.request)
    return
  }
  passFailureOn(tm, transaction, best, worker)
}

function drop(branch: ClientBranch): void {
  branch.isDropped = true
  branch.reply = undefined
}

/** Sends the failure of a branch upstream. */
function passFailureOn(tm: Tm, transaction: Transaction, winner: ClientBranch, worker: Worker | undefined): void {
  const { reply, lastStatus } = winner
  if (reply === 'faked' || reply === undefined) {
    const isSelfMade408 = lastStatus === 408
    if (isSelfMade408 && transaction.has(Option.canceled)) passOnFaked(tm, transaction, winner, 487, reasonPhrase(487))
    else if (isSelfMade408) passOnFaked(tm, transaction, winner, tm.params.reply_408_code, tm.params.reply_408_reason || reasonPhrase(408))
    else passOnFaked(tm, transaction, winner, lastStatus, reasonPhrase(lastStatus))
  } else if (lastStatus === 503 && tm.params.remap_503_500 !== 0) {
    passOnFaked(tm, transaction, winner, 500, reasonPhrase(503))
  } else if ((lastStatus === 401 || lastStatus === 407) && tm.params.aggregate_challenges !== 0 && challengesOf(transaction).count > 1) {
    passOnFaked(tm, transaction, winner, lastStatus, reasonPhrase(lastStatus), challengesOf(transaction).lines)
  } else passOn(tm, transaction, winner, reply, worker)
}

function passOnFaked(tm: Tm, transaction: Transaction, branch: ClientBranch, status: number, reason: string, headers = ''): void {
  const text = buildReply(tm, transaction, transaction.request, status, reason, headers)
  if (text === undefined) return
  answerUpstream(tm, transaction, text, status, branch.index)
  transaction.observer?.replySent(transaction, status, 'faked', undefined)
}

/** A reply as it came, without the own Via. */
function passOn(tm: Tm, transaction: Transaction, branch: ClientBranch, reply: SipMessage, worker: Worker | undefined): void {
  const text = replyText(tm, transaction, reply)
  if (text === undefined) return
  tm.counters.relayed.increment()
  answerUpstream(tm, transaction, text, reply.newStatus || reply.status, branch.index, reply)
  transaction.observer?.replySent(transaction, reply.newStatus || reply.status, reply, worker)
}

/** A 2xx behind the final answer: to the caller, and forgotten here. */
function passOnLate(tm: Tm, transaction: Transaction, branch: ClientBranch, reply: SipMessage): void {
  const text = replyText(tm, transaction, reply)
  const { target } = transaction.response
  if (text === undefined || target === undefined) return
  const isCopy = transaction.tracer !== undefined && transaction.toTag === tagOf(reply)
  tm.counters.relayed.increment()
  transaction.status = reply.status
  transaction.relayedBranch = branch.index
  transaction.response.text = text
  // A failure that still waits for its ACK is not repeated behind a success.
  tm.layer.linger(transaction)
  tm.layer.transmit(text, target)
  if (!isCopy) transaction.tracer?.replySent(transaction, reply.status, text, reply)
}

function tagOf(reply: SipMessage): string {
  const to = reply.to()
  return to === undefined || to instanceof ParseError ? '' : to.tag ?? ''
}

function replyText(tm: Tm, transaction: Transaction, reply: SipMessage): string | undefined {
  const target = (transaction.response.target ??= replyTarget(transaction.request, tm.host.settings.reply_to_via !== 0))
  const text = buildForwardedReply(reply, target.socket ?? transaction.origin.socket, target.transport)
  if (typeof text === 'string') return text
  tm.host.log.error('tm', `a reply cannot be passed on: ${text.reason}`)
  return undefined
}

/** The ACK of this hop to a failure, and to each copy of it (RFC 3261 §17.1.1.3). */
function acknowledge(tm: Tm, branch: ClientBranch, reply: SipMessage): void {
  const sent = sentRequest(branch)
  const to = reply.header(HeaderType.to)
  const { target } = branch.request
  if (sent === undefined || to === undefined || target === undefined) return
  const { transaction } = branch
  const ack = hopRequest(tm, branch, sent, { method: 'ACK', to: reply.text.slice(to.start, to.end) })
  transaction.layer.transmit(ack, target)
  transaction.tracer?.requestSent(transaction, ack, target)
}

/** No final reply came in time: the branch counts as 408, or another address is tried. */
export function branchExpired(tm: Tm, branch: ClientBranch): void {
  const { transaction } = branch
  void inTurn(tm, transaction, () => {
    if (branch.lastStatus >= 200) return undefined
    branch.isTimedOut = true
    const isSilent = branch.lastStatus < 100
    if (isSilent && tm.host.blocklist.isOn) listSilent(tm, branch)
    if (isSilent) tryNextAddress(tm, branch)
    const isToCancel = transaction.isInvite && !isSilent && branch.cancel === undefined
    if (isToCancel) branch.isCanceled = true
    const ended = endExpired(tm, branch)
    if (!isToCancel) return ended
    const cancel = (): void => sendCancel(tm, branch, { reason: '' })
    return ended instanceof Promise ? ended.then(cancel) : cancel()
  })
}

function endExpired(tm: Tm, branch: ClientBranch): void | Promise<void> {
  const { transaction } = branch
  if (transaction.has(Option.local)) return takeLocalReply(tm, branch, 'faked')
  if (!mayStaySilent(tm, transaction, branch)) return takeFinal(tm, branch, 'faked', 408)
  branch.lastStatus = 408
  tm.layer.linger(transaction)
  return undefined
}

/** noisy_ctimer off: the caller of somebody who never replied is left alone where nothing else is to be tried. */
function mayStaySilent(tm: Tm, transaction: Transaction, branch: ClientBranch): boolean {
  return (
    tm.params.noisy_ctimer === 0 && transaction.isInvite && transaction.branches.length === 1 && branch.onFailure === '' &&
    !branch.hasReplied && transaction.status < 200
  )
}

