/**
 * Cuts SIP messages out of a byte stream (RFC 3261 §18.3), with Kamailio's tolerance: blanks and line ends before a
 * message are skipped, lines may end in a bare LF, CRLF CRLF between messages is a keep-alive (RFC 5626 §3.5.1).
 * HTTP requests are cut out in the same way, and may have a body in chunks.
 */
import { ChunkedBody } from './chunked-body.ts'
import { httpBodyRules } from './http-head.ts'

export interface FramingLimits {
  /** Bytes a message may have is one less, as in Kamailio (`tcp_rd_buf_size`). */
  readonly messageBytes: number
  /** Take messages without Content-Length as having no body (`tcp_accept_no_cl`). */
  readonly acceptNoContentLength: boolean
}

export interface FramingHandlers {
  /** A whole message. The answer false means: close, take no more. */
  onMessage(text: string): boolean
  /** A keep-alive that wants one CRLF. */
  onPing(): void
  /** An HTTP request whose sender waits for leave to send the body (`Expect: 100-continue`). */
  onContinue(): void
}

export type FramingFault =
  | 'no Content-Length'
  | 'bad Content-Length'
  | 'two different Content-Lengths'
  | 'message too large'
  | 'bad chunk'

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09
const COLON = 0x3a
const NAME = 'content-length'
/** The four bytes of a keep-alive. */
const PING = [CR, LF, CR, LF] as const

/** What a look at the start of the pending text found: still without end of headers. */
const INCOMPLETE = -1

export class StreamFraming {
  readonly #limits: FramingLimits
  readonly #handlers: FramingHandlers
  /**
   * The start of a message whose rest has not come, in pieces: joined once when its headers are complete and once when
   * it is, so that a peer that writes single bytes does not cost more than their number.
   */
  #pieces: string[] = []
  #pendingLength = 0
  /** The last characters of the pending text: an end of headers may stand across pieces. */
  #tail = ''
  /** Length of the pending message once its headers are known; 0 before. */
  #wantedLength = 0
  /** The headers of an HTTP request whose body comes in chunks, and the chunks. */
  #chunkedHead = ''
  #chunks: ChunkedBody | undefined
  /** The message that is coming in has been given leave to send its body. */
  #hasContinued = false
  /** How much of CR LF CR LF has just been seen. */
  #pingState = 0
  #fault: FramingFault | undefined
  #isStopped = false

  constructor(limits: FramingLimits, handlers: FramingHandlers) {
    this.#limits = limits
    this.#handlers = handlers
  }

  /** True while a message has begun and not ended. */
  get isMidMessage(): boolean {
    return this.#pendingLength > 0 || this.#chunks !== undefined
  }

