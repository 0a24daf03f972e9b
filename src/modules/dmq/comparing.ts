/**
 * Nodes of our own kind compare what they hold: digests of all, then of groups and parts that differ, then the entries of those. Newer
 * entries go over in both directions, so that after one walk both have the same. Changes are sent as they are made, too; what is lost of
 * them, the next walk finds.
 */
import type { Channel } from './api.ts'
import { Answering, JSON_TYPE, SWEPT_MAX } from './answering.ts'
import { applyEntries, packEntries } from './entry-format.ts'
import { parseBody, type JsonObject, type JsonValue } from './json.ts'
import type { DmqNode } from './node.ts'
import { GROUPS, PARTS_OF_GROUP, type Replica } from './replica.ts'
import { sendTo } from './send.ts'
import type { Dmq } from './state.ts'

export const CHANNEL = 'kahea'

/** Questions that a walk has open at once. */
const OPEN_MAX = 4
/** Entries of a part that are named in one question. */
const NAMED_MAX = 200
/** Entries, on both sides together, that small parts may have to be asked about at once. */
const TOGETHER_MAX = 60
/** How often one part is asked for until its entries have all come. */
const ROUNDS_MAX = 200
/** Changes that wait for a node; with more, the next walk has to find them. */
const CHANGED_MAX = 20_000
/** Changes of that much time go out together. */
const GATHER_MS = 2
/** Behind so many waiting messages changes are gathered on. */
const WAITING_MAX = 32
const WAIT_MS = 20
const SWEEP_MS = 1000
const SWEEP_ENTRIES = 2000
const SOON_MS = 20
const BUSY_MS = 700

/** What is different between this node and another one. */
export interface Difference {
  readonly set: string
  readonly here: number
  readonly there: number
  /** Entries that differ, deletions that one does not know of included. */
  readonly different: number
}

interface Peer {
  readonly changed: Map<Replica, Set<string>>
  changes: number
  isFlushing: boolean
  isWalking: boolean
  /** Another walk is wanted when this one ends. */
  isAskedAgain: boolean
}

export class Comparing {
  readonly #dmq: () => Dmq
  readonly #replicas = new Map<string, Replica>()
  readonly #peers = new Map<string, Peer>()
  #answering: Answering | undefined
  #isStopped = false
  #stopSweep: () => void = () => undefined

  constructor(dmq: () => Dmq) {
    this.#dmq = dmq
  }

  get hasReplicas(): boolean {
    return this.#replicas.size > 0
  }

  add(replica: Replica): void {
    this.#replicas.set(replica.name, replica)
    replica.onChange = (key) => this.#changed(replica, key)
  }

