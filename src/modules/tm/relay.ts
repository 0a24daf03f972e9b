/** Sending a request on, with a transaction (t_relay() and its kin). */
import { forwardTo, ForwardError, forwardToUri } from '../../runtime/forward.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { RouteFunction } from '../../runtime/host.ts'
import { ownBranch, type Branch } from '../../runtime/branches.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { Done, Option, type Transaction } from '../../transaction/transaction.ts'
import { RouteMask } from '../../define/route-kind.ts'
import { cancelInvite, canceledInviteOf } from './cancel.ts'
import { routesOf } from './routes.ts'
import { prepareBranch, sendBranch, TmError, type Forced } from './send.ts'
import { answerFailure, makeTransaction, release, replyLocally, sendTrying, TOO_FEW_HEADERS, transactionOf } from './server-side.ts'
import type { Tm } from './state.ts'

export interface RelayOptions extends Forced {
  /** t_replicate(): nobody upstream waits for the answer. */
  readonly replicates?: boolean
  /** Bit 1: no 100; bit 2: no reply when it fails; bit 4: no DNS failover. */
  readonly flags?: number
}

export const RelayFlag = { no100: 1, noFailureReply: 2, noDnsFailover: 4 } as const

/** Failures that scripts hear of as -1. */
const NOT_SAID: readonly number[] = [ForwardError.send, TmError.canceled, TmError.noBranch]

/** t_relay() in the request route and in failure routes. */
export function relay(tm: Tm, context: RouteContext, options: RelayOptions = {}): number | Promise<number> {
  if (context.routeType === RouteMask.failure) return relayAgain(tm, context, options)
  const { message } = context
  if (message.method === 'CANCEL' && tm.params.unmatched_cancel !== Unmatched.withTransaction && !context.transaction) {
    if (transactionOf(tm, context) === undefined && canceledInviteOf(tm, message) === undefined) return relayUnmatched(tm, context, options)
  }
  const made = makeTransaction(tm, context)
  if (made === 'absorbed') return 1
  if (made === 'bad') return ForwardError.badRequest
  if (made === 'incomplete') return TOO_FEW_HEADERS
  if (made === 'ack') return forwardAck(context, options)
  const transaction = context.transaction
  if (!transaction) return -1
  if (options.replicates === true) transaction.set(Option.local)
  const flags = options.flags ?? 0
  if ((flags & RelayFlag.noDnsFailover) !== 0) transaction.set(Option.disableFailover)
  if ((flags & RelayFlag.no100) === 0 && options.replicates !== true) sendTrying(tm, transaction)
  const ended = (result: number): number => {
    if (result > 0) return result
    const error = result === TmError.noBranch ? TmError.cfg : result
    context.errorCode = error
    context.relayError = error
    if (transaction.has(Option.disableInternalReply)) return TmError.leftToScript
    if (options.replicates !== true && (flags & RelayFlag.noFailureReply) === 0) {
      if (tm.params.delayed_reply !== 0) transaction.done |= Done.failedLater
      else answerFailure(tm, transaction, error, message)
    }
    return NOT_SAID.includes(result) ? TmError.unspecified : result
  }
  const forwarded = forwardNonAck(tm, context, transaction, options)
  return forwarded instanceof Promise ? forwarded.then(ended) : ended(forwarded)
}

/** unmatched_cancel: what becomes of a CANCEL whose INVITE is not there. */
const Unmatched = { withTransaction: 0, withoutTransaction: 1, dropped: 2 } as const

function relayUnmatched(tm: Tm, context: RouteContext, options: RelayOptions): number | Promise<number> {
  if (tm.params.unmatched_cancel === Unmatched.dropped) return 1
  const forwarded = forwardAck(context, options)
  const ended = (result: number): number => Math.min(result, 0)
  return forwarded instanceof Promise ? forwarded.then(ended) : ended(forwarded)
}

