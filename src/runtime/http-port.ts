/** Asking HTTP servers: one request, one answer. What is above that (redirections, passwords) is with those who ask. */

export interface HttpTls {
  readonly verifiesPeer: boolean
  readonly verifiesHost: boolean
  /** Files in PEM, of authorities a folder as well; empty for none (the system's authorities). */
  readonly authorities: string
  readonly certificate: string
  readonly key: string
  /** OpenSSL's list; empty for the usual ones. */
  readonly ciphers: string
  /** `TLSv1.2` and the like; undefined for the usual range. */
  readonly version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined
}

export interface HttpCall {
  readonly method: string
  readonly isTls: boolean
  /** Without brackets. */
  readonly host: string
  readonly port: number
  /** As the request line has it. */
  readonly path: string
  /** In the order in which they are sent; all that there are. Byte strings, as the body. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  readonly timeoutMs: number
  /** More of an answer is not read: the call fails. */
  readonly answerBytesMax: number
  readonly tls: HttpTls
  readonly proxy: { readonly host: string; readonly port: number } | undefined
  /** Numeric address or interface to send from; empty for any. */
  readonly localAddress: string
  /** Connections are used again within one pool; undefined closes them behind the answer. */
  readonly pool: string | undefined
  /** TCP keep-alive, in milliseconds of idleness before; undefined for none. */
  readonly tcpKeepAliveMs?: number | undefined
}

export interface HttpAnswer {
  readonly version: string
  readonly status: number
  readonly reason: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  readonly times: HttpTimes
}

/** Microseconds from the start of a question. */
export interface HttpTimes {
  readonly lookup: number
  readonly connect: number
  readonly tls: number
  readonly sent: number
  readonly firstByte: number
  readonly total: number
}

/** Why there is no answer. */
export class HttpFailure {
  readonly kind:
    | 'resolve' | 'connect' | 'timeout' | 'tls' | 'certificate' | 'own-certificate' | 'authorities' | 'empty' | 'broken' | 'partial'
    | 'no-http' | 'too-long' | 'malformed' | 'busy'
  readonly reason: string

  constructor(kind: HttpFailure['kind'], reason: string) {
    this.kind = kind
    this.reason = reason
  }
}

export interface HttpPort {
  /** Never rejects. */
  ask(call: HttpCall): Promise<HttpAnswer | HttpFailure>
  /** Closes connections that are kept. */
  close(): void
}
