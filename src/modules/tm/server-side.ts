/** The server side of a transaction: making it, finding it, answering its request (RFC 3261 §17.2). */
import { errorReply } from '../../runtime/error-reply.ts'
import { redirectContact } from '../../runtime/redirect-contact.ts'
import { productOf } from '../../runtime/server-header.ts'
import { warningHeader } from '../../runtime/warning-header.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { buildLocalReply, replyTarget } from '../../sip/build-reply.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { arm } from '../../transaction/arming.ts'
import { Done, Option, Phase, type Transaction } from '../../transaction/transaction.ts'
import { isPending, cancelBranches } from './cancel.ts'
import { runReplySent } from './events.ts'
import type { Tm } from './state.ts'
import { countCompleted } from './statistics.ts'
import { takeTimerAvps } from './timer-avps.ts'

/** The transaction of a request, if there is one: looked for once a message. */
export function transactionOf(tm: Tm, context: RouteContext): Transaction | undefined {
  if (context.transaction !== undefined) return context.transaction ?? undefined
  const { message } = context
  if (!message.isRequest) return undefined
  const found = tm.layer.find(message, message.method === 'ACK' ? 'INVITE' : message.method)
  if (found !== undefined) enter(context, found)
  return found
}

/** The route goes on as part of a transaction: its AVPs are the transaction's. */
export function enter(context: RouteContext, transaction: Transaction): void {
  context.transaction = transaction
  if (transaction.routes !== undefined) context.routes = transaction.routes
  if (transaction.attributes !== undefined) context.attributes = transaction.attributes
}

/** What t_newtran() and t_relay() answer where headers are missing, as Kamailio numbers it. */
export const TOO_FEW_HEADERS = -9

/** What came of making a transaction: a new one, a copy of a request that is answered again, none (for an ACK, or a faulty request). */
export type Made = 'new' | 'absorbed' | 'ack' | 'again' | 'bad' | 'incomplete'

/** Makes the transaction of a request; a copy of a request that has one is answered with what was answered last. */
export function makeTransaction(tm: Tm, context: RouteContext): Made {
  const { message } = context
  if (context.transaction) return 'again'
  // Only what came as HTTP can lack these.
  if (!message.has(HeaderType.callId) || !message.has(HeaderType.cseq) || !message.has(HeaderType.from) || !message.has(HeaderType.to)) {
    tm.host.log.error('tm', 'too few headers')
    return 'incomplete'
  }
  const existing = transactionOf(tm, context)
  if (existing !== undefined) {
    absorb(tm, existing, message)
    return 'absorbed'
  }
  if (message.method === 'ACK') {
    for (const watcher of tm.watchers) watcher.ackIn(context)
    return 'ack'
  }
  const uri = message.parsedUri()
  if (uri instanceof ParseError) {
    tm.host.log.error('tm', `the Request-URI cannot be read: ${uri.reason}`)
    return 'bad'
  }
  const made = tm.layer.create(message, context.attributes)
  made.routes = context.routes
  if (tm.params.auto_inv_100 !== 0) made.set(Option.autoInvite100)
  if (tm.timerAvps !== undefined) takeTimerAvps(tm.timerAvps, context, made)
  if (context.arming !== undefined) arm(made, context.arming)
  if (message.method === 'CANCEL') tm.cancels++
  else if (tm.cancels > 0 && made.isInvite && tm.layer.find(message, 'CANCEL') !== undefined) made.set(Option.canceled)
  tm.counters.server.increment()
  tm.counters.total++
  context.transaction = made
  for (const watcher of tm.watchers) watcher.requestIn(context, made)
  return 'new'
}

/** A copy of the request gets the last reply again; an ACK ends a failure. */
export function absorb(tm: Tm, transaction: Transaction, message: SipMessage): void {
  if (message.method === 'ACK') {
    transaction.tracer?.ackCame(transaction, message)
    release(tm, transaction)
  } else repeatReply(transaction)
}

/** Sends the last reply again; false when there is none yet. */
export function repeatReply(transaction: Transaction): boolean {
  const { response, layer } = transaction
  if (response.text === '') return false
  layer.retransmit(response)
  return true
}

/** The 100 to an INVITE (RFC 3261 §17.2.1), so that nobody sends it again while we look for its destination. */
export function sendTrying(tm: Tm, transaction: Transaction): void {
  if (!transaction.isInvite || transaction.status >= 100 || !transaction.has(Option.autoInvite100)) return
  replyLocally(tm, transaction, { code: 100, reason: tm.params.auto_inv_100_reason })
}

