/**
 * What all nodes are to hold alike (the contacts of a table, the items of a hash table), as names with versions and digests. The values
 * themselves stay with the module that keeps them.
 */
import { ownText } from '../../base/own-text.ts'
import { contentHash } from './content-hash.ts'
import type { JsonValue } from './json.ts'

/** Digests are kept of so many parts, and of groups of parts. */
export const PARTS = 4096
export const GROUPS = 64
export const PARTS_OF_GROUP = PARTS / GROUPS

/** A deletion of what never ends is remembered so long, when nobody says otherwise. */
const GRAVE_SECONDS = 86_400
/** Deletions that are remembered, for each replica; the oldest go first. */
const GRAVES_MAX = 200_000

export interface ReplicaEntry {
  readonly key: string
  /** Seconds since 1970 times 1024, and a count of changes within a second: the greater wins. */
  readonly stamp: number
  /** Stands for the value, 0 for a deletion: of two equal stamps the greater wins. */
  readonly content: number
  /** Seconds since 1970 when it is gone by itself; 0 for never. */
  readonly expires: number
}

interface Entry extends ReplicaEntry {
  /** When the versions before would have ended, if that is later: who has only those must not bring them back. */
  readonly until: number
  readonly part: number
  readonly digestHigh: number
  readonly digestLow: number
}

/** What a module does for its replica. */
export interface ReplicaKeeper {
  /** The value, for another node; undefined when it is not there. */
  read(key: string): JsonValue | undefined
  /** Takes over a value of another node: false when it makes no sense. */
  write(key: string, value: JsonValue, stamp: number): boolean
  /** Another node has deleted it. */
  remove(key: string): void
}

export const STAMPS_OF_SECOND = 1024

export class Replica {
  readonly name: string
  readonly keeper: ReplicaKeeper
  /** Told of each change made here, so that others hear of it. */
  onChange: (key: string) => void = () => undefined
  /** By part: small tables grow without a stop that large ones have. */
  readonly #parts: (Map<string, Entry> | undefined)[] = new Array<Map<string, Entry> | undefined>(PARTS).fill(undefined)
  #size = 0
  /** Keys of deletions, the oldest first. */
  readonly #graves = new Set<string>()
  /** What ends in which second. */
  readonly #ends = new Map<number, Set<Entry>>()
  readonly #partHigh = new Uint32Array(PARTS)
  readonly #partLow = new Uint32Array(PARTS)
  readonly #groupHigh = new Uint32Array(GROUPS)
  readonly #groupLow = new Uint32Array(GROUPS)
  #sweptTo: number

  constructor(name: string, nowSeconds: number, keeper: ReplicaKeeper) {
    this.name = name
    this.keeper = keeper
    this.#sweptTo = nowSeconds
  }

  /** Entries that live. */
  get count(): number {
    return this.#size - this.#graves.size
  }

  get graves(): number {
    return this.#graves.size
  }

  get(key: string): ReplicaEntry | undefined {
    return this.#find(key)
  }

