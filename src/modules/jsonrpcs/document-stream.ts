/** Cuts a stream of bytes into JSON documents: each ends where its outermost bracket does. */
const DOCUMENT_MAX = 65_536

export class DocumentStream {
  readonly #take: (document: string) => void
  readonly #onTooLong: () => void
  #document = ''
  #depth = 0
  #isInText = false
  #isEscaped = false

  constructor(take: (document: string) => void, onTooLong: () => void) {
    this.#take = take
    this.#onTooLong = onTooLong
  }

  add(bytes: string): void {
    for (const char of bytes) this.#next(char)
  }

  #next(char: string): void {
    // Between documents nothing but an opening bracket counts.
    if (this.#depth === 0 && char !== '{' && char !== '[') return
    this.#document += char
    if (this.#isInText) {
      if (this.#isEscaped) this.#isEscaped = false
      else if (char === '\\') this.#isEscaped = true
      else if (char === '"') this.#isInText = false
    } else if (char === '"') this.#isInText = true
    else if (char === '{' || char === '[') this.#depth++
    else if ((char === '}' || char === ']') && --this.#depth === 0) {
      this.#take(this.#document)
      this.#reset()
      return
    }
    if (this.#document.length <= DOCUMENT_MAX) return
    this.#reset()
    this.#onTooLong()
  }

  #reset(): void {
    this.#document = ''
    this.#depth = 0
    this.#isInText = false
    this.#isEscaped = false
  }
}
