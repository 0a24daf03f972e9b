/** Which engine has which call: by Call-ID, and branch where the script names one. Entries go when nobody asked for so long. */
import { ownText } from '../../base/own-text.ts'
import type { EngineNode } from './node.ts'

interface Entry {
  readonly branch: string
  readonly node: EngineNode
  /** In seconds since the start. */
  readonly endsAt: number
}

/** Calls that are kept at once; the oldest goes for a new one. */
const CALLS_MAX = 1_000_000
/** Branches of one call that are kept; the oldest goes for a new one. */
const BRANCHES_MAX = 64

/** The rows matter for when old entries are found: whoever looks into a row sweeps it. */
export class CallTable {
  readonly #rows: Map<string, Entry[]>[]
  readonly #seconds: () => number
  readonly #lifetime: number
  readonly #perRow: number

  constructor(size: number, lifetime: number, seconds: () => number) {
    const count = Math.min(Math.max(1, size), 65536)
    this.#rows = Array.from({ length: count }, () => new Map<string, Entry[]>())
    this.#perRow = Math.ceil(CALLS_MAX / count)
    this.#lifetime = lifetime
    this.#seconds = seconds
  }

  get size(): number {
    let total = 0
    for (const row of this.#rows) for (const entries of row.values()) total += entries.length
    return total
  }

  /** The engine of a call and branch; the end of a call, without a branch, finds any. */
  find(callId: string, branch: string, isEnd: boolean): EngineNode | undefined {
    const row = this.#rowOf(callId)
    const entries = row.get(callId)
    const found = entries?.find((entry) => entry.branch === branch || (branch === '' && isEnd))
    this.#sweep(row, found === undefined ? undefined : callId)
    return found?.node
  }

  insert(callId: string, branch: string, node: EngineNode): void {
    const row = this.#rowOf(callId)
    this.#sweep(row, undefined)
    const entries = row.get(callId) ?? []
    if (entries.some((entry) => entry.branch === branch)) return
    const entry = { branch: ownText(branch), node, endsAt: this.#seconds() + this.#lifetime }
    row.set(ownText(callId), [...entries.slice(-(BRANCHES_MAX - 1)), entry])
    if (row.size <= this.#perRow) return
    const [oldest] = row.keys()
    if (oldest !== undefined) row.delete(oldest)
  }

  /** Forgets a branch of a call, or all of them. False when there was none. */
  remove(callId: string, branch: string): boolean {
    const row = this.#rowOf(callId)
    const entries = row.get(callId) ?? []
    const kept = branch === '' ? [] : entries.filter((entry) => entry.branch !== branch)
    if (kept.length === 0) row.delete(callId)
    else row.set(callId, kept)
    this.#sweep(row, undefined)
    return kept.length < entries.length
  }

  #rowOf(callId: string): Map<string, Entry[]> {
    let hash = 5381
    for (let at = 0; at < callId.length; at++) {
      const code = callId.charCodeAt(at)
      hash = (Math.imul(hash, 33) + (code < 128 ? code : code - 256)) >>> 0
    }
    const row = this.#rows[hash % this.#rows.length]
    if (row === undefined) throw new RangeError('a table has at least one row')
    return row
  }

  /** Takes out what is too old: rows are in the order of age. Stops at a call that was asked for. */
  #sweep(row: Map<string, Entry[]>, wanted: string | undefined): void {
    const now = this.#seconds()
    for (const [callId, entries] of row) {
      if (callId === wanted) return
      const kept = entries.filter(({ endsAt }) => endsAt >= now)
      if (kept.length === entries.length) return
      if (kept.length === 0) row.delete(callId)
      else row.set(callId, kept)
    }
  }
}
