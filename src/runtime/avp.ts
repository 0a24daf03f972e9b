/**
 * Attribute-value pairs, `$avp(name)`: a stack of values per name that lives with the transaction, or with the message
 * where there is none. Kamailio keeps them in seven lists (by whom they are about); scripts use the first one unless
 * they write a class, as in `$avp(t.name)`.
 */
import { ownValue } from '../base/own-text.ts'
import type { TextMatcher } from '../define/arg.ts'
import type { PvValue } from '../define/value.ts'

/** Where an AVP belongs: about the caller or the callee, for the URI, the user, the domain; or for all. */
const List = {
  fromUri: 0,
  toUri: 1,
  fromUser: 2,
  toUser: 3,
  fromDomain: 4,
  toDomain: 5,
  global: 6,
} as const

const FROM_LISTS: readonly number[] = [List.fromUri, List.fromUser, List.fromDomain, List.global]
const TO_LISTS: readonly number[] = [List.toUri, List.toUser, List.toDomain, List.global]

/** A name ready for look-ups. */
export interface AvpName {
  /** As written, without prefix: what listings show. Numeric names (`i:5`) are numbers. */
  readonly name: string | number
  /** Equal for names that are the same AVP. */
  readonly key: string
  /** Where values are added. */
  readonly list: number
  /** Where values are looked for, in this order; all found values come from the first list that has one. */
  readonly lists: readonly number[]
  /** Set for `/pattern/` names, which can only be read and deleted. */
  readonly pattern: TextMatcher | undefined
}

/** One value. */
export class Avp {
  readonly key: string
  readonly name: string | number
  readonly value: string | number
  /** Bits that modules set on single values (module avp, `avpflags`). */
  flags = 0
  next: Avp | undefined

  constructor(name: AvpName, value: string | number, next: Avp | undefined) {
    this.key = name.key
    this.name = name.name
    this.value = ownValue(value)
    this.next = next
  }
}

/** Separates the values that `[*]` gives. */
const ALL_SEPARATOR = ', '

/**
 * Names are compared without regard to case, but Kamailio first compares the exclusive or of their bytes. So `Abc`
 * differs from `abc` while `ABc` does not: what counts beside the letters is whether an odd number is upper-case.
 */
function textKey(name: string): string {
  let upper = 0
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index)
    if (code >= 0x41 && code <= 0x5a) upper++
  }
  if (upper === 0) return `s${name}`
  return (upper & 1 ? 'S' : 's') + name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function named(name: string | number, list: number, lists: readonly number[]): AvpName {
  const key = typeof name === 'number' ? `i${name}` : textKey(name)
  return { name, key, list, lists, pattern: undefined }
}

/** The name for a value computed while the script runs; undefined for `$null`, empty texts and 0. */
export function avpNameOf(value: PvValue): AvpName | undefined {
  if (value === null || value === '' || value === 0) return undefined
  return named(value, List.fromUri, FROM_LISTS)
}

/** Prefixes such as `t.`: where values are added and looked for. */
const CLASSES: ReadonlyMap<string, { readonly list: number; readonly lists: readonly number[] }> = new Map([
  ['f', { list: List.fromUri, lists: FROM_LISTS }],
  ['t', { list: List.toUri, lists: TO_LISTS }],
  ['fr', { list: List.fromUri, lists: [List.fromUri] }],
  ['tr', { list: List.toUri, lists: [List.toUri] }],
  ['fu', { list: List.fromUser, lists: [List.fromUser] }],
  ['tu', { list: List.toUser, lists: [List.toUser] }],
  ['fd', { list: List.fromDomain, lists: [List.fromDomain] }],
  ['td', { list: List.toDomain, lists: [List.toDomain] }],
  ['g', { list: List.global, lists: [List.global] }],
])

/**
 * Parses `name`, `s:name`, `i:5`, `class.name` or `class./pattern/`. A text answer is the error message.
 * `regex` compiles the pattern; without it patterns are refused.
 */
