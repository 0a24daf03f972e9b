/** WebSockets to servers of the script's own: one for each URL and protocol, on which one question is asked after the other. */
import type { Host } from '../../runtime/host.ts'
import type { MessagePeer } from '../../runtime/peer-ports.ts'

/** Connections that are kept; the one that was made first goes for a new one. */
const LINKS_MAX = 64
/** Messages that wait for their turn on one connection; more are refused. */
const WAITING_MAX = 1000
const ANSWER_BYTES_MAX = 1024 * 1024

export interface LinkSettings {
  /** In microseconds. */
  readonly timeout_init: number
  readonly timeout_read: number
}

/** Why there is no answer. */
export type LinkFailure = 'unavailable' | 'timeout'

export interface Address {
  readonly url: string
  readonly protocol: string
}

class Link {
  opening: Promise<MessagePeer | string>
  /** Who waits for the next message. */
  take: ((answer: string | undefined) => void) | undefined = undefined
  /** What is asked before is done. */
  turn: Promise<unknown> = Promise.resolve()
  waiting = 0

  constructor(opening: Promise<MessagePeer | string>) {
    this.opening = opening
  }
}

export class Links {
  readonly #host: Host
  readonly #settings: LinkSettings
  readonly #links = new Map<string, Link>()

  constructor(host: Host, settings: LinkSettings) {
    this.#host = host
    this.#settings = settings
  }

  /** Sends a text; its answer is the message that comes next. */
  async request(address: Address, text: string): Promise<{ readonly answer: string } | LinkFailure> {
    const link = await this.#linkTo(address)
    return link === undefined ? 'unavailable' : this.#inTurn(link, () => this.#ask(link, text))
  }

  /** Sends a text that nothing is expected to come back for. */
  async notify(address: Address, text: string): Promise<LinkFailure | undefined> {
    const link = await this.#linkTo(address)
    const peer = await link?.opening
    return peer === undefined || typeof peer === 'string' || peer.send(text) !== true ? 'unavailable' : undefined
  }

  close(): void {
    for (const key of [...this.#links.keys()]) this.#forget(key)
  }

  /** A connection that stands; one that has ended is made anew. */
  async #linkTo(address: Address): Promise<Link | undefined> {
    const key = `${address.protocol} ${address.url}`
    const known = this.#links.get(key)
    const link = known ?? this.#open(key, address)
    const peer = await link.opening
    if (typeof peer !== 'string' && peer.isOpen()) return link
    if (this.#links.get(key) === link) this.#forget(key)
    if (known !== undefined) return this.#linkTo(address)
    this.#host.log.error('lwsc', `${address.url}: ${typeof peer === 'string' ? peer : 'the connection was closed'}`)
    return undefined
  }

  #open(key: string, { url, protocol }: Address): Link {
    const [oldest] = this.#links.keys()
    if (this.#links.size >= LINKS_MAX && oldest !== undefined) this.#forget(oldest)
    const timeoutMs = Math.max(1, Math.ceil(this.#settings.timeout_init / 1000))
    const link: Link = new Link(this.#host.peers.openWebSocket({ url, protocol, timeoutMs, bytesMax: ANSWER_BYTES_MAX }, {
      onMessage: (bytes) => link.take?.(bytes),
      onClose: () => link.take?.(undefined),
    }))
    this.#links.set(key, link)
    return link
  }

  #forget(key: string): void {
    const link = this.#links.get(key)
    this.#links.delete(key)
    void link?.opening.then((peer) => {
      if (typeof peer !== 'string') peer.close()
    })
  }

  #inTurn<T>(link: Link, work: () => Promise<T>): Promise<T | LinkFailure> {
    if (link.waiting >= WAITING_MAX) return Promise.resolve('unavailable')
    link.waiting++
    const done = link.turn.then(work).finally(() => {
      link.waiting--
    })
    link.turn = done
    return done
  }

  async #ask(link: Link, text: string): Promise<{ readonly answer: string } | LinkFailure> {
    const peer = await link.opening
    if (typeof peer === 'string') return 'unavailable'
    return new Promise((resolve) => {
      const end = (result: { readonly answer: string } | LinkFailure): void => {
        cancel()
        link.take = undefined
        resolve(result)
      }
      const cancel = this.#host.clock.after(Math.max(0, this.#settings.timeout_read / 1000), () => {
        // An answer that comes late must not be taken for that of the next question.
        peer.close()
        end('timeout')
      })
      link.take = (answer) => end(answer === undefined ? 'unavailable' : { answer })
      if (peer.send(text) !== true) end('unavailable')
    })
  }
}
