/** Requests that wait for their answers. */
import { IDLE, type TimerWheel, type WheelTimer } from '../base/timer-wheel.ts'
import type { DiameterMessage } from './message.ts'
import type { Peer } from './peer.ts'

/** What comes of a request. */
export type Outcome = Answered | DiameterFailure

export interface Answered {
  readonly answer: DiameterMessage
  readonly peer: Peer
  readonly elapsedMs: number
}

export type FailureReason =
  | 'unknown peer' | 'not connected' | 'no route' | 'timeout' | 'connection lost' | 'stopped' | 'too many'

/** No answer, and why. */
export class DiameterFailure {
  readonly reason: FailureReason
  readonly elapsedMs: number

  constructor(reason: FailureReason, elapsedMs = 0) {
    this.reason = reason
    this.elapsedMs = elapsedMs
  }
}

/** A request under way. It is a timer itself, since there are many. */
export class Transaction implements WheelTimer {
  nextTimer: WheelTimer | undefined
  previousTimer: WheelTimer | undefined
  due = IDLE
  readonly message: DiameterMessage
  /** As it went out, for another peer to get it once more. */
  readonly bytes: Buffer
  readonly startedAtMs: number
  /** Named by the script: no other peer will do. */
  readonly isDirect: boolean
  readonly finish: (outcome: Outcome) => void
  hopByHop: number
  peer: Peer
  /** Peers that it was sent to in vain. */
  tried: Set<Peer> | undefined
  readonly #onTimeout: (transaction: Transaction) => void

  constructor(parts: Pick<Transaction, 'message' | 'bytes' | 'startedAtMs' | 'isDirect' | 'finish' | 'hopByHop' | 'peer'>,
    onTimeout: (transaction: Transaction) => void) {
    this.message = parts.message
    this.bytes = parts.bytes
    this.startedAtMs = parts.startedAtMs
    this.isDirect = parts.isDirect
    this.finish = parts.finish
    this.hopByHop = parts.hopByHop
    this.peer = parts.peer
    this.#onTimeout = onTimeout
  }

  timeout(): void {
    this.#onTimeout(this)
  }
}

/** Requests under way, by Hop-by-Hop Identifier. */
export class Transactions {
  readonly #byHop = new Map<number, Transaction>()
  readonly #wheel: TimerWheel

  constructor(wheel: TimerWheel) {
    this.#wheel = wheel
  }

  get size(): number {
    return this.#byHop.size
  }

  add(transaction: Transaction, timeoutMs: number): void {
    this.#byHop.set(transaction.hopByHop, transaction)
    this.#wheel.start(transaction, timeoutMs)
  }

  /** The request that an answer of this peer is for, taken out of the table. Other peers cannot answer it. */
  take(answer: DiameterMessage, peer: Peer): Transaction | undefined {
    const transaction = this.#byHop.get(answer.hopByHop)
    if (transaction === undefined || transaction.peer !== peer || transaction.message.endToEnd !== answer.endToEnd) return undefined
    this.remove(transaction)
    return transaction
  }

  remove(transaction: Transaction): void {
    this.#byHop.delete(transaction.hopByHop)
    this.#wheel.stop(transaction)
  }

  /** Keeps its time, gets another identifier. */
  move(transaction: Transaction, hopByHop: number, peer: Peer): void {
    this.#byHop.delete(transaction.hopByHop)
    transaction.hopByHop = hopByHop
    transaction.peer = peer
    this.#byHop.set(hopByHop, transaction)
  }

  of(peer: Peer): readonly Transaction[] {
    return [...this.#byHop.values()].filter((transaction) => transaction.peer === peer)
  }

  all(): readonly Transaction[] {
    return [...this.#byHop.values()]
  }
}
