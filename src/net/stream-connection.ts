/** One connection that carries SIP: TCP, or whatever else gives a Duplex. */
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ListenSocket, ReceivedFrom, TransportName } from '../sip/endpoint.ts'
import { HEADER_BYTES_MAX, readProxyHeader } from './proxy-header.ts'
import { StreamFraming, type FramingLimits } from './stream-framing.ts'

export type CloseReason =
  | 'closed by the peer'
  | 'reset by the peer'
  | 'closed here'
  | 'idle'
  | 'message timeout'
  | 'no first message'
  | 'send timeout'
  | 'connect timeout'
  | 'connect failed'
  | 'write queue full'
  | 'bad framing'
  | 'bad PROXY header'

export type ConnectionState = 'connecting' | 'open' | 'closing' | 'closed'

export interface ConnectionStart {
  readonly id: number
  readonly transport: TransportName
  readonly stream: Duplex
  readonly socket: ListenSocket
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress: string
  readonly localPort: number
  readonly isOutgoing: boolean
  readonly isConnecting: boolean
  /** The PROXY protocol's header comes first (`tcp_accept_haproxy`). */
  readonly hasProxyHeader: boolean
  readonly nowMs: number
}

/** What a connection tells its table. */
export interface ConnectionOwner {
  readonly limits: FramingLimits
  nowMs(): number
  onMessage(connection: StreamConnection, text: string): void
  onPing(connection: StreamConnection): void
  onContinue(connection: StreamConnection): void
  onConnected(connection: StreamConnection): void
  /** The PROXY header named other addresses: the connection is to be found under them. */
  onAddressesChanged(connection: StreamConnection, change: () => void): void
  onClosed(connection: StreamConnection, detail: string): void
}

export class StreamConnection {
  readonly id: number
  readonly transport: TransportName
  readonly stream: Duplex
  readonly isOutgoing: boolean
  readonly openedAtMs: number
  state: ConnectionState
  remoteAddress: string
  remotePort: number
  localAddress: string
  localPort: number
  /** Handed along with each of its messages. */
  received: ReceivedFrom
  lastActivityMs: number
  /** Seconds without a byte after which it is closed; undefined for the usual ones. */
  lifetimeSeconds: number | undefined
  /** Who a balancer that speaks the PROXY protocol is; undefined where the peer itself is connected. */
  balancer: { readonly address: string; readonly port: number } | undefined
  /** When the message that is coming in began; 0 when none is. */
  messageStartedMs = 0
  hasHadMessage = false
  /** Bytes that wait in the stream, as last looked at. */
  queuedBytes = 0
  /** Since when the queue has not become shorter; 0 when it is empty. */
  stuckSinceMs = 0
  closingSinceMs = 0
  /** Takes nothing more for sending. */
  isEnding = false
  closeReason: CloseReason | undefined
  /** Ports of the peer under which requests find this connection too. */
  readonly aliasPorts: number[] = []
  readonly #owner: ConnectionOwner
  readonly #framing: StreamFraming
  #proxyHeader: string | undefined
  #error = ''

