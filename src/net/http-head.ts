/** What the headers of an HTTP request say about its body, beyond Content-Length (RFC 9112 §6, RFC 9110 §10.1.1). */
export interface HttpBodyRules {
  readonly isChunked: boolean
  /** The sender waits for a 100 before it sends the body. */
  readonly wantsContinue: boolean
}

const CHUNKED = /\ntransfer-encoding[ \t]*:[ \t]*chunked[ \t]*\r?\n/i
const CONTINUE = /\nexpect[ \t]*:[ \t]*100-continue[ \t]*\r?\n/i

/** `head` is the request line and the headers. */
export function httpBodyRules(head: string): HttpBodyRules {
  return { isChunked: CHUNKED.test(head), wantsContinue: CONTINUE.test(head) }
}
