/** What waits to be read by peers, all of them together: each of them has little, and many have much. */

/** Beyond it the connection with the most is given up. */
const TOTAL_BYTES_MAX = 64 << 20

export interface WaitingLink {
  readonly waitingBytes: number
  drop(): void
}

export class WaitingBytes {
  /** As of the last time when each was written to: what was read since is counted only when it matters. */
  readonly #byLink = new Map<WaitingLink, number>()
  #total = 0

  /** So much waits at a connection now. */
  note(link: WaitingLink, bytes: number): void {
    this.#total += bytes - (this.#byLink.get(link) ?? 0)
    this.#byLink.set(link, bytes)
    if (this.#total > TOTAL_BYTES_MAX) this.#relieve()
  }

  forget(link: WaitingLink): void {
    this.#total -= this.#byLink.get(link) ?? 0
    this.#byLink.delete(link)
  }

  #relieve(): void {
    this.#total = 0
    let [most, of]: [number, WaitingLink | undefined] = [0, undefined]
    for (const link of this.#byLink.keys()) {
      const bytes = link.waitingBytes
      this.#byLink.set(link, bytes)
      this.#total += bytes
      if (bytes > most) [most, of] = [bytes, link]
    }
    if (this.#total > TOTAL_BYTES_MAX) of?.drop()
  }
}
