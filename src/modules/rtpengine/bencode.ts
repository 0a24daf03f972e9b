/**
 * Bencode as engines speak it: byte strings, whole numbers, lists, and dictionaries whose entries keep their order and
 * may come twice (the first one counts).
 */

export type Bencode = string | number | BencodeList | BencodeDictionary
export type BencodeList = readonly Bencode[]

export class BencodeDictionary {
  readonly entries: (readonly [key: string, value: Bencode])[] = []

  add(key: string, value: Bencode): this {
    this.entries.push([key, value])
    return this
  }

  get(key: string): Bencode | undefined {
    return this.entries.find(([name]) => name === key)?.[1]
  }

  text(key: string): string | undefined {
    const value = this.get(key)
    return typeof value === 'string' ? value : undefined
  }

  /** The number, or `otherwise` where there is none. */
  int(key: string, otherwise: number): number {
    const value = this.get(key)
    return typeof value === 'number' ? value : otherwise
  }

  dictionary(key: string): BencodeDictionary | undefined {
    const value = this.get(key)
    return value instanceof BencodeDictionary ? value : undefined
  }

  list(key: string): BencodeList | undefined {
    const value = this.get(key)
    return isList(value) ? value : undefined
  }
}

const isList = (value: Bencode | undefined): value is BencodeList => Array.isArray(value)

export function encode(value: Bencode): string {
  if (typeof value === 'string') return `${value.length}:${value}`
  if (typeof value === 'number') return `i${value}e`
  if (value instanceof BencodeDictionary) return `d${value.entries.map(([key, item]) => encode(key) + encode(item)).join('')}e`
  return `l${value.map(encode).join('')}e`
}

/** Deeper ones are refused. */
const DEPTH_MAX = 64

/**
 * The dictionary that a text starts with; undefined when it starts with none. As for Kamailio, what stands behind it is nobody's
 * business, and the end of the text ends lists and dictionaries too.
 */
export function decodeDictionary(text: string): BencodeDictionary | undefined {
  const value = new Decoder(text).next(0)
  return value instanceof BencodeDictionary ? value : undefined
}

const END = Symbol('end')
type Decoded = Bencode | typeof END | undefined

/** `next` gives undefined for what cannot be read; nothing is read behind that. */
class Decoder {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  next(depth: number): Decoded {
    if (depth > DEPTH_MAX) return undefined
    switch (this.#text[this.#at]) {
      case undefined: return undefined
      case 'd': return this.#dictionary(depth)
      case 'l': return this.#list(depth)
      case 'i': return this.#integer()
      case 'e':
        this.#at++
        return END
      default: return this.#string()
    }
  }

  get #isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  #dictionary(depth: number): BencodeDictionary | undefined {
    const made = new BencodeDictionary()
    this.#at++
    while (!this.#isAtEnd) {
      const key = this.next(depth + 1)
      if (key === END) break
      if (typeof key !== 'string') return undefined
      const value = this.next(depth + 1)
      if (value === undefined || value === END) return undefined
      made.add(key, value)
    }
    return made
  }

  #list(depth: number): BencodeList | undefined {
    const made: Bencode[] = []
    this.#at++
    while (!this.#isAtEnd) {
      const value = this.next(depth + 1)
      if (value === END) break
      if (value === undefined) return undefined
      made.push(value)
    }
    return made
  }

  #integer(): number | undefined {
    const digits = this.#match(/i(0|(?!0)[ \t\n\v\f\r]*[-+]?[0-9]+)e/y)
    return digits === undefined ? undefined : Number(digits)
  }

  #string(): string | undefined {
    const digits = this.#match(/(0|[1-9][0-9]{0,9}):/y)
    if (digits === undefined) return undefined
    const start = this.#at
    const end = start + Number(digits)
    if (end > this.#text.length) return undefined
    this.#at = end
    return this.#text.slice(start, end)
  }

  /** The first group of a pattern at this place; what matches is behind then. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found === null) return undefined
    this.#at = pattern.lastIndex
    return found[1]
  }
}
