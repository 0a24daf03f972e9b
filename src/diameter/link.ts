/** One connection to a peer, or to somebody who has not said yet who it is. */
import { AvpProblem } from './avp.ts'
import type { StreamConnection, StreamHandlers } from '../base/streams.ts'
import type { DiameterLog } from './config.ts'
import { FramingError, MessageFramer } from './framing.ts'
import { decodeMessage, type DiameterMessage } from './message.ts'

/** What may wait for a peer that does not read. Beyond it the connection is given up: others must not pay for it. */
const QUEUED_BYTES_MAX = 4 << 20

export interface LinkOwner {
  /** The peer's name, as far as it is known. */
  readonly fqdn: string
  onMessage(message: DiameterMessage, link: Link): void
  onClosed(link: Link): void
}

export class Link implements StreamHandlers {
  readonly connection: StreamConnection
  owner: LinkOwner
  readonly #log: DiameterLog
  readonly #framer = new MessageFramer()
  #isPaused = false
  #isClosed = false

  constructor(connection: StreamConnection, owner: LinkOwner, log: DiameterLog) {
    this.connection = connection
    this.owner = owner
    this.#log = log
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** False when it is closed, or is closed now because the peer reads nothing. */
  send(bytes: Buffer): boolean {
    if (this.#isClosed) return false
    if (this.connection.queuedBytes + bytes.length > QUEUED_BYTES_MAX) {
      this.#log.error(`[${this.owner.fqdn}] ${this.connection.queuedBytes} bytes wait to be read by the peer... dropping`)
      this.drop()
      return false
    }
    this.connection.write(bytes)
    return true
  }

  onBytes(bytes: Buffer): void {
    if (this.#isClosed) return
    this.#framer.push(bytes)
    this.#drain()
  }

  onClose(reason: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
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
    this.#isClosed = true
    this.connection.end()
  }

  /** Closes it at once, and tells the owner. */
  drop(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.connection.destroy()
    this.owner.onClosed(this)
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
      if (message instanceof AvpProblem) this.#report(message)
      else this.owner.onMessage(message, this)
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
  }
}
