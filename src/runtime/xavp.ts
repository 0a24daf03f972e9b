/**
 * Extended AVPs: `$xavp(root[0]=>field[0])` (a stack per name, fields are stacks too), `$xavu(root=>field)` (one value
 * per name) and `$xavi(root=>field)` (stacks whose names are compared without regard to case).
 */
import { ownValue } from '../base/own-text.ts'
import type { PvValue } from '../define/value.ts'

/** What an entry holds: a value, fields of its own, or something that only its module understands. */
export type XavpValue = string | number | null | XavpTree | XavpData

/** Data of a module, seen from scripts as `<<data:...>>`, or `<<vptr:...>>` where Kamailio keeps a plain pointer. */
export class XavpData {
  readonly data: unknown
  readonly isPointer: boolean
  constructor(data: unknown, isPointer = false) {
    this.data = data
    this.isPointer = isPointer
  }
}

export class Xavp {
  readonly name: string
  value: XavpValue
  next: Xavp | undefined

  constructor(name: string, value: XavpValue) {
    this.name = name
    this.value = ownValue(value)
  }
}

/** A list of entries, newest first. */
export class XavpTree {
  readonly #ignoreCase: boolean
  head: Xavp | undefined

  /** With `ignoreCase` names are compared without regard to case ($xavi). */
  constructor(ignoreCase = false) {
    this.#ignoreCase = ignoreCase
  }

  /** An empty list that compares names as this one does. */
  sibling(): XavpTree {
    return new XavpTree(this.#ignoreCase)
  }

  sameName(a: string, b: string): boolean {
    return a === b || (this.#ignoreCase && a.length === b.length && a.toLowerCase() === b.toLowerCase())
  }

  /** The entry of that name at an index: 0 is the newest. */
  get(name: string, index = 0): Xavp | undefined {
    let skip = index
    for (let at = this.head; at; at = at.next) if (this.sameName(at.name, name) && skip-- === 0) return at
    return undefined
  }

  /** The next older entry of the same name. */
  next(entry: Xavp): Xavp | undefined {
    for (let at = entry.next; at; at = at.next) if (this.sameName(at.name, entry.name)) return at
    return undefined
  }

  count(name: string): number {
    let count = 0
    for (let at = this.head; at; at = at.next) if (this.sameName(at.name, name)) count++
    return count
  }

  add(name: string, value: XavpValue): Xavp {
    const entry = new Xavp(name, value)
    entry.next = this.head
    this.head = entry
    return entry
  }

  /** Puts an entry behind all others. */
  addLast(name: string, value: XavpValue): Xavp {
    const entry = new Xavp(name, value)
    if (!this.head) {
      this.head = entry
      return entry
    }
    let last = this.head
    while (last.next) last = last.next
    last.next = entry
    return entry
  }

  /** Replaces the value at an index; false when there is no such entry. */
  set(name: string, index: number, value: XavpValue): boolean {
    const entry = this.get(name, index)
    if (entry) entry.value = ownValue(value)
    return entry !== undefined
  }

  /** Replaces the newest value, or adds it. */
  put(name: string, value: XavpValue): void {
    if (!this.set(name, 0, value)) this.add(name, value)
  }

  /** Takes away the entry at an index; false when there is none. */
  removeAt(name: string, index: number): boolean {
    const entry = index < 0 ? undefined : this.get(name, index)
    if (entry) this.remove(entry)
    return entry !== undefined
  }

  /** Takes away all of that name; the answer counts them. */
  removeAll(name: string): number {
    let count = 0
    while (this.removeAt(name, 0)) count++
    return count
  }

  remove(entry: Xavp): void {
    if (this.head === entry) {
      this.head = entry.next
      return
    }
    for (let at = this.head; at; at = at.next) {
      if (at.next !== entry) continue
      at.next = entry.next
      return
    }
  }

  /** Takes out the newest entry of that name. */
  extract(name: string): Xavp | undefined {
    const entry = this.get(name)
    if (!entry) return undefined
    this.remove(entry)
    entry.next = undefined
    return entry
  }

  /**
   * Puts a value where `index` says among those of its name; positions that are missing before it become `$null`
   * entries, and a `$null` entry that stands there is replaced.
   */
  insert(name: string, value: XavpValue, index: number): void {
    let before: Xavp | undefined
    let at = this.get(name)
    if (index === 0 && at?.value !== null) {
      this.add(name, value)
      return
    }
    let position = 0
    for (; at && position < index; position++) {
      before = at
      at = this.next(at)
    }
    if (at && at.value === null) {
      at.value = ownValue(value)
      return
    }
    for (; position < index; position++) before = this.#addAfter(before, name, null)
    this.#addAfter(before, name, value)
  }

  #addAfter(before: Xavp | undefined, name: string, value: XavpValue): Xavp {
    if (!before) return this.add(name, value)
    const entry = new Xavp(name, value)
    entry.next = before.next
    before.next = entry
    return entry
  }

  /** Names of the entries, newest first, each once. */
  names(): string[] {
    const names: string[] = []
    for (let at = this.head; at; at = at.next) {
      const name = at.name
      if (!names.some((known) => this.sameName(known, name))) names.push(name)
    }
    return names
  }

  /** A copy with its plain values; fields of fields and modules' data are left out. */
  copy(): XavpTree {
    const tree = this.sibling()
    for (let at = this.head; at; at = at.next) {
      if (!(at.value instanceof XavpTree) && !(at.value instanceof XavpData)) tree.addLast(at.name, at.value)
    }
    return tree
  }

  clear(): void {
    this.head = undefined
  }
}

/** The three families of a transaction or message. */
export class XavpLists {
  readonly xavp = new XavpTree()
  readonly xavu = new XavpTree()
  readonly xavi = new XavpTree(true)
}

/** A field of the newest entry of that name; undefined when the entry has no fields. */
export function xavpChild(root: XavpTree, name: string, field: string): Xavp | undefined {
  const entry = root.get(name)
  return entry && entry.value instanceof XavpTree ? entry.value.get(field) : undefined
}

/** Sets a field of the newest entry of that name, making the entry when it is missing or holds a plain value. */
export function setXavpChild(root: XavpTree, name: string, field: string, value: XavpValue): void {
  const entry = root.get(name)
  if (entry && entry.value instanceof XavpTree) {
    const old = entry.value.get(field)
    if (old) entry.value.remove(old)
    entry.value.add(field, value)
    return
  }
  if (entry) root.remove(entry)
  const fields = root.sibling()
  fields.add(field, value)
  root.add(name, fields)
}

/** What a script reads from an entry. */
export function xavpText(value: XavpValue): PvValue {
  if (value instanceof XavpTree) return '<<xavp:0x1>>'
  if (value instanceof XavpData) return value.isPointer ? '<<vptr:0x1>>' : '<<data:0x1>>'
  return value
}

/** `name=value;` for each plain field of the newest entry (`xavp_params_implode`); empty when it has no fields. */
export function serializeFields(root: XavpTree, name: string): string {
  const entry = root.get(name)
  if (!entry || !(entry.value instanceof XavpTree)) return ''
  let text = ''
  for (let at = entry.value.head; at; at = at.next) {
    if (typeof at.value === 'number') text += `${at.name}=${at.value >>> 0};`
    else if (typeof at.value === 'string') text += at.value === '' ? `${at.name};` : `${at.name}=${at.value};`
  }
  return text
}
