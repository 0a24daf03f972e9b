/** A ping as a request, with the contact's own name in its From tag: the reply tells whose it is. */
import { withBrackets } from '../../base/address.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { Host } from '../../runtime/host.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'

export interface PingTemplate {
  readonly method: string
  readonly from: string
}

/** What is common to all pings of a server; the counters differ for each. */
export class PingRequests {
  readonly template: PingTemplate
  readonly #host: Host
  readonly #callId: string
  #tag: number
  #count: number

  constructor(host: Host, template: PingTemplate) {
    this.#host = host
    this.template = template
    this.#callId = host.random.hex(4)
    this.#tag = host.random.integer(2 ** 32)
    this.#count = host.random.integer(2 ** 32)
  }

  text(uri: string, path: string, ruid: string, hash: number, socket: ListenSocket): string {
    const { method, from } = this.template
    const advertised = socket.advertise
    const via = `${withBrackets(advertised?.host ?? socket.address)}:${advertised?.port || socket.port}`
    const uptime = Math.floor(this.#host.clock.monotonic() / 1000)
    const callId = `${this.#callId}-${reversedHex(this.#count++)}-${reversedHex(uptime)}@${socket.address}`
    return (
      `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP ${via};branch=z9hG4bK${1_000_000 + this.#host.random.integer(9_000_000)}\r\n` +
      `${path === '' ? '' : `Route: ${path}\r\n`}From: ${from};tag=${ruid}-${reversedHex(hash)}-${reversedHex(this.#tag++)}\r\n` +
      `To: ${uri}\r\nCall-ID: ${callId}\r\nCSeq: 1 ${method}\r\nContent-Length: 0\r\n\r\n`
    )
  }

  /** Whose ping a reply answers; undefined when it is none. */
  contactOf(reply: SipMessage): { readonly ruid: string; readonly hash: number } | undefined {
    const { method, from } = this.template
    if (reply.cseq()?.method !== method || reply.secondVia() !== undefined) return undefined
    const sender = reply.from()
    if (sender === undefined || sender instanceof ParseError || sender.uri !== from) return undefined
    const match = /^(.+)-([0-9a-fA-F]{1,8})-[^-]*$/.exec(sender.tag ?? '')
    return match === null ? undefined : { ruid: match[1] ?? '', hash: Number.parseInt([...(match[2] ?? '')].reverse().join(''), 16) }
  }
}

/** The lowest digit first, as Kamailio writes it. */
export function reversedHex(value: number): string {
  return [...(value >>> 0).toString(16)].reverse().join('')
}
