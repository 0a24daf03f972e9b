/** The records of one table (`location`), by address and by hash, with its figures. */
import { coreHash } from '../../base/core-hash.ts'
import { ownText } from '../../base/own-text.ts'
import type { Counter, Statistics } from '../../base/statistics.ts'
import type { Contact } from './contact.ts'
import { AorRecord } from './record.ts'

export function aorHash(aor: string): number {
  return coreHash(aor, '', 0) | 0
}

/** A power of two: a Map that grows is made anew as a whole, which takes tens of milliseconds for a hundred thousand records. */
const PARTS = 256

export class LocationTable {
  readonly name: string
  /** Slots; a power of two. Records of a slot stand in the order they came, and slots are gone through in order. */
  readonly size: number
  /** Addresses whose rows are being written or read: who comes next waits. */
  readonly busy = new Map<string, Promise<void>>()
  /** While the table is being read at start: addresses that were read by themselves meanwhile. */
  loading: Set<string> | undefined = undefined
  users = 0
  contacts = 0
  readonly expired: Counter
  /** By address, in parts by its hash. */
  readonly #byAor: (Map<string, AorRecord> | undefined)[] = new Array<undefined>(PARTS).fill(undefined)
  readonly #first: (AorRecord | undefined)[]
  readonly #last: (AorRecord | undefined)[]
  readonly #counts: Uint32Array

  constructor(name: string, size: number, statistics: Statistics, separator: string) {
    this.name = name
    this.size = size
    this.#first = new Array<AorRecord | undefined>(size).fill(undefined)
    this.#last = new Array<AorRecord | undefined>(size).fill(undefined)
    this.#counts = new Uint32Array(size)
    statistics.counter('usrloc', `${name}${separator}users`).readFrom(() => this.users)
    statistics.counter('usrloc', `${name}${separator}contacts`).readFrom(() => this.contacts)
    this.expired = statistics.counter('usrloc', `${name}${separator}expires`)
  }

  get(aor: string): AorRecord | undefined {
    return this.#partOf(aorHash(aor)).get(aor)
  }

  /** The first record of a slot. */
  firstOf(slot: number): AorRecord | undefined {
    return this.#first[slot]
  }

  countOf(slot: number): number {
    return this.#counts[slot] ?? 0
  }

  add(aor: string): AorRecord {
    const key = ownText(aor)
    const record = new AorRecord(key, aorHash(aor))
    const slot = this.#slotOf(record.hash)
    const last = this.#last[slot]
    if (last === undefined) this.#first[slot] = record
    else {
      last.next = record
      record.previous = last
    }
    this.#last[slot] = record
    this.#counts[slot] = this.countOf(slot) + 1
    this.#partOf(record.hash).set(key, record)
    this.users++
    return record
  }

  /** Takes a record out, if it is in, with the contacts that it still has. */
  drop(record: AorRecord): void {
    const part = this.#partOf(record.hash)
    if (part.get(record.aor) !== record) return
    const slot = this.#slotOf(record.hash)
    const { previous, next } = record
    if (previous === undefined) this.#first[slot] = next
    else previous.next = next
    if (next === undefined) this.#last[slot] = previous
    else next.previous = previous
    record.previous = undefined
    record.next = undefined
    this.#counts[slot] = this.countOf(slot) - 1
    part.delete(record.aor)
    this.users--
    for (let at = record.contacts; at !== undefined; at = at.next) this.contacts--
  }

  byRuid(hash: number, ruid: string): Contact | undefined {
    const wanted = hash | 0
    for (let record = this.#first[this.#slotOf(wanted)]; record !== undefined; record = record.next) {
      if (record.hash !== wanted) continue
      for (let at = record.contacts; at !== undefined; at = at.next) if (at.ruid === ruid) return at
    }
    return undefined
  }

  *records(): IterableIterator<AorRecord> {
    for (let slot = 0; slot < this.size; slot++) {
      for (let record = this.#first[slot]; record !== undefined; ) {
        const { next } = record
        yield record
        record = next
      }
    }
  }

  #partOf(hash: number): Map<string, AorRecord> {
    const part = (hash ^ (hash >>> 12)) & (PARTS - 1)
    return (this.#byAor[part] ??= new Map())
  }

  #slotOf(hash: number): number {
    return hash & (this.size - 1)
  }
}
