/**
 * Byte strings outside V8's heap, first in, first out: what only has to be there in case somebody asks costs the garbage
 * collector nothing. Places are numbers; memory is taken and given back in chunks.
 */

const CHUNK_BYTES = 1 << 20
/** Empty chunks kept for later. */
const SPARE_CHUNKS_MAX = 8

interface Chunk {
  readonly bytes: Buffer
  used: number
  /** Texts in it that are still wanted. */
  live: number
}

export class TextArena {
  /** By number; a chunk that was given back leaves a hole, which the next one fills. */
  readonly #chunks: (Chunk | undefined)[] = []
  readonly #spare: Chunk[] = []
  #current = -1

  /** Bytes that the chunks take, wanted or not. */
  get reservedBytes(): number {
    let bytes = this.#spare.length * CHUNK_BYTES
    for (const chunk of this.#chunks) bytes += chunk?.bytes.length ?? 0
    return bytes
  }

  /** Keeps a byte string; the answer is the place of its first byte, good for `read` and `release`. */
  add(text: string): number {
    const { length } = text
    let chunk = this.#chunks[this.#current]
    // Even an empty text begins within its chunk.
    if (chunk === undefined || chunk.used + Math.max(length, 1) > chunk.bytes.length) chunk = this.#begin(length)
    const start = chunk.used
    chunk.bytes.write(text, start, 'latin1')
    chunk.used = start + length
    chunk.live++
    return this.#current * CHUNK_BYTES + start
  }

  read(place: number, length: number): string {
    const start = place % CHUNK_BYTES
    return this.#chunks[Math.floor(place / CHUNK_BYTES)]?.bytes.toString('latin1', start, start + length) ?? ''
  }

  release(place: number): void {
    const number = Math.floor(place / CHUNK_BYTES)
    const chunk = this.#chunks[number]
    if (chunk === undefined || --chunk.live > 0) return
    if (number === this.#current) {
      chunk.used = 0
      return
    }
    this.#chunks[number] = undefined
    if (chunk.bytes.length > CHUNK_BYTES || this.#spare.length >= SPARE_CHUNKS_MAX) return
    chunk.used = 0
    this.#spare.push(chunk)
  }

  /** A text longer than a chunk gets one of its own size. */
  #begin(length: number): Chunk {
    const old = this.#chunks[this.#current]
    if (old !== undefined && old.live === 0 && length <= CHUNK_BYTES) {
      old.used = 0
      return old
    }
    const chunk = (length <= CHUNK_BYTES ? this.#spare.pop() : undefined)
      ?? { bytes: Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, length)), used: 0, live: 0 }
    const hole = this.#chunks.indexOf(undefined)
    this.#current = hole < 0 ? this.#chunks.length : hole
    this.#chunks[this.#current] = chunk
    return chunk
  }
}
