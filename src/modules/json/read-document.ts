/** JSON as json-c reads it: more than RFC 8259 allows is let pass, and what stands behind the document is not looked at. */

export type Json = string | boolean | null | JsonNumber | JsonArray | JsonMap
export type JsonArray = Json[]
export type JsonMap = Map<string, Json>

/** A number as it is written again. */
export class JsonNumber {
  readonly text: string
  /** Undefined for a number with decimals. */
  readonly whole: number | undefined
  constructor(text: string, whole?: number) {
    this.text = text
    this.whole = whole
  }
}

const DEPTH_MAX = 32
const INT_MAX = 2n ** 63n - 1n
const UINT_MAX = 2n ** 64n - 1n

class Unreadable extends Error {}

/** Undefined for what cannot be read. */
export function readDocument(text: string): Json | undefined {
  const reader = new Reader(text)
  try {
    return reader.value(1)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

const SPACE = /(?:[ \t\n\r\v\f]+|\/\*[\s\S]*?\*\/|\/\/[^\n]*(?:\n|$))*/y
const WORD = /null|true|false|nan|-?infinity/iy
const NUMBER = /[-0-9][-+.0-9eE]*/y
const REAL = /^-?\d*\.?\d*(?:[eE][-+]?\d*)?$/
const words: Readonly<Record<string, Json>> = { null: null, true: true, false: false }
const wordNumbers: Readonly<Record<string, string>> = { nan: 'NaN', infinity: 'Infinity', '-infinity': '-Infinity' }

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): Json {
    if (depth > DEPTH_MAX) throw new Unreadable()
    this.#skip()
    const char = this.#text[this.#at]
    if (char === '{') return this.#map(depth)
    if (char === '[') return this.#array(depth)
    if (char === '"' || char === "'") return this.#string(char)
    const word = this.#match(WORD)?.toLowerCase()
    if (word !== undefined) return words[word] ?? (word === 'null' ? null : new JsonNumber(wordNumbers[word] ?? word))
    return this.#number(depth)
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #skip(): void {
    this.#match(SPACE)
  }

  #number(depth: number): JsonNumber {
    const written = this.#match(NUMBER)
    if (written === undefined) throw new Unreadable()
    if (depth > 1 && !/[,\]}/\s]/.test(this.#text[this.#at] ?? ' ')) throw new Unreadable()
    if (/^-?\d+$/.test(written)) {
      const number = BigInt(written)
      const held = number < -INT_MAX - 1n ? -INT_MAX - 1n : number > UINT_MAX ? UINT_MAX : number
      return new JsonNumber(String(held), Number(held))
    }
    const real = written.replace(/[-+eE]+$/, '')
    if (!REAL.test(real) || !/\d/.test(real)) throw new Unreadable()
    return new JsonNumber(real)
  }

  #array(depth: number): Json[] {
    const items: Json[] = []
    this.#at++
    for (;;) {
      this.#skip()
      // A comma in front of the end is let pass.
      if (this.#take(']')) return items
      items.push(this.value(depth + 1))
      this.#skip()
      if (this.#take(']')) return items
      if (!this.#take(',')) throw new Unreadable()
    }
  }

  #map(depth: number): Map<string, Json> {
    const members = new Map<string, Json>()
    this.#at++
    for (;;) {
      this.#skip()
      if (this.#take('}')) return members
      const quote = this.#text[this.#at]
      if (quote !== '"' && quote !== "'") throw new Unreadable()
      const name = this.#string(quote)
      this.#skip()
      if (!this.#take(':')) throw new Unreadable()
      members.set(name, this.value(depth + 1))
      this.#skip()
      if (this.#take('}')) return members
      if (!this.#take(',')) throw new Unreadable()
    }
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #string(quote: string): string {
    let value = ''
    let from = ++this.#at
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) throw new Unreadable()
      if (char === quote || char === '\\') {
        value += this.#text.slice(from, this.#at++)
        if (char === quote) return value
        value += this.#escape()
        from = this.#at
      } else this.#at++
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++] ?? ''
    if (char === 'u') return utf8(this.#unit())
    const simple = escapes[char]
    if (simple === undefined) throw new Unreadable()
    return simple
  }

  /** The character behind `\u`; half of a pair alone is U+FFFD. */
  #unit(): number {
    const high = this.#hex()
    if (high < 0xd800 || high > 0xdfff) return high
    if (high > 0xdbff || !this.#text.startsWith('\\u', this.#at)) return 0xfffd
    const back = this.#at
    this.#at += 2
    const low = this.#hex()
    if (low >= 0xdc00 && low <= 0xdfff) return 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff)
    this.#at = back
    return 0xfffd
  }

  #hex(): number {
    const digits = this.#text.slice(this.#at, this.#at + 4)
    if (!/^[0-9a-f]{4}$/i.test(digits)) throw new Unreadable()
    this.#at += 4
    return Number.parseInt(digits, 16)
  }
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\', '/': '/',
}

function utf8(code: number): string {
  return Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1')
}
