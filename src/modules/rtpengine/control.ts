/**
 * The ng protocol: a cookie, a blank and a dictionary to an engine, the same cookie and a dictionary back. Over UDP a question is sent
 * again until it is answered; over a WebSocket and a Unix socket once.
 */
import type { Counter } from '../../base/statistics.ts'
import type { Host } from '../../runtime/host.ts'
import { StreamFailure, type MessagePeer } from '../../runtime/peer-ports.ts'
import { encode, type BencodeDictionary } from './bencode.ts'
import { hostAndPort, type EngineNode } from './node.ts'

/** Questions that wait at once; more are refused. */
const WAITING_MAX = 4096
const ANSWER_BYTES_MAX = 0x40000
const PROTOCOL = 'ng.rtpengine.com'
const WEB_SOCKET_FAILED = 'failed to do websocket request'
/** Why a question over a WebSocket ended: the connection did. */
const CLOSED = 'closed'

export interface ControlSettings {
  readonly rtpengine_tout_ms: number
  readonly rtpengine_retr: number
  readonly force_send_interface: string
  readonly control_cmd_tos: number
}

interface Waiting {
  readonly node: EngineNode
  readonly peer: MessagePeer
  /** Attempts that are left. */
  left: number
  end(answer: string | undefined, reason: string): void
}

type Opening = Promise<MessagePeer | string>

export class Control {
  readonly #host: Host
  /** Looked at for each question: they change while the server runs. */
  readonly #settings: ControlSettings
  readonly #peers = new Map<EngineNode, Opening>()
  readonly #waiting = new Map<string, Waiting>()
  readonly #unexpected: Counter
  /** Engines answer a cookie that they know with what they said before, also after a restart here: it begins anywhere. */
  #sequence: number
  #isClosed = false

  constructor(host: Host, settings: ControlSettings) {
    this.#host = host
    this.#settings = settings
    this.#sequence = host.random.integer(0x7fff_ffff)
    this.#unexpected = host.statistics.counter('rtpengine', 'unexpected_answers')
  }

  /** The answer without its cookie; undefined, with a line in the log, when there is none. */
  async send(node: EngineNode, question: BencodeDictionary): Promise<string | undefined> {
    const text = encode(question)
    if (node.kind === 'unix') return this.#overStream(node, text)
    const command = question.text('command') ?? ''
    const cookie = `${this.#host.settings.server_id}_${this.#host.identity.pid}_${this.#sequence++}`
    // A connection that ended while nobody looked says nothing of the engine: the second one does.
    for (let connections = node.kind === 'ws' ? 2 : 1; connections > 0; connections--) {
      const peer = await this.open(node)
      if (typeof peer === 'string' || this.#waiting.size >= WAITING_MAX || this.#isClosed) {
        return this.#fail(node.kind === 'ws' ? WEB_SOCKET_FAILED : cannotSend(command, node))
      }
      const answer = await this.#ask(node, peer, cookie, text, command)
      if (typeof answer === 'string') return answer
      if (answer.reason !== CLOSED || connections === 1) return this.#fail(answer.reason === CLOSED ? WEB_SOCKET_FAILED : answer.reason)
    }
    return undefined
  }

