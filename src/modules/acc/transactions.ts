/** Accounting of transactions by their flags: answers, failures, missed calls, and the ACKs of answered calls. */
import { RouteMask } from '../../define/route-kind.ts'
import { reasonPhrase } from '../../runtime/reason-phrase.ts'
import type { RouteContext, Worker } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import type { Transaction, TransactionObserver } from '../../transaction/transaction.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { AwaitedAcks } from './awaited-acks.ts'
import { keepRows } from './db-record.ts'
import { logRecord, type LogKind } from './log-record.ts'
import { recordOf, type Outcome } from './record.ts'
import { tableOf, type Acc, type TableName } from './state.ts'

const LOCAL_REPLY = -2

const isSet = (flags: number, flag: number): boolean => flag >= 0 && (flags & (1 << flag)) !== 0

function isAccounted({ params, engines }: Acc, flags: number): boolean {
  return isSet(flags, params.log_flag) || isSet(flags, params.db_flag) || engines.some((engine) => isSet(flags, engine.accountFlag))
}

function isMissedAccounted({ params, engines }: Acc, flags: number): boolean {
  return isSet(flags, params.log_missed_flag) || isSet(flags, params.db_missed_flag) ||
    engines.some((engine) => isSet(flags, engine.missedFlag))
}

/** Follows transactions from now on. */
export function watchTransactions(acc: Acc): void {
  const acks = new AwaitedAcks()
  acc.tm?.watch({
    requestIn: (context, transaction) => prepare(acc, acks, context, transaction),
    ackIn: (context) => acknowledged(acc, acks, context),
  })
}

/** A request made its transaction: it is followed where its flags, or the parameters, say so. */
function prepare(acc: Acc, acks: AwaitedAcks, { message }: RouteContext, transaction: Transaction): void {
  const { params } = acc
  const { flags } = message
  if (message.method === 'CANCEL' && params.report_cancels === 0) return
  const isPrepared = params.acc_prepare_always !== 0 || isSet(flags, params.acc_prepare_flag)
  const isOn = isAccounted(acc, flags)
  const isMissedOn = isPrepared || isMissedAccounted(acc, flags)
  if (!isOn && !isMissedOn) return
  const from = message.from()
  if (from === undefined || from instanceof ParseError) {
    acc.host.log.error('acc', 'failed to preparse request')
    return
  }
  const isUpstream = params.detect_direction !== 0 && acc.rr?.directionOf(message) === 'upstream'
  transaction.observer = new Follower(acc, acks, isUpstream, isMissedOn && message.method === 'INVITE', params.report_ack !== 0 && isOn)
}

class Follower implements TransactionObserver {
  readonly #acc: Acc
  readonly #acks: AwaitedAcks
  readonly #isUpstream: boolean
  readonly #followsFailures: boolean
  readonly #awaitsAck: boolean

  constructor(acc: Acc, acks: AwaitedAcks, isUpstream: boolean, followsFailures: boolean, awaitsAck: boolean) {
    this.#acc = acc
    this.#acks = acks
    this.#isUpstream = isUpstream
    this.#followsFailures = followsFailures
    this.#awaitsAck = awaitsAck
  }