  start(): void {
    const dmq = this.#dmq()
    const answering = new Answering(dmq, this.#replicas, ({ key }) => this.#peers.get(key)?.isWalking === true)
    this.#answering = answering
    const sweep = (): void => {
      const seconds = Math.floor(dmq.host.clock.now() / 1000)
      let isAll = true
      for (const replica of this.#replicas.values()) isAll = replica.sweep(seconds, SWEEP_ENTRIES) && isAll
      this.#stopSweep = dmq.host.clock.after(isAll ? SWEEP_MS : WAIT_MS, sweep)
    }
    if (this.#replicas.size > 0) sweep()
  }

  stop(): void {
    this.#isStopped = true
    this.#stopSweep()
    this.#peers.clear()
  }

  get channel(): Channel {
    return {
      name: CHANNEL,
      take: (body, from) => {
        if (from === undefined || this.#answering === undefined) return { code: 403, reason: 'Forbidden' }
        return this.#answering.answer(body, from)
      },
    }
  }

  /** Compares with a node in a moment: it is new, or back. */
  soon(node: DmqNode, delayMs = SOON_MS): void {
    if (!node.isComparing || node.isLocal || this.#replicas.size === 0 || this.#isStopped) return
    this.#dmq().host.clock.after(delayMs, () => this.compare(node))
  }

  /** A round with every node. */
  compareAll(): void {
    const { nodes } = this.#dmq()
    for (const key of this.#peers.keys()) if (!nodes.all.some((node) => node.key === key)) this.#peers.delete(key)
    for (const node of nodes.all) if (node.isComparing && node.status === 'active') this.compare(node)
  }

  compare(node: DmqNode): void {
    if (this.#isStopped || !this.#dmq().nodes.all.includes(node) || this.#replicas.size === 0) return
    const peer = this.#peerOf(node)
    if (peer.isWalking) {
      peer.isAskedAgain = true
      return
    }
    peer.isWalking = true
    void this.#walk(node).catch((error: unknown) => {
      this.#dmq().host.log.error('dmq', `comparing with ${node.text} failed: ${error instanceof Error ? error.message : String(error)}`)
    }).finally(() => {
      peer.isWalking = false
      if (!peer.isAskedAgain) return
      peer.isAskedAgain = false
      this.soon(node)
    })
  }

  /** What is different to a node; undefined when it does not answer. Nothing is changed. */
  async differences(node: DmqNode): Promise<readonly Difference[] | undefined> {
    const answer = await this.#ask(node, this.#rootQuestion())
    if (answer === undefined) return undefined
    const differ = new Map(differingSets(answer).map((item) => [item.name, item.count]))
    const found: Difference[] = []
    for (const replica of this.#replicas.values()) {
      const there = differ.get(replica.name)
      let different = 0
      if (there !== undefined) {
        await this.#walkSet(node, replica, async (chunk) => {
          different += await this.#count(node, replica, chunk)
        }, true)
      }
      found.push({ set: replica.name, here: replica.count, there: there ?? replica.count, different })
    }
    return found
  }

  async #walk(node: DmqNode): Promise<void> {
    const { counters, host } = this.#dmq()
    counters.compared.increment()
    const answer = await this.#ask(node, this.#rootQuestion())
    if (answer === undefined) return
    const differ = differingSets(answer)
    if (differ.length === 0) return
    if (answer['busy'] === 1) {
      this.soon(node, BUSY_MS + host.random.integer(BUSY_MS))
      return
    }
    for (const { name } of differ) {
      const replica = this.#replicas.get(name)
      if (replica !== undefined) await this.#walkSet(node, replica, (chunk) => this.#mend(node, replica, chunk), false)
    }
  }

  #rootQuestion(): string {
    const now = Math.floor(this.#dmq().host.clock.now() / 1000)
    for (const replica of this.#replicas.values()) replica.sweep(now, SWEPT_MAX)
    const sets = [...this.#replicas.values()].map((replica) => [replica.name, replica.digest(), replica.count])
    return JSON.stringify({ op: 'root', sets })
  }

  /** Goes down to the parts that differ, and visits them, small ones together. */
  async #walkSet(node: DmqNode, replica: Replica, visit: (chunk: Chunk) => Promise<void>, isLooking: boolean): Promise<void> {
    const look = isLooking ? { look: 1 } : {}
    let digests = ''
    for (let group = 0; group < GROUPS; group++) digests += replica.groupDigest(group)
    const groups = await this.#ask(node, JSON.stringify({ op: 'groups', set: replica.name, d: digests, ...look }))
    const chunks: Chunk[] = []
    await inParallel(indexesIn(groups?.['differ'], GROUPS), async (group) => {
      const first = group * PARTS_OF_GROUP
      let partDigests = ''
      for (let index = 0; index < PARTS_OF_GROUP; index++) partDigests += replica.partDigest(first + index)
      const answer = await this.#ask(node, JSON.stringify({ op: 'parts', set: replica.name, g: group, d: partDigests, ...look }))
      const counts = answer?.['counts']
      const theirs = Array.isArray(counts) ? (counts as readonly JsonValue[]) : []
      const parts = indexesIn(answer?.['differ'], PARTS_OF_GROUP).map((index, at) => {
        const there = theirs[at]
        return { part: first + index, there: typeof there === 'number' ? there : 0 }
      })
      chunks.push(...chunksOf(replica, parts))
    })
    await inParallel(chunks, visit)
  }

  /** Makes some parts the same on both nodes. */
  async #mend(node: DmqNode, replica: Replica, chunk: Chunk): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX && !this.#isStopped; round++) {
      const answer = await this.#ask(node, partQuestion(replica, chunk, false))
      if (answer === undefined) return
      const changed = this.#applied(replica, answer['have'])
      const wanted = answer['want']
      if (Array.isArray(wanted) && !await this.#give(node, replica, wanted as readonly JsonValue[])) return
      // What is not taken would only come again.
      if (answer['more'] !== 1 || changed === 0) return
    }
  }

  async #count(node: DmqNode, replica: Replica, chunk: Chunk): Promise<number> {
    const answer = await this.#ask(node, partQuestion(replica, chunk, true))
    return typeof answer?.['count'] === 'number' ? answer['count'] : 0
  }

  #applied(replica: Replica, entries: JsonValue | undefined): number {
    const { counters, host } = this.#dmq()
    const { changed, malformed } = applyEntries(replica, entries, Math.floor(host.clock.now() / 1000))
    if (changed > 0) counters.repaired.increment(changed)
    if (malformed > 0) counters.malformed.increment(malformed)
    return changed
  }