  /** Keys of entries that live, as they are now. */
  liveKeys(): readonly string[] {
    const keys: string[] = []
    for (const part of this.#parts) for (const key of part?.keys() ?? []) if (!this.#graves.has(key)) keys.push(key)
    return keys
  }

  isDeleted(key: string): boolean {
    return this.#graves.has(key)
  }

  /** A stamp for a change that is made now: greater than that of what is there. */
  nextStamp(key: string, seconds: number): number {
    return Math.max(seconds * STAMPS_OF_SECOND, (this.#find(key)?.stamp ?? 0) + 1)
  }

  /** A value was set here; others are told unless `isQuiet`. */
  set(key: string, stamp: number, content: number, expires: number, isQuiet = false): void {
    this.#put({ key, stamp, content: content === 0 ? 1 : content, expires })
    if (!isQuiet) this.onChange(key)
  }

  /** A value was deleted, which would have ended at `expires` on every node that does not hear of it. */
  bury(key: string, stamp: number, expires: number, isQuiet = false): void {
    this.#put({ key, stamp, content: 0, expires })
    this.#graves.delete(key)
    this.#graves.add(key)
    if (this.#graves.size > GRAVES_MAX) {
      const [oldest] = this.#graves
      const entry = oldest === undefined ? undefined : this.#find(oldest)
      if (entry !== undefined) this.#take(entry)
    }
    if (!isQuiet) this.onChange(key)
  }

  /** It is gone by itself, here as everywhere. */
  end(key: string, seconds: number): void {
    const entry = this.#find(key)
    if (entry !== undefined) this.#end(entry, seconds)
  }

  /** Whether a change of another node is newer than what is here. */
  isNews(key: string, stamp: number, content: number): boolean {
    const entry = this.#find(key)
    if (entry === undefined) return true
    return stamp > entry.stamp || (stamp === entry.stamp && content > entry.content)
  }

  /** Lets go of what has ended by that second, in steps; false when there is more to do. */
  sweep(seconds: number, most: number): boolean {
    let done = 0
    while (this.#sweptTo <= seconds) {
      const ended = this.#ends.get(this.#sweptTo)
      if (ended !== undefined) {
        for (const entry of ended) {
          this.#end(entry, seconds)
          if (++done >= most) return false
        }
      }
      this.#sweptTo++
    }
    return true
  }

  /** The digest of all, as hexadecimal. */
  digest(): string {
    let high = 0
    let low = 0
    for (let group = 0; group < GROUPS; group++) {
      high ^= this.#groupHigh[group] ?? 0
      low ^= this.#groupLow[group] ?? 0
    }
    return hex(high, low)
  }

  groupDigest(group: number): string {
    return hex(this.#groupHigh[group] ?? 0, this.#groupLow[group] ?? 0)
  }

  partDigest(part: number): string {
    return hex(this.#partHigh[part] ?? 0, this.#partLow[part] ?? 0)
  }

  /** The entries of a part; not to be kept over a change. */
  partEntries(part: number): Iterable<ReplicaEntry> {
    return this.#parts[part]?.values() ?? []
  }

  partCount(part: number): number {
    return this.#parts[part]?.size ?? 0
  }

  #put({ key, stamp, content, expires }: ReplicaEntry): void {
    const keyHash = contentHash(key, KEY_SEED)
    const partIndex = keyHash % PARTS
    const old = this.#parts[partIndex]?.get(key)
    if (old !== undefined) this.#take(old)
    const ownKey = old?.key ?? ownText(key)
    const digestLow = mixed(mixed(keyHash | 0, stamp), content)
    const digestHigh = mixed(mixed(Math.floor(keyHash / WORD) ^ digestLow, content), stamp) & 0xffff
    const entry: Entry = {
      key: ownKey, stamp, content, expires, part: partIndex, digestHigh, digestLow,
      until: Math.max(expires === 0 ? Number.MAX_SAFE_INTEGER : expires, old?.until ?? 0),
    }
    this.#size++
    this.#mix(entry)
    const part = (this.#parts[partIndex] ??= new Map())
    part.set(ownKey, entry)
    if (expires <= 0) return
    const second = Math.max(expires, this.#sweptTo)
    const ending = this.#ends.get(second)
    if (ending === undefined) this.#ends.set(second, new Set([entry]))
    else ending.add(entry)
  }

  /** Every node that had it puts the same deletion in its place, where there was a version that would have lived on. */
  #end(entry: Entry, seconds: number): void {
    const until = Math.min(entry.until, seconds + GRAVE_SECONDS)
    const wasDeleted = this.#graves.has(entry.key)
    this.#take(entry)
    if (!wasDeleted && entry.expires > 0 && until > Math.max(entry.expires, seconds)) this.bury(entry.key, entry.stamp + 1, until, true)
  }

  #take(entry: Entry): void {
    this.#size--
    this.#graves.delete(entry.key)
    this.#mix(entry)
    const part = this.#parts[entry.part]
    part?.delete(entry.key)
    if (part?.size === 0) this.#parts[entry.part] = undefined
    if (entry.expires <= 0) return
    for (const second of [entry.expires, this.#sweptTo]) {
      const ending = this.#ends.get(second)
      if (ending?.delete(entry) !== true) continue
      if (ending.size === 0) this.#ends.delete(second)
    }
  }

  #find(key: string): Entry | undefined {
    return this.#parts[partOf(key)]?.get(key)
  }

  /** Puts an entry in, or takes it out: the same. */
  #mix({ part, digestHigh, digestLow }: Entry): void {
    const group = Math.floor(part / PARTS_OF_GROUP)
    this.#partHigh[part] = (this.#partHigh[part] ?? 0) ^ digestHigh
    this.#partLow[part] = (this.#partLow[part] ?? 0) ^ digestLow
    this.#groupHigh[group] = (this.#groupHigh[group] ?? 0) ^ digestHigh
    this.#groupLow[group] = (this.#groupLow[group] ?? 0) ^ digestLow
  }
}

const KEY_SEED = 7
const WORD = 0x1_0000_0000

const partOf = (key: string): number => contentHash(key, KEY_SEED) % PARTS

/** Takes a number of up to 53 bits into a word. */
function mixed(word: number, value: number): number {
  let next = Math.imul(word ^ (value | 0), 0x9e3779b1)
  next = Math.imul(next ^ (next >>> 15) ^ Math.floor(value / WORD), 0x85ebca6b)
  return next ^ (next >>> 13)
}

function hex(high: number, low: number): string {
  return (high >>> 0).toString(16).padStart(4, '0') + (low >>> 0).toString(16).padStart(8, '0')
}
