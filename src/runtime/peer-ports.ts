/** Sockets towards servers that help this one by a protocol of their own (media proxies), as byte strings. */

/** Something that takes messages one by one: a datagram socket, or a WebSocket. */
export interface MessagePeer {
  /** A text says why it could not. */
  send(bytes: string): true | string
  /** False once it is closed, by whomever. */
  isOpen(): boolean
  close(): void
}

export type DatagramPeer = MessagePeer

export interface DatagramHandlers {
  onDatagram(bytes: string): void
  /** The peer's machine said that nobody listens, or the like. */
  onError(reason: string): void
}

export interface PeerAddress {
  readonly host: string
  readonly port: number
  readonly family: 4 | 6
  /** The own address to send from; the system's choice when absent. */
  readonly localAddress?: string
  /** Type of service (traffic class) of what is sent, 0 to 255. */
  readonly tos?: number
}

export interface WebSocketHandlers {
  onMessage(bytes: string): void
  /** It is closed, by whomever, or never stood. */
  onClose(reason: string): void
}

/** What went wrong with a question over a stream, and how far it got. */
export class StreamFailure {
  readonly step: 'connect' | 'send' | 'read'
  readonly reason: string

  constructor(step: StreamFailure['step'], reason: string) {
    this.step = step
    this.reason = reason
  }
}

export interface PeerPorts {
  /** A socket of its own for one peer: what others send there is dropped. A text says why there is none. */
  openDatagram(peer: PeerAddress, handlers: DatagramHandlers): Promise<DatagramPeer | string>
  /** A WebSocket to `ws://` or `wss://`; messages longer than `bytesMax` close it. A text says why there is none. */
  openWebSocket(
    peer: { readonly url: string; readonly protocol: string; readonly timeoutMs: number; readonly bytesMax: number },
    handlers: WebSocketHandlers,
  ): Promise<MessagePeer | string>
  /** Connects to a Unix socket, asks and reads what comes first. */
  askStream(path: string, request: string, timeoutMs: number): Promise<string | StreamFailure>
}
