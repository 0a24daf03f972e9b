/** Destinations that failed lately and get no requests for a while (Kamailio's dst_blocklist, with use_dst_blocklist). */
import type { Clock } from '../base/clock.ts'
import type { TransportName } from '../sip/endpoint.ts'
import type { Settings } from './settings.ts'

export interface Destination {
  readonly transport: TransportName
  readonly address: string
  readonly port: number
}

/** Beyond this those that were listed first are forgotten. */
const ENTRIES_MAX = 10_000

export class Blocklist {
  readonly #clock: Clock
  readonly #settings: Settings
  /** When each is free again, in milliseconds of the clock. */
  readonly #until = new Map<string, number>()

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock
    this.#settings = settings
  }

  get isOn(): boolean {
    return this.#settings.use_dst_blocklist !== 0
  }

  /** Lists a destination for so many seconds; without, for dst_blocklist_expire. */
  add(destination: Destination, seconds = this.#settings.dst_blocklist_expire): void {
    if (!this.isOn || seconds <= 0) return
    const key = keyOf(destination)
    this.#until.delete(key)
    this.#until.set(key, this.#clock.monotonic() + seconds * 1000)
    if (this.#until.size <= ENTRIES_MAX) return
    const [oldest] = this.#until.keys()
    if (oldest !== undefined) this.#until.delete(oldest)
  }

  /** What is listed now, with the seconds that are left. */
  entries(): readonly { readonly destination: string; readonly secondsLeft: number }[] {
    const now = this.#clock.monotonic()
    return [...this.#until].flatMap(([destination, until]) =>
      until > now ? [{ destination, secondsLeft: Math.ceil((until - now) / 1000) }] : [])
  }

  clear(): void {
    this.#until.clear()
  }

  has(destination: Destination): boolean {
    if (this.#until.size === 0 || !this.isOn) return false
    const key = keyOf(destination)
    const until = this.#until.get(key)
    if (until === undefined) return false
    if (this.#clock.monotonic() < until) return true
    this.#until.delete(key)
    return false
  }
}

function keyOf({ transport, address, port }: Destination): string {
  return `${transport}:${address}:${port}`
}
