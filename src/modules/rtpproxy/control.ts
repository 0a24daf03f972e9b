/** The control protocol: one line to a proxy, one line back. Over UDP each has a cookie, and is sent again until it is answered. */
import type { Host } from '../../runtime/host.ts'
import { StreamFailure, type DatagramPeer } from '../../runtime/peer-ports.ts'
import type { ProxyNode } from './node.ts'

/** Commands that wait at once; more are refused. */
const WAITING_MAX = 4096
const DEFAULT_PORT = 22222
const FAILURES = {
  connect: "can't connect to RTP proxy", send: "can't send command to a RTP proxy", read: "can't read reply from a RTP proxy",
} as const

export interface ControlSettings {
  readonly timeoutMs: number
  readonly attempts: number
}

interface Waiting {
  readonly node: ProxyNode
  end(answer: string | undefined, reason: string): void
}

export class Control {
  readonly #host: Host
  readonly #settings: ControlSettings
  readonly #peers = new Map<ProxyNode, DatagramPeer>()
  readonly #waiting = new Map<string, Waiting>()
  #sequence = 0

  constructor(host: Host, settings: ControlSettings) {
    this.#host = host
    this.#settings = settings
  }

  /** Opens the socket towards a node; a text says why there is none. */
  async open(node: ProxyNode): Promise<string | undefined> {
    if (node.kind === 'unix') return undefined
    const colon = node.address.lastIndexOf(':')
    const host = colon < 0 ? node.address : node.address.slice(0, colon)
    const port = (colon < 0 ? 0 : Number(node.address.slice(colon + 1))) || DEFAULT_PORT
    const peer = await this.#host.peers.openDatagram({ host: host.replace(/^\[|\]$/g, ''), port, family: node.kind === 'udp' ? 4 : 6 }, {
      onDatagram: (bytes) => this.#take(bytes),
      onError: (reason) => this.#fail(node, reason),
    })
    if (typeof peer === 'string') return peer
    this.#peers.set(node, peer)
    return undefined
  }

  /** The answer without its cookie; undefined (with a line in the log) when there is none. */
  async send(node: ProxyNode, command: string): Promise<string | undefined> {
    return node.kind === 'unix' ? this.#overStream(node, command) : this.#overDatagrams(node, command)
  }

  close(): void {
    for (const { end } of [...this.#waiting.values()]) end(undefined, 'the server stops')
    for (const peer of this.#peers.values()) peer.close()
    this.#peers.clear()
  }

  async #overStream(node: ProxyNode, command: string): Promise<string | undefined> {
    const answer = await this.#host.peers.askStream(node.address, command, this.#settings.timeoutMs * Math.max(1, this.#settings.attempts))
    if (!(answer instanceof StreamFailure)) return answer
    this.#host.log.error('rtpproxy', FAILURES[answer.step])
    return undefined
  }

  #overDatagrams(node: ProxyNode, command: string): Promise<string | undefined> {
    const peer = this.#peers.get(node)
    if (peer === undefined || this.#waiting.size >= WAITING_MAX) {
      this.#host.log.error('rtpproxy', "can't send command to a RTP proxy")
      return Promise.resolve(undefined)
    }
    const cookie = `${this.#host.identity.pid}_${this.#sequence++}`
    const { attempts, timeoutMs } = this.#settings
    return new Promise((resolve) => {
      let left = attempts
      let cancel: () => void = () => undefined
      const end = (answer: string | undefined, reason: string): void => {
        cancel()
        if (!this.#waiting.delete(cookie)) return
        if (answer === undefined) this.#host.log.error('rtpproxy', reason)
        resolve(answer)
      }
      const attempt = (): void => {
        if (left-- <= 0) return end(undefined, 'timeout waiting reply from a RTP proxy')
        cancel = this.#host.clock.after(timeoutMs, attempt)
        if (peer.send(`${cookie} ${command}`) !== true) end(undefined, "can't send command to a RTP proxy")
      }
      this.#waiting.set(cookie, { node, end })
      attempt()
    })
  }

  #take(bytes: string): void {
    const blank = bytes.search(/[ \r\n]/)
    const cookie = blank < 0 ? bytes : bytes.slice(0, blank)
    this.#waiting.get(cookie)?.end(blank < 0 ? '' : bytes.slice(blank + 1), '')
  }

  /** Nobody listens there: whoever waits for that node waits no longer. */
  #fail(node: ProxyNode, _reason: string): void {
    for (const waiting of [...this.#waiting.values()]) if (waiting.node === node) waiting.end(undefined, FAILURES.send)
  }
}
