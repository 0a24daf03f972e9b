/** JSON as the library Jansson reads it: RFC 8259 to the letter, an object or an array, without doubled names. */

/** Whole numbers are bigint, those with decimals number: they are written apart. */
export type Json = string | boolean | null | bigint | number | JsonArray | JsonMap
export type JsonArray = Json[]
export type JsonMap = Map<string, Json>

const DEPTH_MAX = 2048
const INTEGER_MAX = 2n ** 63n - 1n
const INTEGER_MIN = -(2n ** 63n)

class Unreadable extends Error {}

export function parseDocument(text: string): JsonArray | JsonMap | undefined {
  if (!isUtf8(text)) return undefined
  const reader = new Reader(text)
  try {
    return reader.document()
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

/** Whether a byte string is UTF-8: Jansson takes no other text. */
export function isUtf8(text: string): boolean {
  if (!/[\x80-\xff]/.test(text)) return true
  const bytes = Buffer.from(text, 'latin1')
  return bytes.equals(Buffer.from(bytes.toString('utf8'), 'utf8'))
}

const SPACE = /[ \t\r\n]*/y
const WORD = /true|false|null/y
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y
const PLAIN = /[^"\\\x00-\x1f]*/y
const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): JsonArray | JsonMap {
    const value = this.#value(1)
    this.#match(SPACE)
    if (this.#at !== this.#text.length || !(value instanceof Map || Array.isArray(value))) throw new Unreadable()
    return value
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text) ?? undefined
    if (found !== undefined) this.#at += found[0].length
    return found
  }

  #take(char: string): boolean {
    this.#match(SPACE)
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #value(depth: number): Json {
    if (depth > DEPTH_MAX) throw new Unreadable()
    if (this.#take('{')) return this.#map(depth)
    if (this.#take('[')) return this.#array(depth)
    if (this.#take('"')) return this.#string()
    const word = this.#match(WORD)?.[0]
    return word === undefined ? this.#number() : words[word] ?? null
  }

  #number(): bigint | number {
    const found = this.#match(NUMBER)
    if (found === undefined || /\d/.test(this.#text[this.#at] ?? '')) throw new Unreadable()
    if (found[1] === undefined && found[2] === undefined) {
      const whole = BigInt(found[0])
      if (whole > INTEGER_MAX || whole < INTEGER_MIN) throw new Unreadable()
      return whole
    }
    const real = Number(found[0])
    if (!Number.isFinite(real)) throw new Unreadable()
    return real
  }

  #array(depth: number): JsonArray {
    const items: JsonArray = []
    if (this.#take(']')) return items
    do items.push(this.#value(depth + 1))
    while (this.#take(','))
    if (!this.#take(']')) throw new Unreadable()
    return items
  }

  #map(depth: number): JsonMap {
    const members: JsonMap = new Map()
    if (this.#take('}')) return members
    do {
      if (!this.#take('"')) throw new Unreadable()
      const name = this.#string()
      if (members.has(name) || !this.#take(':')) throw new Unreadable()
      members.set(name, this.#value(depth + 1))
    } while (this.#take(','))
    if (!this.#take('}')) throw new Unreadable()
    return members
  }

  #string(): string {
    let value = ''
    for (;;) {
      value += this.#match(PLAIN)?.[0] ?? ''
      const char = this.#text[this.#at++]
      if (char === '"') return value
      if (char !== '\\') throw new Unreadable()
      value += this.#escape()
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++] ?? ''
    const simple = escapes[char]
    if (simple !== undefined) return simple
    if (char !== 'u') throw new Unreadable()
    const high = this.#hex()
    if (high === 0 || (high >= 0xdc00 && high <= 0xdfff)) throw new Unreadable()
    if (high < 0xd800 || high > 0xdfff) return utf8(high)
    if (!this.#text.startsWith('\\u', this.#at)) throw new Unreadable()
    this.#at += 2
    const low = this.#hex()
    if (low < 0xdc00 || low > 0xdfff) throw new Unreadable()
    return utf8(0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff))
  }

  #hex(): number {
    const digits = this.#text.slice(this.#at, this.#at + 4)
    if (!/^[0-9a-f]{4}$/i.test(digits)) throw new Unreadable()
    this.#at += 4
    return Number.parseInt(digits, 16)
  }
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/',
}

function utf8(code: number): string {
  return Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1')
}

/** As Jansson writes it: compact, or with a blank behind each comma and colon. */
export function writeDocument(value: Json, isCompact: boolean): string {
  const [comma, colon] = isCompact ? [',', ':'] : [', ', ': ']
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return realText(value)
  if (Array.isArray(value)) return `[${value.map((item) => writeDocument(item, isCompact)).join(comma)}]`
  if (!(value instanceof Map)) return String(value)
  return `{${[...value].map(([name, member]) => quote(name) + colon + writeDocument(member, isCompact)).join(comma)}}`
}

function quote(text: string): string {
  return `"${text.replace(/["\\\x00-\x1f]/g, (char) => named[char] ?? escapeUnit(char.charCodeAt(0)))}"`
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).toUpperCase().padStart(4, '0')}`
}

const named: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t',
}

/** C's `%.17g`, with `.0` behind what would look like a whole number and exponents as short as can be. */
function realText(value: number): string {
  const text = formatG(value, 17).replace('e+', 'e').replace(/e(-?)0+(?=\d)/, 'e$1')
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** C's `%.Ng`. */
export function formatG(value: number, digits: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e')
  const exponent = Number(exponentText)
  if (exponent >= -4 && exponent < digits) {
    const fixed = value.toFixed(Math.min(100, Math.max(0, digits - 1 - exponent)))
    return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
  }
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
  return `${short}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}