/** Nothing more is to come: only copies of the request are awaited. */
export function release(tm: Tm, transaction: Transaction): void {
  transaction.done |= Done.released
  if (transaction.phase === Phase.proceeding) transaction.stopBranches()
  tm.layer.linger(transaction)
}

export interface LocalAnswer {
  readonly code: number
  readonly reason: string
  /** The message whose reply lumps are used; the request itself when absent. */
  readonly message?: SipMessage
  /** The route that answers, if any: a redirection tells its branches. */
  readonly context?: RouteContext
  /** The tag of To, in place of the transaction's own. */
  readonly toTag?: string
  /** Further header lines. */
  readonly headers?: string
}

/** Answers the request itself. False when it has a final answer already, or none can be built. */
export function replyLocally(tm: Tm, transaction: Transaction, answer: LocalAnswer): boolean {
  const { code, reason, context } = answer
  const message = answer.message ?? transaction.request
  if (transaction.status >= 200) return false
  const isRedirection = code >= 300 && code <= 399
  const text = buildReply(tm, transaction, message, code, reason,
    isRedirection && context !== undefined ? redirectContact(context, tm.params.rich_redirect) : answer.headers, answer.toTag)
  if (text === undefined) return false
  if (code > 100) transaction.done |= Done.replied
  tm.counters.generated.increment()
  answerUpstream(tm, transaction, text, code, -2)
  if (code >= 200) {
    const pending = transaction.branches.filter(isPending)
    if (pending.length > 0) cancelBranches(tm, pending, { reason: ownReason(code) })
    for (const branch of transaction.branches) if (!branch.isCanceled) branch.stopTimers()
    transaction.observer?.replySent(transaction, code, 'faked', context?.worker)
  }
  return true
}

/** The reply to a request that could not be sent on. */
export function answerFailure(tm: Tm, transaction: Transaction, error: number, message: SipMessage): void {
  const [code, text] = errorReply(error)
  replyLocally(tm, transaction, { code, reason: `${text} (${Math.abs(error)}/TM)`, message })
}

/** A reply to the transaction's request; undefined when its headers cannot be read. */
export function buildReply(
  tm: Tm, transaction: Transaction, message: SipMessage, code: number, reason: string, headers = '', tag?: string,
): string | undefined {
  const toTag = tag ?? (code >= 180 ? tm.tags.tagFor(transaction.request) : '')
  const { settings } = tm.host
  const text = buildLocalReply(message, {
    code, reason, toTag, headers,
    server: productOf(tm.host),
    lastHeaders: settings.sip_warning === 0 ? '' : warningHeader(tm.host, message),
  })
  if (text instanceof ParseError) {
    tm.host.log.error('tm', `no reply can be made to a request with faulty headers: ${text.reason}`)
    return undefined
  }
  return text
}

/** Why this server cancels a branch (RFC 3326). */
export function ownReason(code: number): string {
  return `Reason: SIP;cause=${code}${code === 200 ? ';text="Call completed elsewhere"' : ''}\r\n`
}

/**
 * Sends a reply upstream and starts what follows: copies until the ACK, or the time in which copies of the request come.
 * `branch` is that which it came from, -2 for an own reply.
 */
export function answerUpstream(
  tm: Tm, transaction: Transaction, text: string, status: number, branch: number, reply: SipMessage | 'faked' = 'faked',
): void {
  const { response, layer } = transaction
  const isFirstFinal = status >= 200 && transaction.status < 200
  if (response.target === undefined && transaction.localRequest === undefined) {
    response.target = replyTarget(transaction.request, tm.host.settings.reply_to_via !== 0)
  }
  response.text = text
  transaction.status = status
  transaction.relayedBranch = branch
  if (isFirstFinal) finish(tm, transaction)
  layer.retransmit(response)
  transaction.tracer?.replySent(transaction, status, text, reply)
  tm.counters.sent.increment()
  const { localResponse, localResponseSent } = tm.events
  if (branch === -2 && (localResponse ?? localResponseSent) !== undefined) runReplySent(tm, transaction, text)
}

/** The timers behind a first final reply. */
function finish(tm: Tm, transaction: Transaction): void {
  const { response, status } = transaction
  countCompleted(tm.counters, status)
  if (transaction.isInvite && status >= 300 && transaction.phase === Phase.proceeding) {
    transaction.phase = Phase.completed
    response.repeat(transaction.times.retr1Ms, transaction.times.retr2Ms)
    response.endAfter(transaction.times.frMs)
    return
  }
  tm.layer.linger(transaction)
}