  /** Opens the way to an engine, unless it is open; a text, with a line in the log, says why there is none. */
  async open(node: EngineNode): Promise<MessagePeer | string> {
    const known = this.#peers.get(node)
    if (known !== undefined) {
      const peer = await known
      if (typeof peer === 'string' || peer.isOpen()) return peer
      if (this.#peers.get(node) === known) this.#forget(node)
      return this.open(node)
    }
    const opening: Opening = node.kind === 'ws' ? this.#openWebSocket(node) : this.#openDatagram(node)
    this.#peers.set(node, opening)
    const peer = await opening
    if (typeof peer === 'string') this.#forget(node)
    else if (this.#isClosed) peer.close()
    return peer
  }

  /** Gives up sockets of engines that are used no more. */
  keep(nodes: ReadonlySet<EngineNode>): void {
    for (const node of this.#peers.keys()) if (!nodes.has(node)) this.#forget(node)
  }

  close(): void {
    this.#isClosed = true
    for (const { end } of [...this.#waiting.values()]) end(undefined, 'the server stops')
    for (const node of [...this.#peers.keys()]) this.#forget(node)
  }

  #forget(node: EngineNode): void {
    const opening = this.#peers.get(node)
    this.#peers.delete(node)
    void opening?.then((peer) => {
      if (typeof peer !== 'string') peer.close()
    })
  }

  async #openDatagram(node: EngineNode): Opening {
    const { force_send_interface, control_cmd_tos } = this.#settings
    const peer = await this.#host.peers.openDatagram({
      ...hostAndPort(node),
      family: node.kind === 'udp6' ? 6 : 4,
      ...(force_send_interface === '' ? {} : { localAddress: force_send_interface }),
      ...(control_cmd_tos >= 0 && control_cmd_tos < 256 ? { tos: control_cmd_tos } : {}),
    }, {
      onDatagram: (bytes) => this.#take(node, bytes),
      onError: () => this.#refused(node),
    })
    if (typeof peer === 'string') this.#host.log.error('rtpengine', `${node.url}: ${peer}`)
    return peer
  }

  #openWebSocket(node: EngineNode): Opening {
    const { rtpengine_tout_ms } = this.#settings
    const peer = { url: node.address, protocol: PROTOCOL, timeoutMs: Math.max(1, rtpengine_tout_ms), bytesMax: ANSWER_BYTES_MAX }
    const opening: Opening = this.#host.peers.openWebSocket(peer, {
      onMessage: (bytes) => this.#take(node, bytes),
      onClose: () => {
        if (this.#peers.get(node) === opening) this.#peers.delete(node)
        void opening.then((closed) => this.#refused(node, closed))
      },
    })
    return opening
  }

  #ask(node: EngineNode, peer: MessagePeer, cookie: string, text: string, command: string): Promise<string | { readonly reason: string }> {
    const { clock } = this.#host
    const isWebSocket = node.kind === 'ws'
    return new Promise((resolve) => {
      let cancel: () => void = () => undefined
      const waiting: Waiting = {
        node,
        peer,
        left: isWebSocket ? 1 : this.#settings.rtpengine_retr,
        end: (answer, reason) => {
          cancel()
          if (!this.#waiting.delete(cookie)) return
          resolve(answer ?? { reason: reason || (waiting.left > 0 ? cannotSend(command, node) : timedOut(command, node)) })
        },
      }
      const attempt = (): void => {
        if (waiting.left <= 0) return waiting.end(undefined, isWebSocket ? WEB_SOCKET_FAILED : '')
        waiting.left--
        cancel = clock.after(Math.max(0, this.#settings.rtpengine_tout_ms), attempt)
        if (peer.send(`${cookie} ${text}`) !== true) waiting.end(undefined, isWebSocket ? CLOSED : cannotSend(command, node))
      }
      this.#waiting.set(cookie, waiting)
      attempt()
    })
  }

  #take(node: EngineNode, bytes: string): void {
    const cookie = /^[0-9_]*/.exec(bytes)?.[0] ?? ''
    const waiting = this.#waiting.get(cookie)
    if (waiting?.node === node) waiting.end(bytes.slice(cookie.length + 1), '')
    else this.#unexpected.increment()
  }

  /** Nobody listens there, or the connection ended: whoever waits for that waits no longer. */
  #refused(node: EngineNode, peer?: MessagePeer | string): void {
    const reason = node.kind === 'ws' ? CLOSED : ''
    for (const waiting of [...this.#waiting.values()]) {
      if (waiting.node === node && (peer === undefined || waiting.peer === peer)) waiting.end(undefined, reason)
    }
  }

  async #overStream(node: EngineNode, text: string): Promise<string | undefined> {
    const answer = await this.#host.peers.askStream(node.address, text, Math.max(1, this.#settings.rtpengine_tout_ms))
    if (!(answer instanceof StreamFailure)) return answer
    const failures = {
      connect: `can't connect to RTPEngine <${node.url}>`,
      send: `can't send command to RTPEngine <${node.url}>`,
      read: `can't read reply from RTPEngine <${node.url}>`,
    }
    return this.#fail(failures[answer.step])
  }

  #fail(reason: string): undefined {
    this.#host.log.error('rtpengine', reason)
  }
}

const cannotSend = (command: string, { url }: EngineNode): string => `can't send command "${command}" to RTPEngine <${url}>`
const timedOut = (command: string, { url }: EngineNode): string => `timeout waiting reply for command "${command}" from RTPEngine <${url}>`
