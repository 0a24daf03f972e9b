/** All transactions of a server: how they are found, how long they live. */
import type { Clock } from '../base/clock.ts'
import { IDLE, TimerWheel, type WheelTimer } from '../base/timer-wheel.ts'
import type { Attributes } from '../runtime/context.ts'
import type { Target } from '../sip/endpoint.ts'
import type { SipMessage } from '../sip/message.ts'
import { ParseError } from '../sip/parse-error.ts'
import { parseMessage } from '../sip/parse-message.ts'
import { branchNumberOf, labelOf, parseBranchId } from './branch-id.ts'
import type { ClientBranch } from './client-branch.ts'
import { EndedTransactions, type EndedTransaction } from './ended-transactions.ts'
import { LiveTransactions } from './live-transactions.ts'
import { isReplyOfCall, isSameRequest, requestKey, type MatchRules } from './match.ts'
import type { Retransmitter } from './retransmitter.ts'
import { Phase, Transaction, type Times } from './transaction.ts'

/** What the layer leaves to those who know scripts. */
export interface TransactionHandlers {
  /** No final reply came in time. */
  branchExpired(branch: ClientBranch): void
  /** It left the table. Not told of those that were packed when they were over. */
  removed(transaction: Transaction): void
}

export interface LayerParts {
  readonly clock: Clock
  /** Of transactions made at that moment: the same object as long as nothing changes. */
  readonly times: () => Times
  readonly handlers: TransactionHandlers
  readonly send: (text: string, target: Target) => void
  /** Lower-case hexadecimal, new for each life of a server. */
  readonly salt: string
  readonly rules: MatchRules
}

/** Labels fit into what V8 keeps without allocating. */
const LABEL_MAX = 0x3fffffff
/** So long a transaction that is over stays as it is where nobody packs it sooner. */
const PACK_AFTER_MS = 10

/** A timer of the layer itself. */
class Alarm implements WheelTimer {
  nextTimer: WheelTimer | undefined = undefined
  previousTimer: WheelTimer | undefined = undefined
  due: number = IDLE
  readonly timeout: () => void

  constructor(timeout: () => void) {
    this.timeout = timeout
  }
}

export class TransactionLayer {
  readonly wheel: TimerWheel
  readonly handlers: TransactionHandlers
  readonly salt: string
  readonly #clock: Clock
  readonly #times: () => Times
  readonly #send: (text: string, target: Target) => void
  readonly #rules: MatchRules
  readonly #live = new LiveTransactions()
  /** Those that are over, but for the last few. */
  readonly #ended = new EndedTransactions()
  readonly #endedTimer = new Alarm(() => this.#expireEnded())
  /** Over, and not packed yet: the script that ended them may still run. */
  #fresh: Transaction[] = []
  readonly #packTimer = new Alarm(() => this.packEnded())
  #lastLabel = 0

  constructor(parts: LayerParts) {
    this.wheel = new TimerWheel(parts.clock)
    this.handlers = parts.handlers
    this.salt = parts.salt
    this.#clock = parts.clock
    this.#times = parts.times
    this.#send = parts.send
    this.#rules = parts.rules
  }

  /** Of transactions made from now on. */
  get times(): Times {
    return this.#times()
  }

