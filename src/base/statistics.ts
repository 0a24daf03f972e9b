/** Counters by group and name (Kamailio's `stats.get_statistics`, `$stat(name)`). */
export class Statistics {
  readonly #counters = new Map<string, Counter>()
  /** Requests and replies passed on without state. */
  readonly forwardedRequests = this.counter('core', 'fwd_requests')
  readonly forwardedReplies = this.counter('core', 'fwd_replies')

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
  /** Commands do not set it to 0. */
  isKept = false
  #value = 0
  #read: (() => number) | undefined

  constructor(group: string, name: string) {
    this.group = group
    this.name = name
  }

  increment(by = 1): void {
    this.#value += by
  }

  /** Nothing happens to a counter that is kept, or that shows a figure kept elsewhere. */
  reset(): void {
    if (!this.isKept) this.#value = 0
  }

  /** Makes the counter a window on a figure kept elsewhere. */
  readFrom(source: () => number): void {
    this.#read = source
  }

  /** What was counted here, whatever the counter shows. */
  get counted(): number {
    return this.#value
  }

  get value(): number {
    return this.#read ? this.#read() : this.#value
  }
}