/** In a failure route: further branches. */
function relayAgain(tm: Tm, context: RouteContext, options: RelayOptions): number | Promise<number> {
  const { transaction } = context
  if (!transaction) return -1
  const ended = (result: number): number => {
    if (result > 0) return 1
    context.errorCode = result === TmError.noBranch ? TmError.cfg : result
    return -1
  }
  const forwarded = forwardNonAck(tm, context, transaction, options)
  return forwarded instanceof Promise ? forwarded.then(ended) : ended(forwarded)
}

/** Without state: an ACK to a 2xx is a transaction of its own, which no answer ends. */
function forwardAck(context: RouteContext, { host, port, transport }: RelayOptions): number | Promise<number> {
  if (host === undefined) return forwardToUri(context)
  return forwardTo(context, { host, port: port ?? 0, transport, isSips: false })
}

/** What of a message is a branch's own while branches are made. */
interface Look {
  readonly newUri: string | undefined
  readonly dstUri: string | undefined
  readonly pathVector: string | undefined
  readonly forceSocket: SipMessage['forceSocket']
  readonly branchFlags: number
  readonly instance: string
  readonly ruid: string
  readonly locationUserAgent: string
}

function lookOf(message: SipMessage): Look {
  const { newUri, dstUri, pathVector, forceSocket, branchFlags, instance, ruid, locationUserAgent } = message
  return { newUri, dstUri, pathVector, forceSocket, branchFlags, instance, ruid, locationUserAgent }
}

/** Makes a branch of the Request-URI, if it is new, and of each appended one; sends them. Above 0 when one left. */
export function forwardNonAck(tm: Tm, context: RouteContext, transaction: Transaction, forced: Forced): number | Promise<number> {
  const { message } = context
  if (message.method === 'CANCEL') {
    const invite = canceledInviteOf(tm, message)
    if (invite !== undefined) {
      cancelInvite(tm, invite, message, transaction, (code, reason) => replyLocally(tm, transaction, { code, reason }))
      return 1
    }
  }
  // Canceled before anything was sent: the CANCEL has answered for the INVITE.
  if (transaction.has(Option.canceled)) return transaction.status >= 200 ? TmError.unspecified : TmError.canceled
  if (context.routeType === RouteMask.failure || context.routeType === RouteMask.branchFailure) transaction.set(Option.blocked6xx, false)
  if (transaction.has(Option.blocked6xx)) return TmError.unspecified
  const route = takeBranchRoute(tm, transaction)
  const destinations = collectDestinations(context)
  // The usual single destination leaves the message as it is.
  const isMany = destinations.length > 1 || context.hasBranches
  const look = isMany || route !== undefined || forced.host !== undefined ? lookOf(message) : undefined
  if (destinations.length === 0) {
    tm.host.log.error('tm', 'no branch for forwarding')
    return TmError.noBranch
  }
  const ready: ClientBranch[] = []
  const job: Job = { tm, context, transaction, forced, route, destinations, ready, look, lowest: 0 }
  return prepareFrom(job, 0)
}

interface Job {
  readonly tm: Tm
  readonly context: RouteContext
  readonly transaction: Transaction
  readonly forced: Forced
  readonly route: RouteFunction | undefined
  readonly destinations: readonly Branch[]
  readonly ready: ClientBranch[]
  readonly look: Look | undefined
  /** The worst error so far. */
  lowest: number
}

function takeBranchRoute(tm: Tm, transaction: Transaction): RouteFunction | undefined {
  const name = transaction.armed.onBranch
  if (name === '') return undefined
  transaction.arm().onBranch = ''
  return routesOf(tm, transaction).branch(name)
}

/** Destinations of this message: the Request-URI, unless it was sent to already, and those appended. */
function collectDestinations(context: RouteContext): readonly Branch[] {
  const { message } = context
  const appended = context.hasBranches ? context.branches.list : []
  if ((message.msgFlags & MessageFlag.uriIsTaken) !== 0) return appended
  message.msgFlags |= MessageFlag.uriIsTaken
  return [ownBranch(context), ...appended]
}

