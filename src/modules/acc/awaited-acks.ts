/** Answered INVITEs whose ACK is to be accounted, by what both have in common: Call-ID, CSeq and From tag. */
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { Transaction } from '../../transaction/transaction.ts'

interface Awaited {
  readonly transaction: Transaction
  /** To tags of the answers; true once their ACK came. */
  readonly tags: Map<string, boolean>
}

/** Bounded by the transactions that live: each is forgotten with its own. */
export class AwaitedAcks {
  readonly #byDialog = new Map<string, Awaited>()
  readonly #keys = new Map<Transaction, string>()

  expect(transaction: Transaction, toTag: string): void {
    const key = this.#keys.get(transaction) ?? keyOf(transaction.request)
    const awaited = this.#byDialog.get(key) ?? { transaction, tags: new Map<string, boolean>() }
    awaited.tags.set(toTag, false)
    this.#byDialog.set(key, awaited)
    this.#keys.set(transaction, key)
  }

  /** The transaction of a first ACK to one of its answers. */
  take(ack: SipMessage): Transaction | undefined {
    if (this.#byDialog.size === 0) return undefined
    const awaited = this.#byDialog.get(keyOf(ack))
    const to = ack.to()
    const tag = to === undefined || to instanceof ParseError ? '' : to.tag ?? ''
    if (awaited === undefined || awaited.tags.get(tag) !== false) return undefined
    awaited.tags.set(tag, true)
    return awaited.transaction
  }

  forget(transaction: Transaction): void {
    const key = this.#keys.get(transaction)
    if (key === undefined) return
    this.#keys.delete(transaction)
    if (this.#byDialog.get(key)?.transaction === transaction) this.#byDialog.delete(key)
  }
}

function keyOf(message: SipMessage): string {
  const from = message.from()
  return `${message.callId() ?? ''}\n${message.cseqNumber}\n${from === undefined || from instanceof ParseError ? '' : from.tag ?? ''}`
}