export function parseAvpName(
  text: string,
  regex?: (pattern: string) => TextMatcher | string,
): AvpName | string {
  if (text === '') return 'an AVP needs a name'
  if (text.charAt(1) === ':') return parsePrefixed(text)
  const dot = text.indexOf('.')
  if (dot < 0) return named(text, List.fromUri, FROM_LISTS)
  const place = CLASSES.get(text.slice(0, dot))
  const name = text.slice(dot + 1)
  if (!place) return `unknown AVP class ${text.slice(0, dot)}`
  if (name === '') return `no name behind the AVP class ${text.slice(0, dot)}`
  if (name.length > 2 && name.startsWith('/') && name.endsWith('/')) {
    const pattern = regex ? regex(name.slice(1, -1)) : 'no pattern can name this AVP'
    return typeof pattern === 'string' ? pattern : { ...named(name, place.list, place.lists), pattern }
  }
  if (/[.[\]/]/.test(name)) return `. [ ] and / cannot stand in the AVP name ${name}`
  return named(name, place.list, place.lists)
}

function parsePrefixed(text: string): AvpName | string {
  const name = text.slice(2)
  const prefix = text.charAt(0)
  if (name === '') return 'an AVP needs a name'
  if (prefix === 's' || prefix === 'S') return named(name, List.fromUri, FROM_LISTS)
  if (prefix !== 'i' && prefix !== 'I') return `unknown AVP type ${prefix}`
  if (!/^[0-9]+$/.test(name)) return `${name} is not a number`
  return named(Number(name), List.fromUri, FROM_LISTS)
}

/** All AVPs of a transaction or message. */
export class AvpList {
  readonly #heads: (Avp | undefined)[] = [undefined, undefined, undefined, undefined, undefined, undefined, undefined]

  /** Puts a value on top of the stack. */
  add(name: AvpName, value: string | number): void {
    this.#heads[name.list] = new Avp(name, value, this.#heads[name.list])
  }

  /** The newest value of that name. */
  first(name: AvpName): Avp | undefined {
    const lists = name.lists
    for (let index = 0; index < lists.length; index++) {
      const found = matching(this.#heads[lists[index] ?? 0], name)
      if (found) return found
    }
    return undefined
  }

  /** The value below. */
  next(avp: Avp, name: AvpName): Avp | undefined {
    return matching(avp.next, name)
  }

  /** The value at an index: 0 is the newest, -1 the oldest; `$null` when there is none. */
  get(name: AvpName, index = 0): PvValue {
    let avp = this.first(name)
    if (index !== 0) {
      let steps = index < 0 ? this.count(name) + index : index
      if (steps < 0) return null
      while (avp && steps-- > 0) avp = matching(avp.next, name)
    }
    return avp ? avp.value : null
  }

  /** All values, newest first, separated by comma and blank; `$null` when there is none. */
  joined(name: AvpName): PvValue {
    let avp = this.first(name)
    if (!avp) return null
    let text = String(avp.value)
    while ((avp = matching(avp.next, name))) text += ALL_SEPARATOR + avp.value
    return text
  }

  count(name: AvpName): number {
    let count = 0
    for (let avp = this.first(name); avp; avp = matching(avp.next, name)) count++
    return count
  }

  /** Takes the newest value away; false when there was none. */
  removeNewest(name: AvpName): boolean {
    const avp = this.first(name)
    if (avp) this.remove(avp)
    return avp !== undefined
  }

  /** Takes all values of that name away, in whatever list; the answer counts them. */
  removeAll(name: AvpName): number {
    let count = 0
    while (this.removeNewest(name)) count++
    return count
  }

  remove(avp: Avp): void {
    for (let list = 0; list < this.#heads.length; list++) {
      let before: Avp | undefined
      for (let at = this.#heads[list]; at; before = at, at = at.next) {
        if (at !== avp) continue
        if (before) before.next = at.next
        else this.#heads[list] = at.next
        return
      }
    }
  }

  /** Every AVP, newest first, those about the caller's URI before the others. */
  *all(): Generator<Avp> {
    for (const head of this.#heads) for (let avp = head; avp; avp = avp.next) yield avp
  }

  clear(): void {
    this.#heads.fill(undefined)
  }
}

function matching(from: Avp | undefined, name: AvpName): Avp | undefined {
  const pattern = name.pattern
  if (pattern) {
    for (let avp = from; avp; avp = avp.next) if (typeof avp.name === 'string' && pattern.test(avp.name)) return avp
    return undefined
  }
  const key = name.key
  for (let avp = from; avp; avp = avp.next) if (avp.key === key) return avp
  return undefined
}
