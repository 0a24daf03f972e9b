/** How often something was blocked or let through. */

/** As commands show them, in that order; nothing counts names in Contact. */
export const COUNTED = [
  'user-agent', 'country', 'from domain', 'to domain', 'contact domain', 'IP address',
  'from name', 'to name', 'contact name', 'from user', 'to user', 'contact user',
] as const
export type Counted = (typeof COUNTED)[number]

export class Counters {
  readonly blocked = new Map<Counted, number>()
  readonly allowed = new Map<Counted, number>()
  destinations = 0
  injections = 0

  /** Counts the result of a look at the lists, and gives it back. */
  count(result: 1 | 2 | -2, what: Counted): 1 | 2 | -2 {
    if (result === 1) return result
    const counts = result === 2 ? this.allowed : this.blocked
    counts.set(what, (counts.get(what) ?? 0) + 1)
    return result
  }

  reset(): void {
    this.blocked.clear()
    this.allowed.clear()
    this.destinations = 0
    this.injections = 0
  }
}
