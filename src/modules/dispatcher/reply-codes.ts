/** Replies to pings that are good beside 2xx: `code=404;class=3`. */
import { parseParamList } from '../../sip/param-list.ts'

export class ReplyCodes {
  #text = ''
  #codes: readonly number[] = []
  #classes: readonly number[] = []

  /** Whether a text says what it should. */
  static isReadable(text: string): boolean {
    return text === '' || parseParamList(text.replace(/;$/, '')) !== undefined
  }

  /** The text may change while the server runs. */
  accepts(text: string, status: number): boolean {
    if (text !== this.#text) this.#read(text)
    return this.#codes.includes(status) || this.#classes.includes(Math.trunc(status / 100))
  }

  #read(text: string): void {
    this.#text = text
    const params = parseParamList(text.replace(/;$/, '')) ?? []
    const numbers = (wanted: string): readonly number[] =>
      params.filter(({ name }) => name === wanted).map(({ value }) => Number(value)).filter((value) => Number.isInteger(value))
    this.#codes = numbers('code')
    this.#classes = numbers('class')
  }
}