function branchFrom(transaction: Transaction, added: Branch): ClientBranch {
  const branch = transaction.addBranch()
  branch.onBranchFailure = transaction.armed.onBranchFailure
  branch.uri = added.uri
  branch.dstUri = added.dstUri === '' ? undefined : added.dstUri
  branch.path = added.path === '' ? undefined : added.path
  branch.socket = added.socket
  branch.flags = added.flags
  branch.q = added.q
  branch.instance = added.instance
  branch.ruid = added.ruid
  branch.locationUserAgent = added.locationUserAgent
  return branch
}

/** Prepares branch after branch; a name that is looked up, or a branch route that waits, holds up the following ones. */
function prepareFrom(job: Job, start: number): number | Promise<number> {
  const { tm, context, transaction, destinations, route, forced } = job
  const { message } = context
  for (let index = start; index < destinations.length; index++) {
    const destination = destinations[index]
    if (destination === undefined) break
    if (transaction.branches.length >= tm.host.settings.max_branches) {
      tm.host.log.error('tm', 'maximum number of branches exceeded')
      job.lowest = Math.min(job.lowest, TmError.unspecified)
      break
    }
    const branch = branchFrom(transaction, destination)
    // Where it goes is not what its URI says.
    if (forced.host !== undefined) branch.dstUri = undefined
    const edits = message.hasEdits ? message.edits : undefined
    if (route !== undefined) message.edits = message.edits.clone()
    const prepared = prepareBranch(tm, context, branch, route, forced)
    const ended = (result: number): void => {
      if (route !== undefined) message.restoreEdits(edits)
      if (result > 0) job.ready.push(branch)
      else discard(job, branch, result)
    }
    if (prepared instanceof Promise) {
      return prepared.then((result) => {
        ended(result)
        return prepareFrom(job, index + 1)
      })
    }
    ended(prepared)
  }
  return sendAll(job)
}

/** A branch that cannot be sent is none: the next one gets its number. */
function discard(job: Job, branch: ClientBranch, result: number): void {
  job.lowest = Math.min(job.lowest, result)
  branch.isDropped = true
  forgetUnsent(job.transaction, [branch])
}

function sendAll({ tm, context, transaction, ready, look, lowest }: Job): number {
  if (look !== undefined) Object.assign(context.message, look)
  // t_on_branch_failure() is for the branches that are made next only.
  if (transaction.armed.onBranchFailure !== '') transaction.arm().onBranchFailure = ''
  if (context.hasBranches) context.branches.clear()
  if (ready.length === 0) {
    tm.host.log.error('tm', 'failure to add branches')
    return lowest
  }
  // A CANCEL may have come while names were looked up.
  if (transaction.has(Option.canceled)) {
    forgetUnsent(transaction, ready)
    // Answered: nothing is left to do for the script.
    return transaction.status >= 200 ? 1 : TmError.canceled
  }
  if (context.routeType === RouteMask.request) transaction.savedEdits = context.message.freezeEdits()
  let count = 0
  for (const branch of ready) {
    if (sendBranch(tm, context, branch)) count++
    else branch.isDropped = true
  }
  if (count === 0) return ForwardError.send
  transaction.done |= Done.forwarded
  if (context.routeType === RouteMask.request) transaction.keepFlags(context.message)
  return 1
}

function forgetUnsent(transaction: Transaction, branches: readonly ClientBranch[]): void {
  for (const branch of [...branches].reverse()) if (transaction.branches.at(-1) === branch) transaction.branches.pop()
}

/** The script has ended: what it left undone with its transaction is done now. */
export function scriptEnded(tm: Tm, context: RouteContext): void {
  endTransaction(tm, context)
  tm.layer.packEnded()
}

function endTransaction(tm: Tm, context: RouteContext): void {
  const { transaction, message } = context
  if (!transaction || transaction.requestId !== message.id) return
  const { done } = transaction
  if (done === Done.failedLater) answerFailure(tm, transaction, context.relayError, message)
  transaction.done &= ~Done.failedLater
  if ((done & (Done.forwarded | Done.suspended)) === Done.forwarded) transaction.setAside()
  if (done !== 0) return
  tm.host.log.warning('tm', "script writer didn't release transaction")
  release(tm, transaction)
}