  /** Sends the entries that the other node lacks; false when it does not take them. */
  async #give(node: DmqNode, replica: Replica, wanted: readonly JsonValue[]): Promise<boolean> {
    const keys = wanted.filter((key): key is string => typeof key === 'string')[Symbol.iterator]()
    let next: string | undefined
    do {
      const packed = packEntries(replica, keys, next)
      next = packed.next
      if (packed.count === 0) return true
      const answer = await this.#ask(node, `{"op":"entries","set":${JSON.stringify(replica.name)},"e":${packed.text}}`)
      if (answer === undefined) return false
      if (typeof answer['changed'] === 'number') this.#dmq().counters.repaired.increment(answer['changed'])
    } while (next !== undefined)
    return true
  }

  #ask(node: DmqNode, body: string): Promise<JsonObject | undefined> {
    const dmq = this.#dmq()
    if (this.#isStopped) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      sendTo(dmq, node, { channel: CHANNEL, body, contentType: JSON_TYPE }, (status, answer) => {
        if (status === 200) node.heardAtMs = dmq.host.clock.monotonic()
        resolve(status === 200 ? parseBody(answer) : undefined)
      }) || resolve(undefined)
    })
  }

  #peerOf({ key }: DmqNode): Peer {
    let peer = this.#peers.get(key)
    if (peer === undefined) {
      peer = { changed: new Map(), changes: 0, isFlushing: false, isWalking: false, isAskedAgain: false }
      this.#peers.set(key, peer)
    }
    return peer
  }

  /** A change that was made here goes to all such nodes. */
  #changed(replica: Replica, key: string): void {
    const { nodes, host, counters } = this.#dmq()
    for (const node of nodes.all) {
      if (!node.isComparing || node.isLocal || node.status !== 'active') continue
      const peer = this.#peerOf(node)
      let keys = peer.changed.get(replica)
      if (keys === undefined) peer.changed.set(replica, (keys = new Set()))
      if (keys.has(key)) continue
      if (peer.changes >= CHANGED_MAX) {
        counters.dropped.increment()
        continue
      }
      keys.add(key)
      peer.changes++
      if (peer.isFlushing) continue
      peer.isFlushing = true
      host.clock.after(GATHER_MS, () => this.#flush(node, peer))
    }
  }

  #flush(node: DmqNode, peer: Peer): void {
    const dmq = this.#dmq()
    peer.isFlushing = false
    const isThere = node.status === 'active' && dmq.nodes.all.includes(node) && !this.#isStopped
    for (const [replica, keys] of peer.changed) {
      while (isThere && keys.size > 0 && node.outbox.waiting < WAITING_MAX) {
        const taken: string[] = []
        for (const key of keys) {
          taken.push(key)
          if (taken.length >= NAMED_MAX) break
        }
        this.#flushSome(node, replica, taken)
        for (const key of taken) keys.delete(key)
        peer.changes -= taken.length
      }
      if (!isThere || keys.size === 0) {
        peer.changes -= keys.size
        peer.changed.delete(replica)
      }
    }
    if (peer.changed.size === 0) return
    peer.isFlushing = true
    dmq.host.clock.after(WAIT_MS, () => this.#flush(node, peer))
  }

  #flushSome(node: DmqNode, replica: Replica, taken: readonly string[]): void {
    const keys = taken[Symbol.iterator]()
    let next: string | undefined
    do {
      const packed = packEntries(replica, keys, next)
      next = packed.next
      if (packed.count === 0) return
      const body = `{"op":"entries","set":${JSON.stringify(replica.name)},"e":${packed.text}}`
      sendTo(this.#dmq(), node, { channel: CHANNEL, body, contentType: JSON_TYPE })
    } while (next !== undefined)
  }
}

