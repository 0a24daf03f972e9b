/** Remembers DNS answers for their time, missing names too, within bounds. */
import type { Clock } from '../base/clock.ts'
import { failedAnswer, type DnsAnswer, type DnsType } from './dns-answer.ts'
import type { DnsSettings } from './dns-settings.ts'

/** What an entry costs besides its texts, in bytes: estimated. */
const ENTRY_BYTES = 200
const RECORD_BYTES = 120

interface Entry {
  readonly answer: DnsAnswer
  readonly expiresMs: number
  readonly bytes: number
}

/** One remembered answer, for `dns.view`. */
export interface DnsCacheEntry {
  readonly name: string
  readonly type: string
  readonly answer: DnsAnswer
  readonly secondsLeft: number
}

export interface DnsCacheParts {
  readonly clock: Clock
  readonly settings: DnsSettings
  /** Asks the servers; never rejects. */
  resolve(name: string, type: DnsType): Promise<DnsAnswer>
}

export class DnsCache {
  readonly counters = { hits: 0, misses: 0, evictions: 0, failed: 0, slow: 0 }
  /** Seconds that answers are kept whatever their records say; 0 leaves it to them. */
  localTtlSeconds = 0
  readonly #parts: DnsCacheParts
  /** In the order they were written: the first is dropped first when there are too many. */
  readonly #entries = new Map<string, Entry>()
  /** Questions on their way: the same one is asked once. */
  readonly #asking = new Map<string, Promise<DnsAnswer>>()
  #bytes = 0

  constructor(parts: DnsCacheParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#entries.size
  }

  /** Estimated. */
  get bytes(): number {
    return this.#bytes
  }

  /** What it may take. */
  get mostBytes(): number {
    return this.#parts.settings.dns_cache_mem * 1024
  }

  /** What is known at once, else the promise of an answer. */
  lookup(name: string, type: DnsType): DnsAnswer | Promise<DnsAnswer> {
    const key = keyOf(name, type)
    const known = this.#fresh(key)
    if (known) {
      this.counters.hits++
      return known.answer
    }
    const asked = this.#asking.get(key)
    if (asked) return asked
    this.counters.misses++
    const asking = this.#ask(key, name, type)
    this.#asking.set(key, asking)
    return asking
  }

  async #ask(key: string, name: string, type: DnsType): Promise<DnsAnswer> {
    const { clock, settings } = this.#parts
    const askedMs = clock.monotonic()
    const answer = await this.#parts.resolve(name, type)
    this.#asking.delete(key)
    if (answer.failure !== undefined) this.counters.failed++
    if (settings.dns_slow_query_ms > 0 && clock.monotonic() - askedMs > settings.dns_slow_query_ms) this.counters.slow++
    if (this.#parts.settings.use_dns_cache !== 0 && answer.failure !== 'too many questions') this.#keep(key, answer)
    return answer
  }

  #fresh(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (!entry || entry.expiresMs > this.#parts.clock.monotonic()) return entry
    this.#drop(key, entry)
    return undefined
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
  }

  #keep(key: string, answer: DnsAnswer): void {
    const { settings, clock } = this.#parts
    const seconds = this.#secondsOf(answer)
    const bytes = ENTRY_BYTES + key.length + answer.records.length * RECORD_BYTES
    const bound = settings.dns_cache_mem * 1024
    if (seconds <= 0 || bytes > bound) return
    const replaced = this.#entries.get(key)
    if (replaced) this.#drop(key, replaced)
    for (const [oldKey, old] of this.#entries) {
      if (this.#bytes + bytes <= bound) break
      this.counters.evictions++
      this.#drop(oldKey, old)
    }
    this.#entries.set(key, { answer, expiresMs: clock.monotonic() + seconds * 1000, bytes })
    this.#bytes += bytes
  }

  #secondsOf({ ttlSeconds }: DnsAnswer): number {
    const { settings } = this.#parts
    if (ttlSeconds === undefined) return settings.dns_cache_negative_ttl
    if (this.localTtlSeconds > 0) return this.localTtlSeconds
    return Math.min(Math.max(ttlSeconds, settings.dns_cache_min_ttl), settings.dns_cache_max_ttl)
  }

  /** Forgets one answer; false when it is not there. */
  delete(name: string, type: DnsType): boolean {
    const key = keyOf(name, type)
    const entry = this.#entries.get(key)
    if (!entry) return false
    this.#drop(key, entry)
    return true
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
  }

  /** Writes an answer by hand (`dns.add_a` and the like). */
  add(name: string, type: DnsType, answer: DnsAnswer = failedAnswer('no such name')): void {
    this.#keep(keyOf(name, type), answer)
  }

  /** What is remembered and not yet too old. */
  entries(): readonly DnsCacheEntry[] {
    const nowMs = this.#parts.clock.monotonic()
    const found: DnsCacheEntry[] = []
    for (const [key, { answer, expiresMs }] of this.#entries) {
      if (expiresMs <= nowMs) continue
      const colon = key.indexOf(':')
      const secondsLeft = Math.ceil((expiresMs - nowMs) / 1000)
      found.push({ name: key.slice(colon + 1), type: key.slice(0, colon), answer, secondsLeft })
    }
    return found
  }
}

function keyOf(name: string, type: DnsType): string {
  // Joined and made small, so that no slice of a packet is kept.
  return `${type}:${name}`.toLowerCase().replace(/^[a-z]+/, (small) => small.toUpperCase())
}
