/**
 * Transactions that are over, packed: for some seconds copies of their requests and late replies may still come (RFC 3261
 * §17.2.2, timer J), and there are many more of them than of any others. Each is a row of numbers and two texts outside
 * the heap; whoever asks for one gets a transaction made of them.
 */
import type { ReceivedFrom, Target } from '../sip/endpoint.ts'
import { TextArena } from './text-arena.ts'

/** What is kept of a transaction. */
export interface EndedTransaction {
  readonly key: number
  readonly label: number
  readonly messageId: number
  /** The status that went upstream. */
  readonly status: number
  readonly relayedBranch: number
  readonly options: number
  readonly done: number
  /** Whether it was an INVITE that one branch answered with a 2xx. */
  readonly hasBranch: boolean
  readonly request: string
  readonly response: string
  readonly received: ReceivedFrom
  readonly target: Target | undefined
  /** When it goes, by the clock of the layer. */
  readonly endsAt: number
}

const ROWS_MIN = 1024
/** No row. Rows are counted from 0 since the start and never again; a chain ends where a row is no longer there. */
const NONE = -1

/** The numbers of a row: place of each in `#numbers`. */
const Column = {
  key: 0, label: 1, messageId: 2, status: 3, relayedBranch: 4, options: 5, done: 6, hasBranch: 7, requestPlace: 8, requestLength: 9,
  responsePlace: 10, responseLength: 11, endsAt: 12, nextOfKey: 13, nextOfLabel: 14,
} as const
const COLUMNS = 15

export class EndedTransactions {
  readonly #texts = new TextArena()
  #capacity = ROWS_MIN
  /** Row after row, a ring. */
  #numbers = new Float64Array(ROWS_MIN * COLUMNS)
  #received: (ReceivedFrom | undefined)[] = new Array<ReceivedFrom | undefined>(ROWS_MIN).fill(undefined)
  #targets: (Target | undefined)[] = new Array<Target | undefined>(ROWS_MIN).fill(undefined)
  /** The newest row of each hash; older ones hang behind it. */
  #byKey = new Float64Array(ROWS_MIN).fill(NONE)
  #byLabel = new Float64Array(ROWS_MIN).fill(NONE)
  #oldest = 0
  #next = 0

  get size(): number {
    return this.#next - this.#oldest
  }

