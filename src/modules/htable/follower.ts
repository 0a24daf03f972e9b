/** A table that other servers are told of: as messages for each change, and as a replica for those that compare. */
import { contentHash, Replica, textOf, wholeOf, type DmqApi, type JsonObject, type JsonValue, type ReplicaKeeper } from '../dmq/api.ts'
import type { HashTable, Item, TableFollower } from './hash-table.ts'
import { secondsNow, type Htable } from './state.ts'

export const CHANNEL = 'htable'
export const JSON_TYPE = 'application/json'
/** Values of `action` in messages. */
export const Action = { none: 0, sync: 1, set: 2, expire: 3, remove: 4, removeRegex: 5, removeStart: 6 } as const

/** A deletion of an item that never expires is remembered so long. */
const GRAVE_SECONDS = 86_400
const LEAST_GRAVE_SECONDS = 600

export class Follower implements TableFollower {
  readonly replica: Replica
  /** While a change comes from another server: nobody is told. */
  isApplying = false
  readonly #state: Htable
  readonly #table: HashTable
  readonly #dmq: DmqApi

  constructor(state: Htable, table: HashTable, dmq: DmqApi) {
    this.#state = state
    this.#table = table
    this.#dmq = dmq
    this.replica = new Replica(`htable:${table.definition.name}`, secondsNow(state), keeperOf(table))
  }

  set(key: string, value: string | number, isHushed: boolean): void {
    this.#note(key)
    if (!isHushed) this.#tell({ action: Action.set, ...this.#named(key), ...valueJson(value), mode: 1 })
  }

  expire(key: string, seconds: number, isHushed: boolean): void {
    if (this.#table.find(key) !== undefined) this.#note(key)
    if (!isHushed) this.#tell({ action: Action.expire, ...this.#named(key), type: 0, intval: seconds, mode: 0 })
  }

  remove(key: string, isHushed: boolean): void {
    this.#bury(key)
    if (!isHushed) this.#tell({ action: Action.remove, ...this.#named(key), mode: 0 })
  }

  removeMatching(part: 'key' | 'value', operator: 're' | 'sw', operand: string): void {
    this.#compareKeys()
    const action = operator === 're' ? Action.removeRegex : Action.removeStart
    this.#tell({ action, htname: this.#table.definition.name, type: 2, strval: operand, mode: part === 'key' ? 0 : 1 })
  }

  replaced(): void {
    this.#compareKeys()
    for (const item of this.#table.items()) {
      const known = this.replica.get(item.key)
      if (known === undefined || known.content !== contentOf(item)) this.#note(item.key)
    }
  }

  /** What the replica has and the table has not is deleted. */
  #compareKeys(): void {
    for (const key of this.replica.liveKeys()) if (this.#table.find(key) === undefined) this.#bury(key)
  }

  #note(key: string): void {
    const item = this.#table.find(key)
    if (item === undefined) return
    const stamp = this.replica.nextStamp(key, secondsNow(this.#state))
    const expires = this.#table.definition.autoexpire > 0 ? item.expires : 0
    this.replica.set(key, stamp, contentOf(item), expires, this.isApplying)
  }

  #bury(key: string): void {
    const known = this.replica.get(key)
    if (known === undefined || this.replica.isDeleted(key)) return
    const now = secondsNow(this.#state)
    const until = known.expires === 0 ? now + GRAVE_SECONDS : Math.max(known.expires, now + LEAST_GRAVE_SECONDS)
    this.replica.bury(key, this.replica.nextStamp(key, now), until, this.isApplying)
  }

  #named(key: string): { readonly htname: string; readonly cname: string } {
    return { htname: this.#table.definition.name, cname: key }
  }

  #tell(message: JsonObject): void {
    if (this.isApplying || !this.#dmq.hasPlainNodes) return
    this.#dmq.broadcast({ channel: CHANNEL, body: JSON.stringify(message), contentType: JSON_TYPE }, true)
  }
}

export function valueJson(value: string | number): JsonObject {
  return typeof value === 'number' ? { type: 0, intval: value } : { type: 2, strval: value }
}

const contentOf = ({ value, expires }: Item): number => contentHash(JSON.stringify([value, expires])) || 1

/** Items go to other servers as `{ v: value, e: expires }`. */
function keeperOf(table: HashTable): ReplicaKeeper {
  return {
    read(key) {
      const item = table.find(key)
      return item === undefined ? undefined : { v: item.value, e: item.expires }
    },
    write: (key, value) => write(table, key, value),
    remove(key) {
      const item = table.find(key)
      if (item !== undefined) table.remove(item)
    },
  }
}

function write(table: HashTable, key: string, json: JsonValue): boolean {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false
  const { v, e } = json as JsonObject
  if (typeof v !== 'string' && typeof v !== 'number') return false
  return putItem(table, key, typeof v === 'number' ? wholeOf(v) | 0 : textOf(v), Math.max(0, wholeOf(e)))
}

/** Sets an item with the second it ends in; false when there is no room. */
export function putItem(table: HashTable, key: string, value: string | number, expires: number): boolean {
  const item = table.find(key)
  if (item === undefined) return table.add(key, value, expires) !== undefined
  if (!table.setValue(item, value)) return false
  item.expires = expires
  return true
}
