/** Requests that wait for a worker, as many at a time as are configured; who sends more is not read until there is room. */
import type { Link } from './link.ts'

interface Task {
  readonly link: Link
  readonly work: () => void | Promise<void>
}

export interface QueueWatch {
  now(): number
  /** A connection was left unread for so long. */
  onBlocked(milliseconds: number): void
  /** So many wait now. */
  onLength(length: number): void
}

export class WorkQueue {
  readonly #workers: number
  readonly #lengthMax: number
  readonly #watch: QueueWatch
  readonly #waiting: Task[] = []
  readonly #paused = new Map<Link, number>()
  #running = 0

  constructor(workers: number, lengthMax: number, watch: QueueWatch) {
    this.#workers = Math.max(1, workers)
    this.#lengthMax = Math.max(1, lengthMax)
    this.#watch = watch
  }

  get length(): number {
    return this.#waiting.length
  }

  /** Does it at once where a worker is free; work that is done without waiting never queues. */
  add(link: Link, work: () => void | Promise<void>): void {
    if (this.#running < this.#workers) {
      this.#run(work)
      return
    }
    this.#waiting.push({ link, work })
    this.#watch.onLength(this.#waiting.length)
    if (this.#waiting.length < this.#lengthMax || this.#paused.has(link)) return
    this.#paused.set(link, this.#watch.now())
    link.pause()
  }

  /** What waits is not done any more. */
  clear(): void {
    this.#waiting.length = 0
    this.#paused.clear()
  }

  #run(work: () => void | Promise<void>): void {
    const done = work()
    if (done === undefined) return
    this.#running++
    void done.finally(() => {
      this.#running--
      this.#next()
    })
  }

  #next(): void {
    while (this.#running < this.#workers) {
      const task = this.#waiting.shift()
      if (task === undefined) break
      this.#run(task.work)
    }
    if (this.#waiting.length >= this.#lengthMax) return
    for (const [link, since] of this.#paused) {
      this.#paused.delete(link)
      this.#watch.onBlocked(this.#watch.now() - since)
      link.resume()
      if (this.#waiting.length >= this.#lengthMax) return
    }
  }
}
