/** A phone for tests of whole configurations: one UDP socket, messages written out, digest by RFC 2617. */
import { createHash } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'

const ANSWER_MS_MAX = 8000

const md5 = (text: string): string => createHash('md5').update(text, 'latin1').digest('hex')

export interface Account {
  readonly user: string
  readonly domain: string
  readonly password: string
  /** What it says in Contact, in place of where it is: a phone behind a NAT. */
  readonly contact?: string
}

export const statusOf = (message: string): number => Number(/^SIP\/2\.0 (\d{3})/.exec(message)?.[1] ?? 0)

export const headerOf = (message: string, name: string): string =>
  new RegExp(`^${name}\\s*:\\s*(.*)$`, 'im').exec(message)?.[1]?.trim() ?? ''

const headersOf = (message: string, name: string): readonly string[] =>
  [...message.matchAll(new RegExp(`^${name}\\s*:\\s*(.*)$`, 'gim'))].map((match) => (match[1] ?? '').trim())

export class Phone {
  readonly account: Account
  readonly #socket: Socket
  readonly #server: { readonly address: string; readonly port: number }
  readonly #place: { readonly address: string; readonly port: number }
  readonly #waiting: string[] = []
  #wake: () => void = () => undefined
  /** All that came, in order, without 100 replies. */
  readonly seen: string[] = []
  #cseq = 0
  #isClosed = false

  private constructor(account: Account, place: { address: string; port: number }, server: { address: string; port: number }, socket: Socket) {
    this.account = account
    this.#place = place
    this.#server = server
    this.#socket = socket
    socket.on('message', (bytes) => this.#take(bytes.toString('latin1')))
  }

  static open(account: Account, place: { address: string; port: number }, server: { address: string; port: number }): Promise<Phone> {
    return new Promise((resolve, reject) => {
      const socket = createSocket('udp4')
      socket.once('error', reject)
      socket.bind({ ...place, exclusive: true }, () => resolve(new Phone(account, place, server, socket)))
    })
  }

  get contact(): string {
    return this.account.contact ?? `sip:${this.account.user}@${this.#place.address}:${this.#place.port}`
  }

  #take(message: string): void {
    if (statusOf(message) === 100 || message.trim() === '' || this.seen.includes(message)) return
    this.seen.push(message)
    this.#waiting.push(message)
    this.#wake()
  }

  /** The next message that nobody asked for yet. */
  async next(): Promise<string> {
    const endMs = performance.now() + ANSWER_MS_MAX
    while (this.#waiting.length === 0) {
      const leftMs = endMs - performance.now()
      if (this.#isClosed) throw new Error(`${this.account.user} is switched off`)
      if (leftMs <= 0) throw new Error(`${this.account.user} waits for a message; it has seen\n${this.seen.join('\n')}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return this.#waiting.shift() ?? ''
  }

  send(message: string): void {
    this.#socket.send(Buffer.from(message, 'latin1'), this.#server.port, this.#server.address)
  }

  /** Sends a request and answers a challenge to it; gives the last reply. */
  async request(request: { method: string; uri: string; to?: string; callId: string; headers?: readonly string[]; body?: string }): Promise<string> {
    let reply = await this.#try(request, [])
    if (statusOf(reply) === 401 || statusOf(reply) === 407) {
      if (request.method === 'INVITE') this.acknowledge(reply, request.uri)
      reply = await this.#try(request, [this.#credentials(reply, request.method, request.uri)])
    }
    return reply
  }

  async #try(
    { method, uri, to = uri, callId, headers = [], body = '' }: { method: string; uri: string; to?: string; callId: string; headers?: readonly string[]; body?: string },
    more: readonly string[],
  ): Promise<string> {
    this.#cseq++
    const { user, domain } = this.account
    this.send([
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.#place.address}:${this.#place.port};branch=z9hG4bK-${callId}-${this.#cseq}`,
      'Max-Forwards: 70',
      `From: <sip:${user}@${domain}>;tag=from-${user}`,
      `To: <${to}>`,
      `Call-ID: ${callId}`,
      `CSeq: ${this.#cseq} ${method}`,
      `Contact: <${this.contact}>`,
      ...headers, ...more,
      `Content-Length: ${body.length}`, '', body,
    ].join('\r\n'))
    return this.next()
  }

  #credentials(reply: string, method: string, uri: string): string {
    const isProxy = statusOf(reply) === 407
    const challenge = headerOf(reply, isProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate')
    const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
    const [realm, nonce] = [field('realm'), field('nonce')]
    const { user, password } = this.account
    const response = md5(`${md5(`${user}:${realm}:${password}`)}:${nonce}:${md5(`${method}:${uri}`)}`)
    return `${isProxy ? 'Proxy-' : ''}Authorization: Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5`
  }

  /** ACK: to a failure along the way the request went, to a 2xx by the route set of the reply. */
  acknowledge(reply: string, uri: string): void {
    const isFinal = statusOf(reply) >= 300
    const branch = isFinal ? /branch=([^;\s]+)/.exec(headerOf(reply, 'Via'))?.[1] ?? '' : `z9hG4bK-ack-${this.#cseq}`
    const target = isFinal ? uri : /<([^>]*)>/.exec(headerOf(reply, 'Contact'))?.[1] ?? uri
    this.send(this.#inDialog(reply, 'ACK', target, branch, this.#cseq, isFinal ? [] : headersOf(reply, 'Record-Route').toReversed()))
  }

  /** A BYE in the dialog that the reply made; gives its reply. */
  bye(reply: string): Promise<string> {
    const target = /<([^>]*)>/.exec(headerOf(reply, 'Contact'))?.[1] ?? ''
    this.#cseq++
    this.send(this.#inDialog(reply, 'BYE', target, `z9hG4bK-bye-${this.#cseq}`, this.#cseq, headersOf(reply, 'Record-Route').toReversed()))
    return this.next()
  }

  #inDialog(reply: string, method: string, target: string, branch: string, cseq: number, routes: readonly string[]): string {
    return [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.#place.address}:${this.#place.port};branch=${branch}`,
      'Max-Forwards: 70',
      ...routes.map((route) => `Route: ${route}`),
      `From: ${headerOf(reply, 'From')}`,
      `To: ${headerOf(reply, 'To')}`,
      `Call-ID: ${headerOf(reply, 'Call-ID')}`,
      `CSeq: ${cseq} ${method}`,
      'Content-Length: 0', '', '',
    ].join('\r\n')
  }

  /** Answers a request; the first answer within a dialog sets its tag. */
  answer(request: string, status: string, body = '', headers: readonly string[] = []): void {
    const to = headerOf(request, 'To')
    this.send([
      `SIP/2.0 ${status}`,
      ...headersOf(request, 'Via').map((via) => `Via: ${via}`),
      ...headersOf(request, 'Record-Route').map((route) => `Record-Route: ${route}`),
      `From: ${headerOf(request, 'From')}`,
      `To: ${to.includes('tag=') ? to : `${to};tag=to-${this.account.user}`}`,
      `Call-ID: ${headerOf(request, 'Call-ID')}`,
      `CSeq: ${headerOf(request, 'CSeq')}`,
      `Contact: <${this.contact}>`,
      ...headers,
      `Content-Length: ${body.length}`, '', body,
    ].join('\r\n'))
  }

  close(): void {
    this.#isClosed = true
    this.#wake()
    this.#socket.close()
  }
}
