/** Texts put into a source, or in the place of parts of it, without a new line more or less: lines stay where they are. */
interface Edit {
  readonly at: number
  /** How much of the source goes. */
  readonly gone: number
  readonly text: string
  /** Of several at one place those with the lower order come first. */
  readonly order: number
}

export class Edits {
  readonly #list: Edit[] = []

  /** In front of what stands there; outer ones are added before inner ones. */
  open(at: number, text: string): void {
    this.#list.push({ at, gone: 0, text, order: this.#list.length })
  }

  /** In front of all. */
  head(text: string): void {
    this.#list.push({ at: 0, gone: 0, text, order: Number.NEGATIVE_INFINITY })
  }

  /** Behind what ends there: outer ones, added first, come last; and all of them before what opens there. */
  close(at: number, text: string): void {
    this.#list.push({ at, gone: 0, text, order: -this.#list.length - 1 })
  }

  /** In the place of a part of `source`, whose line ends stay. */
  replace(source: string, start: number, end: number, text: string): void {
    const lines = source.slice(start, end).replace(/[^\n]/g, '')
    this.#list.push({ at: start, gone: end - start, text: text + lines, order: this.#list.length })
  }

  apply(source: string): string {
    let text = ''
    let from = 0
    for (const { at, gone, text: put } of this.#list.toSorted((a, b) => a.at - b.at || a.order - b.order)) {
      text += source.slice(from, at) + put
      from = Math.max(from, at + gone)
    }
    return text + source.slice(from)
  }
}
