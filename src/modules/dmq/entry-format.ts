/** Entries of a replica between nodes: `[key, stamp, content, expires, value]`, where a value of null is a deletion. */
import type { JsonValue } from './json.ts'
import type { Replica, ReplicaEntry } from './replica.ts'

/** Bytes of a body that hold entries; more go into another message. */
export const BYTES_MAX = 16_000
/** Keys and values of a foreign node are no longer than this together. */
const ENTRY_BYTES_MAX = 40_000

/** One entry as JSON; undefined where the module has it no more. */
export function entryText(replica: Replica, entry: ReplicaEntry): string | undefined {
  const value = replica.isDeleted(entry.key) ? null : replica.keeper.read(entry.key)
  if (value === undefined) return undefined
  return JSON.stringify([entry.key, entry.stamp, entry.content, entry.expires, value])
}

export interface Packed {
  readonly text: string
  readonly count: number
  /** The first that did not fit. */
  readonly next: string | undefined
}

/** As many of the entries as fit, at least one. */
export function packEntries(replica: Replica, keys: Iterator<string>, first?: string): Packed {
  let text = ''
  let count = 0
  for (let key = first ?? nextOf(keys); key !== undefined; key = nextOf(keys)) {
    const entry = replica.get(key)
    const one = entry === undefined ? undefined : entryText(replica, entry)
    if (one === undefined) continue
    if (count > 0 && text.length + one.length > BYTES_MAX) return { text: `[${text}]`, count, next: key }
    text += count === 0 ? one : `,${one}`
    count++
  }
  return { text: `[${text}]`, count, next: undefined }
}

function nextOf(keys: Iterator<string>): string | undefined {
  const { done, value } = keys.next()
  return done === true ? undefined : value
}

export interface Applied {
  /** Entries that changed something here. */
  readonly changed: number
  readonly malformed: number
}

/** Stamps further ahead of the own clock are not believed. */
const AHEAD_SECONDS_MAX = 600

/** Takes entries of another node over, where they are newer than what is here. */
export function applyEntries(replica: Replica, entries: JsonValue | undefined, nowSeconds: number): Applied {
  if (!Array.isArray(entries)) return { changed: 0, malformed: 1 }
  let changed = 0
  let malformed = 0
  for (const entry of entries as readonly JsonValue[]) {
    const outcome = applyEntry(replica, entry, nowSeconds)
    if (outcome === 'malformed') malformed++
    else if (outcome === 'changed') changed++
  }
  return { changed, malformed }
}

function applyEntry(replica: Replica, entry: JsonValue, nowSeconds: number): 'changed' | 'known' | 'malformed' {
  if (!Array.isArray(entry)) return 'malformed'
  const [key, stamp, content, expires, value] = entry as readonly JsonValue[]
  if (typeof key !== 'string' || value === undefined || key.length > ENTRY_BYTES_MAX) return 'malformed'
  if (!isWhole(stamp) || !isWhole(content) || !isWhole(expires)) return 'malformed'
  if (stamp > (nowSeconds + AHEAD_SECONDS_MAX) * 1024) return 'malformed'
  if (!replica.isNews(key, stamp, content)) return 'known'
  const hasEnded = expires > 0 && expires <= nowSeconds
  if (value === null || hasEnded) {
    const known = replica.get(key)
    if (known === undefined && hasEnded) return 'known'
    if (known !== undefined && !replica.isDeleted(key)) replica.keeper.remove(key)
    if (value === null) replica.bury(key, stamp, expires, true)
    else replica.set(key, stamp, content, expires, true)
    return 'changed'
  }
  if (!replica.keeper.write(key, value, stamp)) return 'malformed'
  replica.set(key, stamp, content, expires, true)
  return 'changed'
}

function isWhole(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
