/** A scanner of SIP, as they come by: many kinds of requests from many addresses, with names of known tools and attempts to break in. */
import { createSocket, type Socket } from 'node:dgram'
import type { TestContext } from 'node:test'

export interface Probe {
  readonly from: string
  readonly method?: string
  readonly user?: string
  /** Undefined for no User-Agent. */
  readonly agent?: string | undefined
}

export class Scanner {
  /** First lines of answers, by the address that was asked from. */
  readonly answers = new Map<string, string[]>()
  readonly #sockets = new Map<string, Promise<Socket>>()
  readonly #t: TestContext
  #count = 0

  constructor(t: TestContext) {
    this.#t = t
  }

  async send({ from, method = 'OPTIONS', user = '100', agent }: Probe, address: string, port: number): Promise<void> {
    const socket = await this.#socketAt(from)
    const id = `${++this.#count}`
    const lines = [
      `${method} sip:${user}@${address} SIP/2.0`, `Via: SIP/2.0/UDP ${from};branch=z9hG4bK-${id};rport`, `From: "sipvicious"<sip:${user}@1.1.1.1>;tag=${id}`,
      `To: "sipvicious"<sip:${user}@1.1.1.1>`, `Call-ID: ${id}-${process.pid}`, `CSeq: 1 ${method}`, 'Max-Forwards: 70',
      ...(agent === undefined ? [] : [`User-Agent: ${agent}`]), 'Content-Length: 0', '', '',
    ]
    socket.send(Buffer.from(lines.join('\r\n'), 'latin1'), port, address)
  }

  answersAt(from: string): readonly string[] {
    return this.answers.get(from) ?? []
  }

  #socketAt(from: string): Promise<Socket> {
    const known = this.#sockets.get(from)
    if (known !== undefined) return known
    const socket = createSocket('udp4')
    socket.on('message', (bytes) => {
      const [first = ''] = bytes.toString('latin1').split('\r\n', 1)
      this.answers.set(from, [...this.answersAt(from), first])
    })
    this.#t.after(() => socket.close())
    const bound = new Promise<Socket>((resolve) => { socket.bind(0, from, () => resolve(socket)) })
    this.#sockets.set(from, bound)
    return bound
  }
}