  /** Milliseconds that only grow, as a whole number. */
  now(): number {
    return Math.floor(this.#clock.monotonic())
  }

  /** Those that live, the ones that only absorb copies included. */
  get size(): number {
    return this.#live.size + this.#ended.size
  }

  /** Of those the ones that only absorb copies. */
  get waitingCount(): number {
    let count = this.#ended.size
    for (const transaction of this.#live.from(0)) if (transaction.phase === Phase.waiting) count++
    return count
  }

  /** Oldest first, or nearly so. */
  *all(): IterableIterator<Transaction> {
    for (const ended of this.#ended.all()) yield this.#revive(ended)
    yield* this.#live.from(this.#lastLabel + 1)
  }

  create(request: SipMessage, attributes: Attributes, isFindable = true): Transaction {
    do this.#lastLabel = this.#lastLabel >= LABEL_MAX ? 1 : this.#lastLabel + 1
    while (this.#live.byLabel(this.#lastLabel) !== undefined)
    const key = isFindable ? requestKey(request, request.method) : -1
    const transaction = new Transaction(this, this.#lastLabel, key, request, attributes)
    this.#live.add(transaction)
    return transaction
  }

  /** The transaction that a request belongs to: as a copy of its request, as the ACK to its failure, as its CANCEL (`method` INVITE). */
  find(message: SipMessage, method: string): Transaction | undefined {
    for (let at = this.#live.firstOfKey(requestKey(message, method)); at !== undefined; at = at.nextOfKey) {
      if (isSameRequest(at, message, method, this.#rules)) return at
    }
    return this.#ended.findByKey(requestKey(message, method), (ended) => {
      const transaction = this.#revive(ended)
      return isSameRequest(transaction, message, method, this.#rules) ? transaction : undefined
    })
  }

  /** Any transaction but those of that method's own kind: what a CANCEL of something else than an INVITE is about. */
  byLabel(label: number): Transaction | undefined {
    const transaction = this.#live.byLabel(label)
    if (transaction !== undefined) return transaction
    const ended = this.#ended.byLabel(label)
    return ended === undefined ? undefined : this.#revive(ended)
  }

  /** The branch that a reply answers; undefined when its Via is not of a transaction that still has its branches. */
  branchOf(reply: SipMessage): ClientBranch | undefined {
    const id = this.#idOf(reply)
    return id < 0 ? undefined : this.#answered(id, reply)?.branches[branchNumberOf(id)]
  }

  /** True for a reply to a transaction that is over and has forgotten its branches. */
  isLate(reply: SipMessage): boolean {
    const id = this.#idOf(reply)
    return id >= 0 && this.#answered(id, reply) !== undefined
  }

  /** The transaction that a reply with such a branch belongs to. */
  #answered(id: number, reply: SipMessage): Transaction | undefined {
    const found = this.byLabel(labelOf(id))
    return found === undefined || !isReplyOfCall(found, reply, this.#rules) ? undefined : found
  }

  #idOf(reply: SipMessage): number {
    const via = reply.firstVia()
    return via === undefined ? -1 : parseBranchId(via.text, via.branchStart, via.branchEnd, this.salt)
  }

  transmit(text: string, target: Target): void {
    this.#send(text, target)
  }

  retransmit(retransmitter: Retransmitter): void {
    if (retransmitter.target !== undefined) this.#send(retransmitter.text, retransmitter.target)
  }

  /** From now on the transaction only absorbs copies of its request, for a while. */
  linger(transaction: Transaction): void {
    if (transaction.phase >= Phase.waiting) return
    transaction.phase = Phase.waiting
    transaction.response.stop()
    transaction.endOfWait = this.now() + transaction.times.waitMs
    this.#fresh.push(transaction)
    if (this.#packTimer.due === IDLE) this.wheel.start(this.#packTimer, PACK_AFTER_MS)
  }

  /** Packs what has ended: no script is at work with it any more. */
  packEnded(): void {
    const fresh = this.#fresh
    if (fresh.length === 0) return
    this.#fresh = []
    for (const transaction of fresh) {
      if (transaction.phase === Phase.gone) continue
      if (!transaction.isPackable) {
        transaction.response.endAfter(transaction.endOfWait - this.now())
        transaction.shrink()
        continue
      }
      transaction.stopBranches()
      this.#live.delete(transaction)
      this.#ended.add(transaction.pack())
      if (this.#endedTimer.due === IDLE) this.wheel.start(this.#endedTimer, transaction.endOfWait - this.now())
    }
  }

  #expireEnded(): void {
    const next = this.#ended.expire(this.now())
    if (next >= 0) this.wheel.start(this.#endedTimer, next - this.now())
  }

  /** A transaction made of what was kept of it. Changes to it are not kept. */
  #revive(ended: EndedTransaction): Transaction {
    const request = parseMessage(ended.request, ended.received, ended.messageId)
    if (request instanceof ParseError) throw new Error('a request that could be read once cannot be read again')
    const transaction = new Transaction(this, ended.label, ended.key, request, undefined)
    transaction.unpack(ended)
    return transaction
  }

  remove(transaction: Transaction): void {
    if (transaction.phase === Phase.gone) return
    transaction.phase = Phase.gone
    transaction.response.stop()
    transaction.stopBranches()
    this.#live.delete(transaction)
    this.handlers.removed(transaction)
  }

  close(): void {
    for (const transaction of this.#live.from(0)) {
      transaction.response.stop()
      transaction.stopBranches()
    }
    this.wheel.close()
  }
}
