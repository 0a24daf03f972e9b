/** Texts that are compared with the beginning of another one, whatever the case of letters. */

/** As the list compares: ASCII letters only, bytes above stay. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

export class PrefixList {
  /** As given, in their order. */
  readonly entries: string[] = []
  readonly #known = new Set<string>()
  /** Lengths that entries have: a lookup tries one beginning for each. */
  readonly #lengths = new Set<number>()

  add(entry: string): void {
    this.entries.push(entry)
    this.#known.add(lower(entry))
    this.#lengths.add(entry.length)
  }

  /** Whether the text begins with an entry. */
  matches(text: string): boolean {
    if (this.#known.size === 0) return false
    const wanted = lower(text)
    for (const length of this.#lengths) {
      if (length <= wanted.length && this.#known.has(wanted.slice(0, length))) return true
    }
    return false
  }

  /** Whether the text is an entry. */
  has(text: string): boolean {
    return this.#known.has(lower(text))
  }
}
