/** A body in chunks (RFC 9112 §7.1), put together as it comes. Extensions of chunks are passed over; trailers are refused. */

/** Digits of a chunk's size, and characters of its line, at most: enough for any body that fits. */
const SIZE_DIGITS_MAX = 7
const LINE_MAX = 256

export type ChunkFault = 'bad chunk' | 'message too large'

export class ChunkedBody {
  readonly #bytesMax: number
  readonly #pieces: string[] = []
  #length = 0
  /** What came of a size line, or of the line end behind a chunk. */
  #line = ''
  /** How much of the chunk is still to come; 0 while a line is read. */
  #missing = 0
  #state: 'size' | 'data' | 'behind data' | 'end' = 'size'

  /** `bytesMax` is more than the body may have. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get body(): string {
    return this.#pieces.join('')
  }

  /** Takes what came: where the body ends in it, or that there is more to come, or what is wrong. */
  feed(text: string): number | 'incomplete' | ChunkFault {
    let at = 0
    while (at < text.length) {
      if (this.#state === 'data') {
        const piece = text.slice(at, at + this.#missing)
        this.#pieces.push(piece)
        this.#missing -= piece.length
        at += piece.length
        if (this.#missing === 0) this.#state = 'behind data'
        continue
      }
      const lineFeed = text.indexOf('\n', at)
      const end = lineFeed < 0 ? text.length : lineFeed
      this.#line += text.slice(at, end)
      if (this.#line.length > LINE_MAX) return 'bad chunk'
      if (lineFeed < 0) return 'incomplete'
      at = lineFeed + 1
      const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line
      this.#line = ''
      if (this.#state === 'end') return line === '' ? at : 'bad chunk'
      const fault = this.#state === 'size' ? this.#beginChunk(line) : this.#endChunk(line)
      if (fault !== undefined) return fault
    }
    return 'incomplete'
  }

  #beginChunk(line: string): ChunkFault | undefined {
    const digits = /^([0-9a-f]+)[ \t]*(?:;.*)?$/i.exec(line)?.[1]
    if (digits === undefined) return 'bad chunk'
    const size = digits.length > SIZE_DIGITS_MAX ? Infinity : parseInt(digits, 16)
    this.#length += size
    if (this.#length >= this.#bytesMax) return 'message too large'
    this.#missing = size
    this.#state = size === 0 ? 'end' : 'data'
    return undefined
  }

  #endChunk(line: string): ChunkFault | undefined {
    this.#state = 'size'
    return line === '' ? undefined : 'bad chunk'
  }
}
