/** Counters by group and name (Kamailio's `stats.get_statistics`, `$stat(name)`). */
export class Statistics {
  readonly #counters = new Map<string, Counter>()

  /** The counter of that group and name, made when it is new. Hot code keeps the object. */
  counter(group: string, name: string): Counter {
    const key = `${group}:${name}`
    const known = this.#counters.get(key)
    if (known) return known
    const made = new Counter(group, name)
    this.#counters.set(key, made)
    return made
  }

  /** The first counter of that name, whatever its group. */
  named(name: string): Counter | undefined {
    for (const counter of this.#counters.values()) if (counter.name === name) return counter
    return undefined
  }

  all(): readonly Counter[] {
    return [...this.#counters.values()]
  }
}

export class Counter {
  readonly group: string
  readonly name: string
  #value = 0
  #read: (() => number) | undefined

  constructor(group: string, name: string) {
    this.group = group
    this.name = name
  }

  increment(by = 1): void {
    this.#value += by
  }

  reset(): void {
    this.#value = 0
  }

  /** Makes the counter a window on a figure kept elsewhere. */
  readFrom(source: () => number): void {
    this.#read = source
  }

  get value(): number {
    return this.#read ? this.#read() : this.#value
  }
}
