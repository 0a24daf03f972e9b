/** Cuts messages out of a stream. What it keeps is bounded by the longest message, whatever comes. */
import { HEADER_BYTES, MESSAGE_BYTES_MAX } from './message.ts'

/** Bytes after which nothing can be told any more: the connection must go. */
export class FramingError {
  readonly reason: 'version' | 'short' | 'long'
  /** The version or the length that was there. */
  readonly value: number

  constructor(reason: FramingError['reason'], value: number) {
    this.reason = reason
    this.value = value
  }
}

const STORE_BYTES_MIN = 512

export class MessageFramer {
  /** What came and is not taken yet lies from `start` to `end`. */
  #bytes: Buffer | undefined
  #start = 0
  #end = 0
  /** The bytes are a store of our own, with room behind the end; else a piece of the stream as it came. */
  #isOwn = false

  /** Bytes of messages that were not taken. */
  get pendingBytes(): number {
    return this.#end - this.#start
  }

  push(bytes: Buffer): void {
    if (this.#bytes === undefined) {
      this.#bytes = bytes
      this.#start = 0
      this.#end = bytes.length
      this.#isOwn = false
      return
    }
    const store = this.#storeFor(bytes.length)
    bytes.copy(store, this.#end)
    this.#end += bytes.length
  }

  /** The next whole message, a view into the bytes that came; undefined when more must come first. */
  next(): Buffer | FramingError | undefined {
    const [bytes, start, pending] = [this.#bytes, this.#start, this.#end - this.#start]
    if (bytes === undefined || pending === 0) return undefined
    const version = bytes[start] ?? 0
    if (version !== 1) return new FramingError('version', version)
    if (pending < 4) return undefined
    const length = bytes.readUIntBE(start + 1, 3)
    if (length < HEADER_BYTES) return new FramingError('short', length)
    if (length > MESSAGE_BYTES_MAX) return new FramingError('long', length)
    if (pending < length) return undefined
    this.#start += length
    if (this.#start === this.#end) this.#bytes = undefined
    return bytes.subarray(start, start + length)
  }

  /** Lets go of what was taken: a short rest must not keep a large piece of the stream alive. */
  compact(): void {
    if (this.#bytes !== undefined && !this.#isOwn) this.#storeFor(0)
  }

  /** A store of our own with room for so many bytes more; it doubles, so that drops of a message do not cost a copy each. */
  #storeFor(more: number): Buffer {
    const bytes = this.#bytes ?? Buffer.alloc(0)
    if (this.#isOwn && this.#end + more <= bytes.length) return bytes
    const pending = this.#end - this.#start
    const store = Buffer.allocUnsafeSlow(Math.max(STORE_BYTES_MIN, (pending + more) * 2))
    bytes.copy(store, 0, this.#start, this.#end)
    this.#bytes = store
    this.#start = 0
    this.#end = pending
    this.#isOwn = true
    return store
  }
}
