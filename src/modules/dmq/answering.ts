/** What a node answers another one that compares: where the two differ, and the entries that are newer here. */
import { BAD_REQUEST, OK, type ChannelReply } from './api.ts'
import { applyEntries, packEntries } from './entry-format.ts'
import { parseBody, type JsonObject, type JsonValue } from './json.ts'
import { keyOf, type DmqNode } from './node.ts'
import { GROUPS, PARTS, PARTS_OF_GROUP, type Replica, type ReplicaEntry } from './replica.ts'
import type { Dmq } from './state.ts'

export const JSON_TYPE = 'application/json'
export const DIGEST_LENGTH = 12
/** A node that is being brought up to date by one other tells the rest to wait, until that one was silent for so long. */
const SERVED_MS = 2000
/** Entries that have ended and are let go before digests are compared. */
export const SWEPT_MAX = 5000

export class Answering {
  readonly #dmq: Dmq
  readonly #replicas: ReadonlyMap<string, Replica>
  readonly #isWalking: (node: DmqNode) => boolean
  #servedKey = ''
  #servedAtMs = Number.NEGATIVE_INFINITY

  constructor(dmq: Dmq, replicas: ReadonlyMap<string, Replica>, isWalking: (node: DmqNode) => boolean) {
    this.#dmq = dmq
    this.#replicas = replicas
    this.#isWalking = isWalking
  }

  answer(body: string, from: DmqNode): ChannelReply {
    const question = parseBody(body)
    const answer = question === undefined ? undefined : this.#answerTo(question, from)
    if (answer !== undefined) return { ...OK, contentType: JSON_TYPE, body: answer }
    this.#dmq.counters.malformed.increment()
    return BAD_REQUEST
  }

  #answerTo(question: JsonObject, from: DmqNode): string | undefined {
    if (question['op'] === 'root') return this.#roots(question['sets'], from)
    const { set } = question
    const replica = typeof set === 'string' ? this.#replicas.get(set) : undefined
    if (replica === undefined) return undefined
    if (question['look'] !== 1 && question['op'] !== 'entries') this.#serve(from)
    switch (question['op']) {
      case 'groups': return differing(question['d'], GROUPS, (index) => replica.groupDigest(index))
      case 'parts': return this.#parts(replica, question)
      case 'part': return this.#part(replica, question)
      case 'entries': return this.#entries(replica, question)
      default: return undefined
    }
  }

  #roots(sets: JsonValue | undefined, from: DmqNode): string | undefined {
    if (!Array.isArray(sets)) return undefined
    const differ: [string, string, number][] = []
    const now = Math.floor(this.#dmq.host.clock.now() / 1000)
    for (const set of sets as readonly JsonValue[]) {
      const [name, digest] = Array.isArray(set) ? (set as readonly JsonValue[]) : []
      const replica = typeof name === 'string' ? this.#replicas.get(name) : undefined
      if (replica === undefined) continue
      replica.sweep(now, SWEPT_MAX)
      const own = replica.digest()
      if (own !== digest) differ.push([replica.name, own, replica.count])
    }
    return JSON.stringify({ differ, busy: this.#isServedByOther(from) || this.#isFirst(from) ? 1 : 0 })
  }

  #parts(replica: Replica, { g, d }: JsonObject): string | undefined {
    if (typeof g !== 'number' || !Number.isInteger(g) || g < 0 || g >= GROUPS) return undefined
    const first = g * PARTS_OF_GROUP
    const count = (index: number): number => replica.partCount(first + index)
    return differing(d, PARTS_OF_GROUP, (index) => replica.partDigest(first + index), count)
  }

  /** Compares the entries of some parts, or of a range of keys in them. */
  #part(replica: Replica, question: JsonObject): string | undefined {
    const { p, e, low, high } = question
    if (!Array.isArray(p) || p.length > PARTS_OF_GROUP || !Array.isArray(e)) return undefined
    const parts = p as readonly JsonValue[]
    if (!parts.every(isPart)) return undefined
    const theirs = new Map<string, readonly [number, number]>()
    for (const item of e as readonly JsonValue[]) {
      const [key, stamp, content] = Array.isArray(item) ? (item as readonly JsonValue[]) : []
      if (typeof key !== 'string' || typeof stamp !== 'number' || typeof content !== 'number') return undefined
      theirs.set(key, [stamp, content])
    }
    const want: string[] = []
    for (const [key, [stamp, content]] of theirs) if (replica.isNews(key, stamp, content)) want.push(key)
    const newer: string[] = []
    for (const part of parts) {
      for (const entry of replica.partEntries(part)) {
        if (isWithin(entry.key, low, high) && isNewer(entry, theirs.get(entry.key))) newer.push(entry.key)
      }
    }
    if (question['look'] === 1) return JSON.stringify({ count: new Set([...want, ...newer]).size })
    const packed = packEntries(replica, newer[Symbol.iterator]())
    return `{"want":${JSON.stringify(want)},"have":${packed.text},"more":${packed.next === undefined ? 0 : 1}}`
  }

  #entries(replica: Replica, { e }: JsonObject): string | undefined {
    if (!Array.isArray(e)) return undefined
    const { counters, host } = this.#dmq
    const { changed, malformed } = applyEntries(replica, e as readonly JsonValue[], Math.floor(host.clock.now() / 1000))
    if (malformed > 0) counters.malformed.increment(malformed)
    return JSON.stringify({ changed })
  }

  #serve(from: DmqNode): void {
    if (this.#isServedByOther(from)) return
    this.#servedKey = from.key
    this.#servedAtMs = this.#dmq.host.clock.monotonic()
  }

  /** Of two nodes that begin at the same time, one is enough. */
  #isFirst(from: DmqNode): boolean {
    const { local } = this.#dmq
    return local !== undefined && this.#isWalking(from) && keyOf({ ...local, host: local.toldHost }) < from.key
  }

  #isServedByOther(from: DmqNode): boolean {
    return this.#servedKey !== from.key && this.#dmq.host.clock.monotonic() - this.#servedAtMs < SERVED_MS
  }
}

const isPart = (part: JsonValue): part is number => typeof part === 'number' && Number.isInteger(part) && part >= 0 && part < PARTS

/** The indexes at which digests differ; with how many entries are there, where that is asked for. */
function differing(
  digests: JsonValue | undefined, count: number, own: (index: number) => string, entriesOf?: (index: number) => number,
): string | undefined {
  if (typeof digests !== 'string' || digests.length !== count * DIGEST_LENGTH) return undefined
  const differ: number[] = []
  for (let index = 0; index < count; index++) {
    if (digests.slice(index * DIGEST_LENGTH, (index + 1) * DIGEST_LENGTH) !== own(index)) differ.push(index)
  }
  return JSON.stringify(entriesOf === undefined ? { differ } : { differ, counts: differ.map(entriesOf) })
}

function isWithin(key: string, low: JsonValue | undefined, high: JsonValue | undefined): boolean {
  return (typeof low !== 'string' || key > low) && (typeof high !== 'string' || key <= high)
}

function isNewer(entry: ReplicaEntry, theirs: readonly [number, number] | undefined): boolean {
  if (theirs === undefined) return true
  const [stamp, content] = theirs
  return entry.stamp > stamp || (entry.stamp === stamp && entry.content > content)
}
