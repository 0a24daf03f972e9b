/**
 * The transactions that live, found by label and by key: lists through the transactions themselves, one for each slot. A `Map`
 * that takes and loses an entry with each message is no good here: each time it is laid out anew V8 links its old tables, with
 * all that was in them, to the new one, and nothing of it is freed before the next full collection.
 */
import type { Transaction } from './transaction.ts'

const SLOTS_MIN = 1024

type Slots = (Transaction | undefined)[]

const emptySlots = (count: number): Slots => new Array<Transaction | undefined>(count).fill(undefined)

export class LiveTransactions {
  #byLabel = emptySlots(SLOTS_MIN)
  #byKey = emptySlots(SLOTS_MIN)
  #mask = SLOTS_MIN - 1
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Those with a key below 0 are found by their label only. */
  add(transaction: Transaction): void {
    if (this.#size > this.#mask) this.#grow()
    this.#size++
    this.#link(transaction)
  }

  #link(transaction: Transaction): void {
    const labelSlot = transaction.label & this.#mask
    transaction.nextOfLabel = this.#byLabel[labelSlot]
    this.#byLabel[labelSlot] = transaction
    if (transaction.key < 0) return
    const keySlot = transaction.key & this.#mask
    transaction.nextOfKey = this.#byKey[keySlot]
    this.#byKey[keySlot] = transaction
  }

  delete(transaction: Transaction): void {
    if (!this.#unlinkLabel(transaction)) return
    this.#size--
    if (transaction.key >= 0) this.#unlinkKey(transaction)
  }

  #unlinkLabel(transaction: Transaction): boolean {
    const slot = transaction.label & this.#mask
    let before: Transaction | undefined
    for (let at = this.#byLabel[slot]; at !== transaction; at = at.nextOfLabel) {
      if (at === undefined) return false
      before = at
    }
    if (before === undefined) this.#byLabel[slot] = transaction.nextOfLabel
    else before.nextOfLabel = transaction.nextOfLabel
    transaction.nextOfLabel = undefined
    return true
  }

  #unlinkKey(transaction: Transaction): void {
    const slot = transaction.key & this.#mask
    let before: Transaction | undefined
    for (let at = this.#byKey[slot]; at !== transaction; at = at.nextOfKey) {
      if (at === undefined) return
      before = at
    }
    if (before === undefined) this.#byKey[slot] = transaction.nextOfKey
    else before.nextOfKey = transaction.nextOfKey
    transaction.nextOfKey = undefined
  }

  byLabel(label: number): Transaction | undefined {
    for (let at = this.#byLabel[label & this.#mask]; at !== undefined; at = at.nextOfLabel) if (at.label === label) return at
    return undefined
  }

  /** The newest with such a key; older ones, and some with other keys, follow by `nextOfKey`. */
  firstOfKey(key: number): Transaction | undefined {
    return this.#byKey[key & this.#mask]
  }

  /** All, by their labels from this one on. */
  *from(label: number): IterableIterator<Transaction> {
    const slots = this.#byLabel
    for (let step = 0; step < slots.length; step++) {
      let following: Transaction | undefined
      for (let at = slots[(label + step) & (slots.length - 1)]; at !== undefined; at = following) {
        following = at.nextOfLabel
        yield at
      }
    }
  }

  #grow(): void {
    const all = [...this.from(0)]
    const count = 2 * (this.#mask + 1)
    this.#mask = count - 1
    this.#byLabel = emptySlots(count)
    this.#byKey = emptySlots(count)
    for (const transaction of all) this.#link(transaction)
  }
}
