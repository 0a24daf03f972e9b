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
  /** The next one in the same bucket; undefined once this one is out of it. */
  nextOfBucket: Transaction | undefined = undefined
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

/** A power of two. Identifiers are given out one after the other, so that few share a bucket. */
const BUCKETS = 1024

/**
 * Requests under way, by Hop-by-Hop Identifier. A Map would do, but for the garbage it leaves: its table is made anew after as many
 * additions as it has room for, the old one points to the new one and to what it held, and once one of them has grown old, all that
 * follow stay with it until memory is gone through as a whole.
 */
export class Transactions {
  readonly #buckets = new Array<Transaction | undefined>(BUCKETS).fill(undefined)
  readonly #wheel: TimerWheel
  #size = 0

  constructor(wheel: TimerWheel) {
    this.#wheel = wheel
  }

  get size(): number {
    return this.#size
  }

  add(transaction: Transaction, timeoutMs: number): void {
    this.#put(transaction)
    this.#wheel.start(transaction, timeoutMs)
  }

  /** The request that an answer of this peer is for, taken out of the table. Other peers cannot answer it. */
  take(answer: DiameterMessage, peer: Peer): Transaction | undefined {
    let found = this.#buckets[answer.hopByHop & (BUCKETS - 1)]
    while (found !== undefined && found.hopByHop !== answer.hopByHop) found = found.nextOfBucket
    if (found === undefined || found.peer !== peer || found.message.endToEnd !== answer.endToEnd) return undefined
    this.remove(found)
    return found
  }

  remove(transaction: Transaction): void {
    this.#take(transaction)
    this.#wheel.stop(transaction)
  }

  /** Keeps its time, gets another identifier. */
  move(transaction: Transaction, hopByHop: number, peer: Peer): void {
    this.#take(transaction)
    transaction.hopByHop = hopByHop
    transaction.peer = peer
    this.#put(transaction)
  }

  of(peer: Peer): readonly Transaction[] {
    return this.all().filter((transaction) => transaction.peer === peer)
  }

  all(): readonly Transaction[] {
    const found: Transaction[] = []
    for (const first of this.#buckets) for (let at = first; at !== undefined; at = at.nextOfBucket) found.push(at)
    return found
  }

  #put(transaction: Transaction): void {
    const bucket = transaction.hopByHop & (BUCKETS - 1)
    transaction.nextOfBucket = this.#buckets[bucket]
    this.#buckets[bucket] = transaction
    this.#size++
  }

  #take(transaction: Transaction): void {
    const bucket = transaction.hopByHop & (BUCKETS - 1)
    let before: Transaction | undefined
    for (let at = this.#buckets[bucket]; at !== undefined; before = at, at = at.nextOfBucket) {
      if (at !== transaction) continue
      if (before === undefined) this.#buckets[bucket] = at.nextOfBucket
      else before.nextOfBucket = at.nextOfBucket
      at.nextOfBucket = undefined
      this.#size--
      return
    }
  }
}
