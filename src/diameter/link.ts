/** One connection to a peer, or to somebody who has not said yet who it is. */
import { AvpProblem } from './avp.ts'
import type { StreamConnection, StreamHandlers } from '../base/streams.ts'
import type { DiameterLog } from './config.ts'
import { FramingError, MessageFramer } from './framing.ts'
import { decodeMessage, type DiameterMessage } from './message.ts'
import type { WaitingBytes, WaitingLink } from './waiting-bytes.ts'

/** What may wait for a peer that does not read. Beyond it the connection is given up: others must not pay for it. */
const QUEUED_BYTES_MAX = 4 << 20
/** What may still come on a connection that we have closed in good order. */
const FAREWELL_BYTES_MAX = 64 << 10
/** Messages in a row that cannot be read; whoever sends more of them is not worth the log's lines. */
const UNREADABLE_MAX = 100

export interface LinkOwner {
  /** The peer's name, as far as it is known. */
  readonly fqdn: string
  onMessage(message: DiameterMessage, link: Link): void
  onClosed(link: Link): void
}

export class Link implements StreamHandlers, WaitingLink {
  readonly connection: StreamConnection
  owner: LinkOwner
  readonly #log: DiameterLog
  readonly #waiting: WaitingBytes
  readonly #framer = new MessageFramer()
  #unreadable = 0
  #ignoredBytes = 0
  #isPaused = false
  #isClosed = false

  constructor(connection: StreamConnection, owner: LinkOwner, log: DiameterLog, waiting: WaitingBytes) {
    this.connection = connection
    this.owner = owner
    this.#log = log
    this.#waiting = waiting
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get waitingBytes(): number {
    return this.connection.queuedBytes
  }

  /** False when it is closed, or is closed now because the peer reads nothing. */
  send(bytes: Buffer): boolean {
    if (this.#isClosed) return false
    if (this.connection.queuedBytes + bytes.length > QUEUED_BYTES_MAX) {
      this.drop()
      return false
    }
    this.connection.write(bytes)
    this.#waiting.note(this, this.connection.queuedBytes)
    return !this.#isClosed
  }

  onBytes(bytes: Buffer): void {
    if (this.#isClosed) {
      this.#ignoredBytes += bytes.length
      if (this.#ignoredBytes > FAREWELL_BYTES_MAX) this.connection.destroy()
      return
    }
    this.#framer.push(bytes)
    this.#drain()
  }

  onClose(reason: string): void {
    if (this.#isClosed) return
    this.#end()
    this.#log.info(`[${this.owner.fqdn}] the connection is closed ${reason === '' ? 'by the peer' : `> ${reason}`}`)
    this.owner.onClosed(this)
  }

  /** Leaves what comes with the system, and so with the peer, until `resume`. */
  pause(): void {
    if (this.#isPaused || this.#isClosed) return
    this.#isPaused = true
    this.connection.pause()
  }

  resume(): void {
    if (!this.#isPaused || this.#isClosed) return
    this.#isPaused = false
    this.connection.resume()
    this.#drain()
  }

  /** Closes it in good order; the owner is not told. */
  close(): void {
    if (this.#isClosed) return
    this.#end()
    this.connection.end()
  }

  /** Closes it at once, and tells the owner. */
  drop(): void {
    if (this.#isClosed) return
    const { queuedBytes } = this.connection
    if (queuedBytes > 0) this.#log.error(`[${this.owner.fqdn}] ${queuedBytes} bytes wait to be read by the peer... dropping`)
    this.#end()
    this.connection.destroy()
    this.owner.onClosed(this)
  }

  #end(): void {
    this.#isClosed = true
    this.#waiting.forget(this)
  }

  #drain(): void {
    while (!this.#isPaused && !this.#isClosed) {
      const bytes = this.#framer.next()
      if (bytes === undefined) {
        this.#framer.compact()
        return
      }
      if (bytes instanceof FramingError) {
        this.#refuse(bytes)
        return
      }
      const message = decodeMessage(bytes)
      if (message instanceof AvpProblem) {
        this.#report(message)
        continue
      }
      this.#unreadable = 0
      this.owner.onMessage(message, this)
    }
  }

  #refuse({ reason, value }: FramingError): void {
    const text = {
      version: `Received Unknown version [${value}]`,
      short: `Msg too short [${value}] bytes`,
      long: `Msg too big [${value}] bytes`,
    }[reason]
    this.#log.error(`do_receive(): [${this.owner.fqdn}] ${text}`)
    this.drop()
  }

  /** The message is dropped, and the next one is read. */
  #report({ reason, length }: AvpProblem): void {
    this.#log.error({
      header: 'AAATranslateMessage: source buffer to short!! Cannot read the whole AVP header!',
      data: 'AAATranslateMessage: source buffer to short!! Cannot read a whole data for AVP!',
      length: `AAATranslateMessage: invalid AVP len [${length}]`,
      count: 'AAATranslateMessage: too many AVPs in a message',
    }[reason])
    this.#log.error('AAATranslateMessage: message conversion dropped!!')
    if (++this.#unreadable === UNREADABLE_MAX) this.drop()
  }
}
