/** What waits to be sent to a node: so many at once, so many behind them, and no more. */

/** Requests without an answer yet, for one node, and bytes of their bodies: less than a socket's usual receive buffer. */
const UNDERWAY_MAX = 64
const UNDERWAY_BYTES_MAX = 192 << 10
/** Requests, and bytes of their bodies, that wait behind those. */
const WAITING_MAX = 2000
const WAITING_BYTES_MAX = 4 << 20

export interface Letter {
  readonly body: string
  /** Sends it; `done` comes with the answer, or the lack of one. */
  send(done: () => void): void
  /** It will not be sent. */
  drop(): void
}

export class Outbox {
  #underway = 0
  #underwayBytes = 0
  #waitingBytes = 0
  #isClosed = false
  #waiting: Letter[] = []
  #next = 0

  get waiting(): number {
    return this.#waiting.length - this.#next
  }

  get underway(): number {
    return this.#underway
  }

  /** False when there is no room: the letter is dropped. */
  put(letter: Letter): boolean {
    if (this.#isClosed || this.waiting >= WAITING_MAX || this.#waitingBytes + letter.body.length > WAITING_BYTES_MAX) {
      letter.drop()
      return false
    }
    this.#waiting.push(letter)
    this.#waitingBytes += letter.body.length
    this.#send()
    return true
  }

  /** Drops what waits: the node is away, and is told anew when it is back. */
  clear(): number {
    const dropped = this.#waiting.slice(this.#next)
    this.#waiting = []
    this.#next = 0
    this.#waitingBytes = 0
    for (const letter of dropped) letter.drop()
    return dropped.length
  }

  close(): void {
    this.#isClosed = true
    this.clear()
  }

  #send(): void {
    while (this.#underway < UNDERWAY_MAX) {
      const letter = this.#waiting[this.#next]
      if (letter === undefined) break
      const bytes = letter.body.length
      // One alone may be as large as it is.
      if (this.#underway > 0 && this.#underwayBytes + bytes > UNDERWAY_BYTES_MAX) break
      this.#next++
      this.#waitingBytes -= bytes
      this.#underway++
      this.#underwayBytes += bytes
      let isDone = false
      letter.send(() => {
        if (isDone) return
        isDone = true
        this.#underway--
        this.#underwayBytes -= bytes
        this.#send()
      })
    }
    if (this.#next > 0 && this.#next * 2 >= this.#waiting.length) {
      this.#waiting.splice(0, this.#next)
      this.#next = 0
    }
  }
}
