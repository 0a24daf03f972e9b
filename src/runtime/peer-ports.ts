/** Sockets towards servers that help this one by a protocol of their own (media proxies), as byte strings. */

export interface DatagramPeer {
  /** A text says why it could not. */
  send(bytes: string): true | string
  close(): void
}

export interface DatagramHandlers {
  onDatagram(bytes: string): void
  /** The peer's machine said that nobody listens, or the like. */
  onError(reason: string): void
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
  openDatagram(peer: { readonly host: string; readonly port: number; readonly family: 4 | 6 }, handlers: DatagramHandlers):
    Promise<DatagramPeer | string>
  /** Connects to a Unix socket, asks and reads what comes first. */
  askStream(path: string, request: string, timeoutMs: number): Promise<string | StreamFailure>
}