  /** Takes what came (one character a byte). A fault is final: the place where the next message starts is lost. */
  feed(chunk: string): FramingFault | undefined {
    if (this.#fault !== undefined || this.#isStopped) return this.#fault
    if (this.#chunks !== undefined) this.#takeChunks(this.#chunks, chunk)
    else if (this.#pendingLength === 0) this.#take(chunk)
    else this.#append(chunk)
    return this.#fault
  }

  #append(chunk: string): void {
    const probe = this.#tail + chunk
    this.#pieces.push(chunk)
    this.#pendingLength += chunk.length
    const isReady = this.#wantedLength > 0
      ? this.#pendingLength >= this.#wantedLength
      : probe.includes('\n\r\n') || probe.includes('\n\n')
    if (!isReady) {
      this.#tail = probe.slice(-2)
      if (this.#pendingLength >= this.#limits.messageBytes) this.#fault = 'message too large'
      return
    }
    const text = this.#pieces.join('')
    this.#forget()
    this.#take(text)
  }

  #forget(): void {
    this.#pieces = []
    this.#pendingLength = 0
    this.#wantedLength = 0
    this.#tail = ''
  }

  #keep(rest: string, wantedLength: number): void {
    if (rest.length >= this.#limits.messageBytes) {
      this.#fault = 'message too large'
      return
    }
    this.#pieces.push(rest)
    this.#pendingLength = rest.length
    this.#wantedLength = wantedLength
    this.#tail = rest.slice(-2)
  }

  /** Takes messages from a text that starts between messages. */
  #take(text: string): void {
    let position = 0
    while (position < text.length) {
      position = this.#skipToMessage(text, position)
      if (position === text.length) return
      const bodyStart = this.#scanHeaders(text, position)
      if (this.#fault !== undefined) return
      if (bodyStart === INCOMPLETE) {
        this.#keep(position === 0 ? text : text.slice(position), 0)
        return
      }
      if (this.#isHttp(text, position) && this.#beginHttpBody(text, position, bodyStart)) return
      const end = bodyStart + this.#contentLength
      if (end - position >= this.#limits.messageBytes) {
        this.#fault = 'message too large'
        return
      }
      if (end > text.length) {
        this.#keep(position === 0 ? text : text.slice(position), end - position)
        return
      }
      if (!this.#handOn(text.slice(position, end))) return
      position = end
    }
  }

  /** False when no more is to be taken. */
  #handOn(message: string): boolean {
    this.#pingState = 0
    this.#hasContinued = false
    if (!this.#handlers.onMessage(message)) this.#isStopped = true
    return !this.#isStopped
  }

  /** Whether the first line of the message at `start` names HTTP. */
  #isHttp(text: string, start: number): boolean {
    return text.slice(start, text.indexOf('\n', start)).includes(' HTTP/')
  }

  /** True when the body comes in chunks: then they are being taken. */
  #beginHttpBody(text: string, start: number, bodyStart: number): boolean {
    const head = text.slice(start, bodyStart)
    const rules = httpBodyRules(head)
    if (rules.wantsContinue && !this.#hasContinued) {
      this.#hasContinued = true
      this.#handlers.onContinue()
    }
    if (!rules.isChunked || this.#hasLength) return false
    this.#chunkedHead = head
    this.#chunks = new ChunkedBody(this.#limits.messageBytes - head.length)
    this.#takeChunks(this.#chunks, text.slice(bodyStart))
    return true
  }

  #takeChunks(chunks: ChunkedBody, text: string): void {
    const end = chunks.feed(text)
    if (end === 'incomplete') return
    if (typeof end === 'string') {
      this.#fault = end
      return
    }
    const message = this.#chunkedHead + chunks.body
    this.#chunks = undefined
    this.#chunkedHead = ''
    if (this.#handOn(message)) this.#take(text.slice(end))
  }

  #skipToMessage(text: string, start: number): number {
    let position = start
    for (; position < text.length; position++) {
      const code = text.charCodeAt(position)
      if (code !== CR && code !== LF && code !== SPACE && code !== TAB) return position
      if (code === PING[this.#pingState]) {
        this.#pingState++
        if (this.#pingState === PING.length) {
          this.#pingState = 0
          this.#handlers.onPing()
        }
      } else {
        this.#pingState = code === CR ? 1 : 0
      }
    }
    return position
  }

  #contentLength = 0
  #hasLength = false

  /** Where the body of the message at `start` begins, or INCOMPLETE. Sets #contentLength, or #fault. */
  #scanHeaders(text: string, start: number): number {
    let found = -1
    let line = text.indexOf('\n', start) + 1
    while (line > 0) {
      const code = text.charCodeAt(line)
      if (code === LF || (code === CR && text.charCodeAt(line + 1) === LF)) {
        if (found < 0 && !this.#limits.acceptNoContentLength) this.#fault = 'no Content-Length'
        this.#contentLength = found < 0 ? 0 : found
        this.#hasLength = found >= 0
        return code === LF ? line + 1 : line + 2
      }
      const next = text.indexOf('\n', line)
      // 0x20 makes an ASCII letter small.
      const letter = code | 0x20
      if (next > 0 && (letter === 0x63 || letter === 0x6c)) {
        const value = contentLength(text, line, next)
        if (value === BAD || value > this.#limits.messageBytes) {
          this.#fault = value === BAD ? 'bad Content-Length' : 'message too large'
          return INCOMPLETE
        }
        if (value !== OTHER_HEADER) {
          if (found >= 0 && found !== value) this.#fault = 'two different Content-Lengths'
          if (this.#fault !== undefined) return INCOMPLETE
          found = value
        }
      }
      line = next + 1
    }
    return INCOMPLETE
  }
}

const OTHER_HEADER = -1
const BAD = -2

/** The value of a Content-Length line from `start` to the LF at `end`; OTHER_HEADER, or BAD. */
function contentLength(text: string, start: number, end: number): number {
  let position = start
  const second = text.charCodeAt(start + 1)
  if ((text.charCodeAt(start) | 0x20) === 0x6c && (second === COLON || second === SPACE || second === TAB)) {
    position = start + 1
  } else {
    for (let index = 0; index < NAME.length; index++) {
      const code = text.charCodeAt(start + index)
      if (code !== NAME.charCodeAt(index) && (code | 0x20) !== NAME.charCodeAt(index)) return OTHER_HEADER
    }
    position = start + NAME.length
  }
  position = skipBlanks(text, position)
  if (text.charCodeAt(position) !== COLON) return OTHER_HEADER
  position = skipBlanks(text, position + 1)
  let value = 0
  const digits = position
  for (; position < end; position++) {
    const digit = text.charCodeAt(position) - 0x30
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
    // Far above any limit: enough to be refused as too large, whatever follows.
    if (value > 0x7fffffff) return 0x7fffffff
  }
  if (position === digits) return BAD
  position = skipBlanks(text, position)
  if (position < end && text.charCodeAt(position) === CR) position++
  return position === end ? value : BAD
}

function skipBlanks(text: string, start: number): number {
  let position = start
  for (;;) {
    const code = text.charCodeAt(position)
    if (code !== SPACE && code !== TAB) return position
    position++
  }
}