/** Parts that one question is about, or a range of keys of one part. */
interface Chunk {
  readonly parts: readonly number[]
  readonly low?: string | undefined
  readonly high?: string | undefined
}

/** Puts small parts together, and takes large ones apart. */
function chunksOf(replica: Replica, parts: readonly { readonly part: number; readonly there: number }[]): readonly Chunk[] {
  const chunks: Chunk[] = []
  let together: number[] = []
  let entries = 0
  for (const { part, there } of parts) {
    const here = replica.partCount(part)
    if (here > NAMED_MAX) {
      chunks.push(...rangesOf(replica, part))
      continue
    }
    if (together.length > 0 && entries + here + there > TOGETHER_MAX) {
      chunks.push({ parts: together })
      together = []
      entries = 0
    }
    together.push(part)
    entries += here + there
  }
  if (together.length > 0) chunks.push({ parts: together })
  return chunks
}

/** All of a part, in ranges of keys that one question can name. */
function rangesOf(replica: Replica, part: number): readonly Chunk[] {
  const keys = [...replica.partEntries(part)].map(({ key }) => key).sort()
  const ranges: Chunk[] = []
  let low: string | undefined
  for (let at = NAMED_MAX - 1; at < keys.length - 1; at += NAMED_MAX) {
    const high = keys[at]
    ranges.push({ parts: [part], low, high })
    low = high
  }
  ranges.push({ parts: [part], low, high: undefined })
  return ranges
}

function partQuestion(replica: Replica, { parts, low, high }: Chunk, isLooking: boolean): string {
  const entries: [string, number, number][] = []
  for (const part of parts) {
    for (const { key, stamp, content } of replica.partEntries(part)) {
      if ((low === undefined || key > low) && (high === undefined || key <= high)) entries.push([key, stamp, content])
    }
  }
  return JSON.stringify({ op: 'part', set: replica.name, p: parts, low, high, e: entries, ...(isLooking ? { look: 1 } : {}) })
}

function differingSets(answer: JsonObject): readonly { readonly name: string; readonly count: number }[] {
  const differ = answer['differ']
  if (!Array.isArray(differ)) return []
  return (differ as readonly JsonValue[]).flatMap((item) => {
    const [name, , count] = Array.isArray(item) ? (item as readonly JsonValue[]) : []
    return typeof name === 'string' && typeof count === 'number' ? [{ name, count }] : []
  })
}

function indexesIn(value: JsonValue | undefined, bound: number): readonly number[] {
  if (!Array.isArray(value)) return []
  return (value as readonly JsonValue[]).filter((index): index is number =>
    typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < bound)
}

/** Does the work for each item, so many at once. */
async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  let next = 0
  const run = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(OPEN_MAX, items.length) }, run))
}
