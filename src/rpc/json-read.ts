/** Reads JSON out of byte strings as Kamailio does: what follows the first value does not matter. */
import { JsonObject, type JsonValue } from './json-value.ts'

const DEPTH_MAX = 64

/** The value that a text begins with; undefined when it is none. */
export function readJson(text: string): JsonValue | undefined {
  const reader = new JsonReader(text)
  try {
    return reader.value(0)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

class Unreadable extends Error {}

class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): JsonValue {
    if (depth > DEPTH_MAX) throw new Unreadable()
    this.#skipSpace()
    switch (this.#text[this.#at]) {
      case '"':
        return this.#string()
      case '[':
        return this.#array(depth)
      case '{':
        return this.#object(depth)
      default:
        return this.#word()
    }
  }

  #word(): JsonValue {
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, this.#at)) continue
      this.#at += word.length
      return value
    }
    number.lastIndex = this.#at
    const found = number.exec(this.#text)?.[0]
    if (found === undefined) throw new Unreadable()
    this.#at += found.length
    return Number(found)
  }

  #array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = []
    this.#at++
    if (this.#take(']')) return items
    do items.push(this.value(depth + 1))
    while (this.#take(','))
    if (!this.#take(']')) throw new Unreadable()
    return items
  }

  #object(depth: number): JsonObject {
    const object = new JsonObject()
    this.#at++
    if (this.#take('}')) return object
    do {
      this.#skipSpace()
      const name = this.#string()
      if (!this.#take(':')) throw new Unreadable()
      object.add(name, this.value(depth + 1))
    } while (this.#take(','))
    if (!this.#take('}')) throw new Unreadable()
    return object
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw new Unreadable()
    let value = ''
    for (let at = this.#at + 1, from = at; at < this.#text.length; at++) {
      const char = this.#text[at]
      if (char === '"') {
        this.#at = at + 1
        return value + this.#text.slice(from, at)
      }
      if (char !== '\\') continue
      value += this.#text.slice(from, at)
      const escape = this.#escape(at + 1)
      value += escape.text
      at += escape.length
      from = at + 1
    }
    throw new Unreadable()
  }

  /** What stands behind a backslash: the bytes it means and how many characters it has. */
  #escape(at: number): { text: string; length: number } {
    const char = this.#text[at] ?? ''
    if (char !== 'u') return { text: simpleEscapes[char] ?? char, length: 1 }
    const high = this.#hex(at + 1)
    if (high < 0xd800 || high > 0xdbff || !this.#text.startsWith('\\u', at + 5)) return { text: utf8(high), length: 5 }
    const low = this.#hex(at + 7)
    return { text: utf8(0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff)), length: 11 }
  }

  #hex(at: number): number {
    const digits = this.#text.slice(at, at + 4)
    if (!/^[0-9a-f]{4}$/i.test(digits)) throw new Unreadable()
    return Number.parseInt(digits, 16)
  }

  #take(char: string): boolean {
    this.#skipSpace()
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && this.#text.charCodeAt(this.#at) <= 0x20) this.#at++
  }
}

const words: readonly (readonly [string, JsonValue])[] = [['null', null], ['true', true], ['false', false]]
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const simpleEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function utf8(code: number): string {
  return code === 0 ? '' : Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1')
}
