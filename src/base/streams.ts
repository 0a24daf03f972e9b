/** Byte streams to and from others, as rooms that speak a protocol of their own are handed them. */

export interface StreamConnection {
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
  /** What was written and is not with the system yet. */
  readonly queuedBytes: number
  write(bytes: Buffer): void
  /** Nothing is read until `resume`. */
  pause(): void
  resume(): void
  /** Ends it once what was written is gone. */
  end(): void
  /** Ends it at once. */
  destroy(): void
}

export interface StreamHandlers {
  onBytes(bytes: Buffer): void
  /** Once, however it ended; the reason is empty when the other side closed it in good order. */
  onClose(reason: string): void
}

export interface StreamTls {
  /** `TLSv1.2`; undefined leaves it to both sides. */
  readonly versionMin: TlsVersion | undefined
  readonly versionMax: TlsVersion | undefined
  /** In PEM form; undefined for none. */
  readonly certificate: string | undefined
  readonly key: string | undefined
  /** Who may have signed the other side's certificate, in PEM form; undefined trusts anybody. */
  readonly authorities: string | undefined
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

export interface StreamTarget {
  /** Numeric. */
  readonly host: string
  readonly port: number
  /** Numeric; empty leaves it to the system. */
  readonly localAddress: string
  readonly timeoutMs: number
  readonly tls: StreamTls | undefined
}

export interface StreamPlace {
  /** Numeric; empty for all addresses. */
  readonly host: string
  readonly port: number
  /** More at a time are closed at once. */
  readonly connectionsMax: number
  readonly tls: StreamTls | undefined
}

export interface StreamListener {
  readonly port: number
  close(): void
}

/** The system's words for why something failed, and its code (`ECONNREFUSED`). */
export class StreamProblem {
  readonly code: string
  readonly reason: string

  constructor(code: string, reason: string) {
    this.code = code
    this.reason = reason
  }
}

export interface StreamPorts {
  connect(target: StreamTarget, handle: (connection: StreamConnection) => StreamHandlers): Promise<StreamConnection | StreamProblem>
  listen(place: StreamPlace, accept: (connection: StreamConnection) => StreamHandlers): Promise<StreamListener | StreamProblem>
}