  failed(transaction: Transaction, winner: ClientBranch, worker: Worker | undefined): void {
    if (!this.#followsFailures || !isMissedAccounted(this.#acc, transaction.flags)) return
    this.#missed(transaction, { status: winner.lastStatus, reply: winner.reply ?? 'faked', branch: winner, worker, isFailure: true })
  }

  replySent(transaction: Transaction, status: number, reply: SipMessage | 'faked', worker: Worker | undefined): void {
    if (this.#awaitsAck && transaction.isInvite && status >= 200 && status < 300) this.#acks.expect(transaction, toTagOf(reply))
    const branch = branchOf(transaction, status)
    if (transaction.isInvite && status >= 300 && isMissedAccounted(this.#acc, transaction.flags)) {
      this.#missed(transaction, { status, reply, branch, worker })
    }
    if (!this.#isOfInterest(transaction, status, reply)) return
    const { params, accTable } = this.#acc
    this.#account(transaction, { status, reply, branch, worker, kind: 'transaction answered', table: accTable }, {
      log: isSet(transaction.flags, params.log_flag), database: isSet(transaction.flags, params.db_flag),
    })
  }

  removed(transaction: Transaction): void {
    if (this.#awaitsAck) this.#acks.forget(transaction)
  }

  #isOfInterest({ flags }: Transaction, status: number, reply: SipMessage | 'faked'): boolean {
    const { params, failedFilter } = this.#acc
    if (status >= 300) return isSet(flags, params.failed_transaction_flag) && !failedFilter.has(status)
    if (!isAccounted(this.#acc, flags)) return false
    return status >= 200 || (params.early_media !== 0 && reply !== 'faked' && (reply.contentLength() ?? 0) > 0)
  }

  /** The flags of missed calls are gone behind the first one. */
  #missed(transaction: Transaction, answer: Answer): void {
    const { params, missedTable, engines } = this.#acc
    if (answer.reply === 'faked') this.#acc.showsLocalTags = true
    const { flags } = transaction
    this.#account(transaction, { ...answer, kind: 'call missed', table: missedTable }, {
      log: isSet(flags, params.log_missed_flag), database: isSet(flags, params.db_missed_flag),
    })
    for (const flag of [params.log_missed_flag, params.db_missed_flag, ...engines.map((engine) => engine.missedFlag)]) {
      if (flag >= 0) transaction.flags = (transaction.flags & ~(1 << flag)) >>> 0
    }
  }

  #account(transaction: Transaction, event: Event, to: { readonly log: boolean; readonly database: boolean }): void {
    const { tm, params } = this.#acc
    if (tm === undefined) return
    const message = tm.requestFor(transaction)
    if (event.branch !== undefined) message.newUri = event.branch.uri
    const { context, release } = tm.contextOf(transaction, message, event.worker)
    if (event.isFailure === true) {
      context.routeType = RouteMask.failure
      context.branchIndex = transaction.branches.length
    }
    const { reply } = event
    const replyTo = reply === 'faked' ? undefined : reply.to()
    const outcome: Outcome = {
      ...answerOf(params.reason_from_hf !== 0, event.status, reply),
      to: replyTo instanceof ParseError ? undefined : replyTo,
      localTag: reply === 'faked' && this.#acc.showsLocalTags ? tm.localTag(transaction) : '',
      isUpstream: this.#isUpstream,
    }
    account(this.#acc, context, outcome, { ...event, ...to, flags: transaction.flags })
    release()
  }
}

function toTagOf(reply: SipMessage | 'faked'): string {
  const to = reply === 'faked' ? undefined : reply.to()
  return to === undefined || to instanceof ParseError ? '' : to.tag ?? ''
}

interface Answer {
  readonly status: number
  readonly reply: SipMessage | 'faked'
  readonly branch: ClientBranch | undefined
  readonly worker: Worker | undefined
  /** It is about a failure that nobody upstream knows of yet. */
  readonly isFailure?: boolean
}

interface Event extends Answer {
  readonly kind: LogKind
  readonly table: TableName
}

/** Whose Request-URI stands in the record: the branch that answered, or whose failure won. */
function branchOf({ branches, relayedBranch, armed }: Transaction, status: number): ClientBranch | undefined {
  if (relayedBranch !== LOCAL_REPLY) return branches[relayedBranch]
  return status >= 300 ? armed.winner : undefined
}

function answerOf(takesHeader: boolean, status: number, reply: SipMessage | 'faked'): { readonly code: string; readonly reason: string } {
  if (reply === 'faked') return { code: String(status), reason: reasonPhrase(status) }
  const header = takesHeader ? reply.header(HeaderType.reason)?.body : undefined
  return { code: reply.newStatus === 0 ? reply.statusText : String(reply.newStatus), reason: header ?? reply.newReason ?? reply.reason }
}

interface Destinations {
  readonly log: boolean
  readonly database: boolean
  readonly kind: LogKind
  readonly table: TableName
  readonly flags: number
}

function account(acc: Acc, context: RouteContext, outcome: Outcome, { log, database, kind, table: name, flags }: Destinations): void {
  const record = recordOf(context, context.message, outcome)
  if (record === undefined) return
  if (log) logRecord(acc, context, kind, record)
  if (database) {
    const table = tableOf(acc, context, name)
    if (table !== undefined) keepRows(acc, context, table, record)
  }
  const engineKind = kind === 'call missed' ? 'missed' : kind === 'request acknowledged' ? 'acknowledged' : 'answered'
  for (const engine of acc.engines) {
    if (isSet(flags, engineKind === 'missed' ? engine.missedFlag : engine.accountFlag)) engine.account(context, record, engineKind)
  }
}

/** The ACK to a 2xx, with the AVPs of its INVITE; copies of it are not accounted again. */
function acknowledged(acc: Acc, acks: AwaitedAcks, context: RouteContext): void {
  const { message } = context
  const transaction = acks.take(message)
  const { tm, params, accTable } = acc
  if (transaction === undefined || tm === undefined) return
  const own = tm.contextOf(transaction, message, context.worker)
  own.context.transaction = null
  const { flags, status } = transaction
  account(acc, own.context, { code: String(status), reason: reasonPhrase(status) }, {
    log: isSet(flags, params.log_flag), database: isSet(flags, params.db_flag), kind: 'request acknowledged', table: accTable, flags,
  })
  own.release()
}
