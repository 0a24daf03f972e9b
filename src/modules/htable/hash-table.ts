/** A table of items by key, in Kamailio's order: by slot, in a slot by hash, of one hash the oldest first. */
import { coreHash } from '../../base/core-hash.ts'
import { ownText, ownValue } from '../../base/own-text.ts'
import type { Definition } from './definition.ts'

export interface Item {
  readonly key: string
  readonly hash: number
  /** Grows with each item: its place among those of the same hash. */
  readonly serial: number
  value: string | number
  /** Seconds since 1970; 0 for never. */
  expires: number
}

/** Bytes that all tables of a server may take, as Kamailio counts them. */
export class Memory {
  readonly max: number
  used = 0

  constructor(max: number) {
    this.max = max
  }
}

/** Who tells other servers of changes. What is called tells what was done; `isHushed` keeps it from servers that only take messages. */
export interface TableFollower {
  set(key: string, value: string | number, isHushed: boolean): void
  expire(key: string, seconds: number, isHushed: boolean): void
  remove(key: string, isHushed: boolean): void
  /** Items whose key or value matches go: a regular expression, or a beginning. */
  removeMatching(part: 'key' | 'value', operator: 're' | 'sw', operand: string): void
  /** All items are others now, or gone. */
  replaced(): void
}

/** What an item takes beside its texts. */
const ITEM_BYTES = 72

const bytesOf = (key: string, value: string | number): number =>
  ITEM_BYTES + key.length + 1 + (typeof value === 'string' ? value.length + 1 : 0)

/** Letters of either case have the same hash, so that `Bob` and `bob` are in one slot. */
function hashOf(key: string): number {
  return coreHash(/[A-Z]/.test(key) ? key.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : key, '', 0)
}

export class HashTable {
  readonly definition: Definition
  follower: TableFollower | undefined = undefined
  readonly #items = new Map<string, Item>()
  readonly #slots: (Item[] | undefined)[]
  readonly #memory: Memory
  #serial = 0

  constructor(definition: Definition, memory: Memory) {
    this.definition = definition
    this.#slots = new Array<Item[] | undefined>(definition.slots).fill(undefined)
    this.#memory = memory
  }

  get count(): number {
    return this.#items.size
  }

  find(key: string): Item | undefined {
    return this.#items.get(key)
  }

  slotOf(key: string): number {
    return (hashOf(key) & (this.#slots.length - 1)) >>> 0
  }

  /** The items of a slot in their order; not to be kept over a change. */
  slot(index: number): readonly Item[] {
    return this.#slots[index] ?? []
  }

  /** Whether it expired before that second. */
  isExpired(item: Item, seconds: number): boolean {
    return this.definition.autoexpire > 0 && item.expires !== 0 && item.expires < seconds
  }

  /** Adds an item; undefined when there is no room for it. */
  add(key: string, value: string | number, expires: number): Item | undefined {
    if (!this.#charge(bytesOf(key, value))) return undefined
    const own = ownText(key)
    const item: Item = { key: own, hash: hashOf(own), serial: ++this.#serial, value: ownValue(value), expires }
    this.#items.set(own, item)
    const slot = (this.#slots[(item.hash & (this.#slots.length - 1)) >>> 0] ??= [])
    slot.splice(placeBehind(slot, item.hash, item.serial), 0, item)
    return item
  }

  /** Gives an item a new value; false when there is no room for it. */
  setValue(item: Item, value: string | number): boolean {
    if (!this.#charge(bytesOf(item.key, value) - bytesOf(item.key, item.value))) return false
    item.value = ownValue(value)
    return true
  }

  remove(item: Item): void {
    if (this.#items.get(item.key) !== item) return
    this.#items.delete(item.key)
    this.#memory.used -= bytesOf(item.key, item.value)
    const index = (item.hash & (this.#slots.length - 1)) >>> 0
    const slot = this.#slots[index]
    if (slot === undefined) return
    slot.splice(placeBehind(slot, item.hash, item.serial) - 1, 1)
    if (slot.length === 0) this.#slots[index] = undefined
  }

  clear(): void {
    for (const item of this.#items.values()) this.#memory.used -= bytesOf(item.key, item.value)
    this.#items.clear()
    this.#slots.fill(undefined)
  }

  /** Takes the items of another one, which is given up. */
  take(other: HashTable): void {
    this.clear()
    for (const item of other.#items.values()) this.#items.set(item.key, item)
    other.#slots.forEach((slot, index) => {
      this.#slots[index] = slot
    })
    this.#serial = other.#serial
    // They count already.
    other.#items.clear()
    other.#slots.fill(undefined)
  }

  /** The item behind a place; from the first on without one. */
  next(place: Pick<Item, 'hash' | 'serial'> | undefined): Item | undefined {
    let index = 0
    if (place !== undefined) {
      index = (place.hash & (this.#slots.length - 1)) >>> 0
      const slot = this.#slots[index]
      const item = slot?.[placeBehind(slot, place.hash, place.serial)]
      if (item !== undefined) return item
      index++
    }
    for (; index < this.#slots.length; index++) {
      const first = this.#slots[index]?.[0]
      if (first !== undefined) return first
    }
    return undefined
  }

  /** All items in order. Removing the one that was just given is allowed. */
  *items(): Generator<Item> {
    for (const slot of this.#slots) {
      if (slot === undefined) continue
      for (let index = 0; index < slot.length; ) {
        const item = slot[index]
        if (item === undefined) break
        yield item
        if (slot[index] === item) index++
      }
    }
  }

  #charge(bytes: number): boolean {
    if (bytes > 0 && this.#memory.used + bytes > this.#memory.max) return false
    this.#memory.used += bytes
    return true
  }
}

/** Where in a slot the items begin that are behind a place. */
function placeBehind(slot: readonly Item[], hash: number, serial: number): number {
  let low = 0
  let high = slot.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = slot[middle]
    if (item !== undefined && (item.hash < hash || (item.hash === hash && item.serial <= serial))) low = middle + 1
    else high = middle
  }
  return low
}