  constructor(start: ConnectionStart, owner: ConnectionOwner) {
    this.id = start.id
    this.transport = start.transport
    this.stream = start.stream
    this.isOutgoing = start.isOutgoing
    this.remoteAddress = start.remoteAddress
    this.remotePort = start.remotePort
    this.localAddress = start.localAddress
    this.localPort = start.localPort
    this.openedAtMs = start.nowMs
    this.lastActivityMs = start.nowMs
    this.state = start.isConnecting ? 'connecting' : 'open'
    this.received = {
      socket: start.socket,
      sourceAddress: start.remoteAddress,
      sourcePort: start.remotePort,
      connectionId: start.id,
    }
    this.#owner = owner
    this.#proxyHeader = start.hasProxyHeader ? '' : undefined
    this.#framing = new StreamFraming(owner.limits, {
      onMessage: (text) => {
        this.hasHadMessage = true
        owner.onMessage(this, text)
        return this.state === 'open'
      },
      onPing: () => owner.onPing(this),
      onContinue: () => owner.onContinue(this),
    })
    this.#listen()
  }

  /** Messages may be handed to it. */
  get takesMessages(): boolean {
    return !this.isEnding && (this.state === 'open' || this.state === 'connecting')
  }

  #listen(): void {
    const { stream } = this
    stream.on('data', (bytes: Buffer) => this.#take(bytes))
    stream.on('end', () => this.#beginClosing('closed by the peer'))
    stream.on('error', (error: Error) => {
      this.#error = 'code' in error && typeof error.code === 'string' ? error.code : error.message
      this.closeReason ??= this.state === 'connecting' ? 'connect failed' : 'reset by the peer'
    })
    stream.on('close', () => {
      this.closeReason ??= 'closed by the peer'
      this.state = 'closed'
      this.#owner.onClosed(this, this.#error)
    })
    if (this.state !== 'connecting') return
    stream.once('connect', () => {
      if (this.state !== 'connecting') return
      this.state = 'open'
      this.lastActivityMs = this.#owner.nowMs()
      this.#owner.onConnected(this)
      if (this.isEnding) this.#beginClosing('closed here')
    })
  }

  #take(bytes: Buffer): void {
    if (this.state !== 'open') return
    const nowMs = this.#owner.nowMs()
    this.lastActivityMs = nowMs
    let text = bytes.toString('latin1')
    if (this.#proxyHeader !== undefined) {
      const rest = this.#takeProxyHeader(this.#proxyHeader + text)
      if (rest === undefined) return
      text = rest
    }
    const fault = this.#framing.feed(text)
    if (fault !== undefined) {
      this.destroy('bad framing', fault)
      return
    }
    if (!this.#framing.isMidMessage) this.messageStartedMs = 0
    else if (this.messageStartedMs === 0) this.messageStartedMs = nowMs
  }

  /** What follows the header; undefined when it is not complete, or bad. */
  #takeProxyHeader(text: string): string | undefined {
    const header = readProxyHeader(text)
    if (header === 'incomplete' && text.length < HEADER_BYTES_MAX) {
      this.#proxyHeader = text
      return undefined
    }
    if (header === 'incomplete' || header === 'bad') {
      this.destroy('bad PROXY header', '')
      return undefined
    }
    this.#proxyHeader = undefined
    if (header.source) {
      const { source } = header
      this.balancer = { address: this.remoteAddress, port: this.remotePort }
      this.#owner.onAddressesChanged(this, () => {
        this.remoteAddress = source.address
        this.remotePort = source.port
        this.received = { ...this.received, sourceAddress: source.address, sourcePort: source.port }
      })
    }
    return text.slice(header.length)
  }

  /** Lets the system probe a silent peer after so many seconds, or not at all. False where the stream has no such thing. */
  setKeepAlive(idleSeconds: number | undefined): boolean {
    if (!(this.stream instanceof Socket)) return false
    this.stream.setKeepAlive(idleSeconds !== undefined, (idleSeconds ?? 0) * 1000)
    return true
  }

  #beginClosing(reason: CloseReason): void {
    if (this.state !== 'open') return
    this.state = 'closing'
    this.closeReason ??= reason
    this.closingSinceMs = this.#owner.nowMs()
  }

  /** Sends what waits, then closes. One that is still being made does so once it stands. */
  end(reason: CloseReason): void {
    if (this.isEnding || this.state === 'closing' || this.state === 'closed') return
    this.isEnding = true
    this.#beginClosing(reason)
    this.stream.end()
  }

  /** Closes at once; what waits is lost. */
  destroy(reason: CloseReason, detail: string, withReset = false): void {
    if (this.state === 'closed') return
    this.closeReason ??= reason
    this.#error ||= detail
    this.state = 'closing'
    if (withReset && this.stream instanceof Socket) this.stream.resetAndDestroy()
    else this.stream.destroy()
  }
}
