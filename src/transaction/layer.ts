/** All transactions of a server: how they are found, how long they live. */
import type { Clock } from '../base/clock.ts'
import { TimerWheel } from '../base/timer-wheel.ts'
import type { Attributes } from '../runtime/context.ts'
import type { Target } from '../sip/endpoint.ts'
import type { SipMessage } from '../sip/message.ts'
import { branchNumberOf, labelOf, parseBranchId } from './branch-id.ts'
import type { ClientBranch } from './client-branch.ts'
import { isSameRequest, requestKey } from './match.ts'
import type { Retransmitter } from './retransmitter.ts'
import { Phase, Transaction, type Times } from './transaction.ts'

/** What the layer leaves to those who know scripts. */
export interface TransactionHandlers {
  /** No final reply came in time. */
  branchExpired(branch: ClientBranch): void
  /** It left the table. */
  removed(transaction: Transaction): void
}

export interface LayerParts {
  readonly clock: Clock
  readonly times: Times
  readonly handlers: TransactionHandlers
  readonly send: (text: string, target: Target) => void
  /** Lower-case hexadecimal, new for each life of a server. */
  readonly salt: string
  readonly matchesRequestUri: () => boolean
}

/** Labels fit into what V8 keeps without allocating. */
const LABEL_MAX = 0x3fffffff

export class TransactionLayer {
  readonly wheel: TimerWheel
  /** Of transactions made from now on. */
  times: Times
  readonly handlers: TransactionHandlers
  readonly salt: string
  readonly #clock: Clock
  readonly #send: (text: string, target: Target) => void
  readonly #matchesRequestUri: () => boolean
  readonly #byLabel = new Map<number, Transaction>()
  readonly #byKey = new Map<number, Transaction>()
  #lastLabel = 0

  constructor(parts: LayerParts) {
    this.wheel = new TimerWheel(parts.clock)
    this.times = parts.times
    this.handlers = parts.handlers
    this.salt = parts.salt
    this.#clock = parts.clock
    this.#send = parts.send
    this.#matchesRequestUri = parts.matchesRequestUri
  }

  /** Milliseconds that only grow, as a whole number. */
  now(): number {
    return Math.floor(this.#clock.monotonic())
  }

  /** Those that live, the ones that only absorb copies included. */
  get size(): number {
    return this.#byLabel.size
  }

  all(): IterableIterator<Transaction> {
    return this.#byLabel.values()
  }

  create(request: SipMessage, attributes: Attributes, isFindable = true): Transaction {
    do this.#lastLabel = this.#lastLabel >= LABEL_MAX ? 1 : this.#lastLabel + 1
    while (this.#byLabel.has(this.#lastLabel))
    const key = isFindable ? requestKey(request, request.method) : -1
    const transaction = new Transaction(this, this.#lastLabel, key, request, attributes)
    this.#byLabel.set(transaction.label, transaction)
    if (isFindable) {
      transaction.nextOfKey = this.#byKey.get(key)
      this.#byKey.set(key, transaction)
    }
    return transaction
  }

  /** The transaction that a request belongs to: as a copy of its request, as the ACK to its failure, as its CANCEL (`method` INVITE). */
  find(message: SipMessage, method: string): Transaction | undefined {
    for (let at = this.#byKey.get(requestKey(message, method)); at !== undefined; at = at.nextOfKey) {
      if (isSameRequest(at, message, method, this.#matchesRequestUri())) return at
    }
    return undefined
  }

  /** Any transaction but those of that method's own kind: what a CANCEL of something else than an INVITE is about. */
  byLabel(label: number): Transaction | undefined {
    return this.#byLabel.get(label)
  }

  /** The branch that a reply answers; undefined when its Via is not of a transaction that still has its branches. */
  branchOf(reply: SipMessage): ClientBranch | undefined {
    const id = this.#idOf(reply)
    return id < 0 ? undefined : this.#byLabel.get(labelOf(id))?.branches[branchNumberOf(id)]
  }

  /** True for a reply to a transaction that is over and has forgotten its branches. */
  isLate(reply: SipMessage): boolean {
    const id = this.#idOf(reply)
    return id >= 0 && this.#byLabel.has(labelOf(id))
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
    transaction.response.stopRepeating()
    transaction.response.endAfter(transaction.times.waitMs)
    transaction.shrink()
  }

  remove(transaction: Transaction): void {
    if (transaction.phase === Phase.gone) return
    transaction.phase = Phase.gone
    transaction.response.stop()
    transaction.stopBranches()
    this.#byLabel.delete(transaction.label)
    if (transaction.key >= 0) this.#unlink(transaction)
    this.handlers.removed(transaction)
  }

  #unlink(transaction: Transaction): void {
    const { key, nextOfKey } = transaction
    const first = this.#byKey.get(key)
    if (first === transaction) {
      if (nextOfKey === undefined) this.#byKey.delete(key)
      else this.#byKey.set(key, nextOfKey)
      return
    }
    for (let at = first; at !== undefined; at = at.nextOfKey) {
      if (at.nextOfKey !== transaction) continue
      at.nextOfKey = nextOfKey
      return
    }
  }

  close(): void {
    for (const transaction of this.#byLabel.values()) {
      transaction.response.stop()
      transaction.stopBranches()
    }
    this.wheel.close()
  }
}
