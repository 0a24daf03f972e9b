/** Texts that very many contacts share, such as the names of phones: each is kept once. */
import { ownText } from '../../base/own-text.ts'

const TEXTS_MAX = 4096

export class TextPool {
  readonly #texts = new Map<string, string>()

  /** The one copy of a text. When there are too many, those of before go on living with who has them. */
  get(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    if (this.#texts.size >= TEXTS_MAX) this.#texts.clear()
    const copy = ownText(text)
    this.#texts.set(copy, copy)
    return copy
  }
}