  /** Keeps a transaction; those kept later end later. */
  add(ended: EndedTransaction): void {
    if (this.size === this.#capacity) this.#grow()
    const row = this.#next++
    const base = this.#base(row)
    const numbers = this.#numbers
    numbers[base + Column.key] = ended.key
    numbers[base + Column.label] = ended.label
    numbers[base + Column.messageId] = ended.messageId
    numbers[base + Column.status] = ended.status
    numbers[base + Column.relayedBranch] = ended.relayedBranch
    numbers[base + Column.options] = ended.options
    numbers[base + Column.done] = ended.done
    numbers[base + Column.hasBranch] = ended.hasBranch ? 1 : 0
    numbers[base + Column.requestPlace] = this.#texts.add(ended.request)
    numbers[base + Column.requestLength] = ended.request.length
    numbers[base + Column.responsePlace] = this.#texts.add(ended.response)
    numbers[base + Column.responseLength] = ended.response.length
    numbers[base + Column.endsAt] = ended.endsAt
    const place = row & (this.#capacity - 1)
    this.#received[place] = ended.received
    this.#targets[place] = ended.target
    this.#link(row)
  }

  /** Forgets those whose time is over; tells when the next one's is, or -1 when none is left. */
  expire(now: number): number {
    while (this.#oldest < this.#next) {
      const row = this.#oldest
      const endsAt = this.#number(row, Column.endsAt)
      if (endsAt > now) return endsAt
      this.#texts.release(this.#number(row, Column.requestPlace))
      this.#texts.release(this.#number(row, Column.responsePlace))
      const place = row & (this.#capacity - 1)
      this.#received[place] = undefined
      this.#targets[place] = undefined
      this.#oldest++
    }
    return -1
  }

  /** Those with that key for which `isWanted` holds, newest first: the first one. */
  findByKey<Found>(key: number, check: (ended: EndedTransaction) => Found | undefined): Found | undefined {
    for (let row = this.#byKey[key & (this.#capacity - 1)] ?? NONE; row >= this.#oldest; row = this.#number(row, Column.nextOfKey)) {
      if (this.#number(row, Column.key) !== key) continue
      const ended = this.#read(row)
      const found = ended === undefined ? undefined : check(ended)
      if (found !== undefined) return found
    }
    return undefined
  }

  hasLabel(label: number): boolean {
    return this.#rowOfLabel(label) !== NONE
  }

  byLabel(label: number): EndedTransaction | undefined {
    const row = this.#rowOfLabel(label)
    return row === NONE ? undefined : this.#read(row)
  }

  /** Oldest first. */
  *all(): IterableIterator<EndedTransaction> {
    for (let row = this.#oldest; row < this.#next; row++) {
      const ended = this.#read(row)
      if (ended !== undefined) yield ended
    }
  }

  #rowOfLabel(label: number): number {
    let row = this.#byLabel[label & (this.#capacity - 1)] ?? NONE
    while (row >= this.#oldest && this.#number(row, Column.label) !== label) row = this.#number(row, Column.nextOfLabel)
    return row >= this.#oldest ? row : NONE
  }

  #read(row: number): EndedTransaction | undefined {
    const place = row & (this.#capacity - 1)
    const received = this.#received[place]
    if (received === undefined) return undefined
    return {
      key: this.#number(row, Column.key),
      label: this.#number(row, Column.label),
      messageId: this.#number(row, Column.messageId),
      status: this.#number(row, Column.status),
      relayedBranch: this.#number(row, Column.relayedBranch),
      options: this.#number(row, Column.options),
      done: this.#number(row, Column.done),
      hasBranch: this.#number(row, Column.hasBranch) === 1,
      request: this.#texts.read(this.#number(row, Column.requestPlace), this.#number(row, Column.requestLength)),
      response: this.#texts.read(this.#number(row, Column.responsePlace), this.#number(row, Column.responseLength)),
      received,
      target: this.#targets[place],
      endsAt: this.#number(row, Column.endsAt),
    }
  }

  #base(row: number): number {
    return (row & (this.#capacity - 1)) * COLUMNS
  }

  #number(row: number, column: number): number {
    return this.#numbers[this.#base(row) + column] ?? NONE
  }

  #link(row: number): void {
    const base = this.#base(row)
    const mask = this.#capacity - 1
    const keySlot = (this.#numbers[base + Column.key] ?? 0) & mask
    const labelSlot = (this.#numbers[base + Column.label] ?? 0) & mask
    this.#numbers[base + Column.nextOfKey] = this.#byKey[keySlot] ?? NONE
    this.#numbers[base + Column.nextOfLabel] = this.#byLabel[labelSlot] ?? NONE
    this.#byKey[keySlot] = row
    this.#byLabel[labelSlot] = row
  }

  #grow(): void {
    const [numbers, received, targets, mask] = [this.#numbers, this.#received, this.#targets, this.#capacity - 1]
    this.#capacity *= 2
    this.#numbers = new Float64Array(this.#capacity * COLUMNS)
    this.#received = new Array<ReceivedFrom | undefined>(this.#capacity).fill(undefined)
    this.#targets = new Array<Target | undefined>(this.#capacity).fill(undefined)
    this.#byKey = new Float64Array(this.#capacity).fill(NONE)
    this.#byLabel = new Float64Array(this.#capacity).fill(NONE)
    for (let row = this.#oldest; row < this.#next; row++) {
      const from = row & mask
      const place = row & (this.#capacity - 1)
      this.#numbers.set(numbers.subarray(from * COLUMNS, (from + 1) * COLUMNS), place * COLUMNS)
      this.#received[place] = received[from]
      this.#targets[place] = targets[from]
      this.#link(row)
    }
  }
}
