/** Byte streams within a test, on its clock: what one side writes the other reads a turn later, and nothing leaves the process. */
import { StreamProblem, type StreamConnection, type StreamHandlers, type StreamPorts } from '../../src/base/streams.ts'

type Accept = (connection: StreamConnection) => StreamHandlers

class End implements StreamConnection {
  readonly localAddress: string
  readonly localPort = 1
  readonly remoteAddress: string
  readonly remotePort = 2
  other: End | undefined
  handlers: StreamHandlers | undefined
  isOpen = true
  isPaused = false
  /** The other side reads nothing: what is written stays here. */
  isUnread = false
  readonly #waiting: Buffer[] = []
  #queued = 0

  constructor(localAddress: string, remoteAddress: string) {
    this.localAddress = localAddress
    this.remoteAddress = remoteAddress
  }

  get queuedBytes(): number {
    return this.#queued
  }

  write(bytes: Buffer): void {
    if (!this.isOpen) return
    if (this.isUnread) this.#queued += bytes.length
    else setImmediate(() => this.other?.read(bytes))
  }

  read(bytes: Buffer): void {
    if (!this.isOpen) return
    if (this.isPaused) this.#waiting.push(bytes)
    else this.handlers?.onBytes(bytes)
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    setImmediate(() => {
      for (const bytes of this.#waiting.splice(0)) this.read(bytes)
    })
  }

  end(): void {
    // Behind what was written before.
    setImmediate(() => this.destroy())
  }

  destroy(): void {
    if (!this.isOpen) return
    this.isOpen = false
    setImmediate(() => {
      this.handlers?.onClose('')
      this.other?.destroy()
    })
  }
}

export class StreamWorld {
  readonly #listeners = new Map<string, Accept>()
  /** Addresses that nothing comes back from. */
  readonly silent = new Set<string>()
  readonly ends: End[] = []

  /** The ports that a node at that address is handed. */
  portsOf(address: string): StreamPorts {
    return {
      connect: async ({ host, port, localAddress }, handle) => {
        const accept = this.#listeners.get(`${host}:${port}`)
        if (this.silent.has(host)) return new StreamProblem('ETIMEDOUT', 'no answer')
        if (accept === undefined) return new StreamProblem('ECONNREFUSED', 'Connection refused')
        const [near, far] = this.#pair(localAddress || address, host)
        far.handlers = accept(far)
        near.handlers = handle(near)
        return near
      },
      listen: async ({ host, port }, accept) => {
        const place = `${host}:${port}`
        if (this.#listeners.has(place)) return new StreamProblem('EADDRINUSE', 'Address already in use')
        this.#listeners.set(place, accept)
        return { port, close: () => void this.#listeners.delete(place) }
      },
    }
  }

  #pair(from: string, to: string): readonly [End, End] {
    const [near, far] = [new End(from, to), new End(to, from)]
    near.other = far
    far.other = near
    this.ends.push(near, far)
    return [near, far]
  }
}
