/** Reading and changing items by key, with the rules of expiry. */
import type { PvValue } from '../../define/define.ts'
import type { HashTable, Item } from './hash-table.ts'
import { secondsNow, type Htable } from './state.ts'

const NO_ROOM = 'cannot add an item: the tables have grown too large'

/** The value; initval where the item is missing or has expired, and null without one. */
export function valueOf(state: Htable, table: HashTable, key: string): PvValue {
  const item = table.find(key)
  if (item === undefined || isOver(state, table, item)) return table.definition.initval ?? null
  return item.value
}

/** Most tables never ask the clock. */
export function isOver(state: Htable, table: HashTable, item: Item): boolean {
  return table.definition.autoexpire > 0 && table.isExpired(item, secondsNow(state))
}

function freshExpiry(state: Htable, { definition }: HashTable): number {
  return definition.autoexpire > 0 ? secondsNow(state) + definition.autoexpire : 0
}

/** Sets a value; with `expire` above 0 the item lives for so many seconds from now. False when there is no room. */
export function setItem(
  state: Htable, table: HashTable, key: string, value: string | number, expire = 0, isHushed = false,
): boolean {
  const item = table.find(key)
  // A table whose items never expire counts them from 0, as in Kamailio.
  const expires = expire > 0 ? (table.definition.autoexpire > 0 ? secondsNow(state) : 0) + expire : undefined
  let isDone: boolean
  if (item === undefined) isDone = table.add(key, value, expires ?? freshExpiry(state, table)) !== undefined
  else {
    isDone = table.setValue(item, value)
    if (isDone && (expires !== undefined || table.definition.updateexpire !== 0)) item.expires = expires ?? freshExpiry(state, table)
  }
  if (!isDone) {
    state.host.log.error('htable', NO_ROOM)
    return false
  }
  table.follower?.set(key, value, isHushed)
  if (expire > 0) table.follower?.expire(key, expire, isHushed)
  return true
}

/** False when there is no such item. */
export function removeItem(table: HashTable, key: string, isHushed = false): boolean {
  const item = table.find(key)
  if (item !== undefined) table.remove(item)
  table.follower?.remove(key, isHushed)
  return item !== undefined
}

/** Adds to a number; null where there is none, and no initval to begin with. */
export function addToItem(state: Htable, table: HashTable, key: string, difference: number): number | null {
  const { initval, updateexpire } = table.definition
  const item = table.find(key)
  if (item === undefined) {
    if (initval === undefined) return null
    const sum = (initval + difference) | 0
    if (table.add(key, sum, freshExpiry(state, table)) !== undefined) {
      table.follower?.set(key, sum, false)
      return sum
    }
    state.host.log.error('htable', NO_ROOM)
    return null
  }
  const before = isOver(state, table, item) ? initval : item.value
  if (typeof before !== 'number') return null
  const sum = (before + difference) | 0
  table.setValue(item, sum)
  if (updateexpire !== 0) item.expires = freshExpiry(state, table)
  table.follower?.set(key, sum, false)
  return sum
}

/** Seconds until the item expires, as an unsigned number: one that has expired, or never does, has a very long time. */
export function secondsLeft(state: Htable, table: HashTable, key: string): number {
  const item = table.definition.autoexpire > 0 ? table.find(key) : undefined
  return item === undefined ? 0 : (item.expires - secondsNow(state)) >>> 0
}

/** The item lives for so many seconds from now; with none or less for ever. */
export function setExpiry(state: Htable, table: HashTable, key: string, seconds: number, isHushed = false): void {
  const item = table.definition.autoexpire > 0 ? table.find(key) : undefined
  if (item !== undefined) item.expires = seconds > 0 ? secondsNow(state) + seconds : 0
  table.follower?.expire(key, seconds, isHushed)
}
