/** Message flags have 32 numbers; names share them. */
const FLAG_NUMBER_MAX = 31

export function isFlagNumber(number: number): boolean {
  return number >= 0 && number <= FLAG_NUMBER_MAX
}

/** The names that `flags` declares, with their numbers. */
export class FlagTable {
  readonly #numbers = new Map<string, number>()
  readonly #taken = new Set<number>()
  readonly #max: number
  #next = 0

  constructor(max = FLAG_NUMBER_MAX) {
    this.#max = max
  }

  /** The number the name got: the one asked for, or the first free one. A string is the error. */
  declare(name: string, wanted: number | undefined): number | string {
    if (this.#numbers.has(name)) return `the flag ${name} is declared already`
    let number = wanted
    if (number === undefined) {
      while (this.#next <= this.#max && this.#taken.has(this.#next)) this.#next++
      if (this.#next > this.#max) return `no number is free for the flag ${name}`
      number = this.#next
    } else if (number < 0 || number > this.#max) return `a flag's number is 0 to ${this.#max}, not ${number}`
    this.#numbers.set(name, number)
    this.#taken.add(number)
    return number
  }

  get(name: string): number | undefined {
    return this.#numbers.get(name)
  }

  names(): Iterable<string> {
    return this.#numbers.keys()
  }
}
