/** A phone that asks: client transactions of RFC 3261 §17.1, the ACK to a 2xx, CANCEL and BYE. What came of each request is kept. */
import type { Clock } from '../../src/base/clock.ts'
import type { Random } from '../../src/base/random.ts'
import type { PacketNetwork, Place } from './network.ts'
import { messageText, parameterOf, placeOfUri, readMessage, uriInside, valueOf, valuesOf, type ReadMessage } from './sip-text.ts'

const T1_MS = 500
const T2_MS = 4000
const TIMEOUT_MS = 64 * T1_MS

/** A request and everything that came back. */
export interface Asked {
  readonly method: string
  readonly branch: string
  readonly callId: string
  readonly uri: string
  readonly provisional: number[]
  /** Final replies by status and To tag, copies left out. */
  readonly finals: { readonly status: number; readonly toTag: string }[]
  isCanceled: boolean
  hasTimedOut: boolean
}

export interface CallPlan {
  readonly uri: string
  /** Undefined when the caller waits for an answer. */
  readonly cancelAfterMs: number | undefined
  readonly talkMs: number
}

interface Client {
  readonly asked: Asked
  readonly text: string
  readonly to: Place
  readonly onReply: (reply: ReadMessage, isNew: boolean) => void
  stopSending: () => void
}

export class Caller {
  readonly asked: Asked[] = []
  /** Replies to requests that this phone never made. */
  readonly strays: string[] = []
  readonly #network: PacketNetwork
  readonly #clock: Clock
  readonly #random: Random
  readonly #place: Place
  readonly #proxy: Place
  readonly #clients = new Map<string, Client>()

  constructor(network: PacketNetwork, random: Random, place: Place, proxy: Place) {
    this.#network = network
    this.#clock = network.clock
    this.#random = random
    this.#place = place
    this.#proxy = proxy
    network.bind(place, (text) => this.#take(text))
  }

  leave(): void {
    this.#network.unbind(this.#place)
  }

  options(uri: string): void {
    this.#ask('OPTIONS', uri, this.#newDialog(uri), this.#proxy, () => undefined)
  }

  call({ uri, cancelAfterMs, talkMs }: CallPlan): void {
    const dialog = this.#newDialog(uri)
    const dialogs = new Set<string>()
    const client: Client = this.#ask('INVITE', uri, dialog, this.#proxy, (reply, isNew) => {
      if (reply.status < 200) return
      if (reply.status >= 300) {
        this.#network.send(this.#requestText('ACK', uri, { ...dialog, to: valueOf(reply, 'to') }, client.asked.branch, []), this.#place, this.#proxy)
        return
      }
      this.#acknowledge(reply, dialog)
      const toTag = parameterOf(valueOf(reply, 'to'), 'tag')
      if (!isNew || dialogs.has(toTag)) return
      dialogs.add(toTag)
      // Of several phones that answered, the first one is talked to.
      this.#clock.after(dialogs.size === 1 ? talkMs : 100, () => this.#hangUp(reply, dialog))
    })
    if (cancelAfterMs === undefined) return
    this.#clock.after(cancelAfterMs, () => this.#cancel(client, uri, dialog))
  }

  #cancel(client: Client, uri: string, dialog: Dialog): void {
    const { asked } = client
    // RFC 3261 §9.1: not before a provisional reply, and not after a final one.
    if (asked.finals.length > 0 || asked.hasTimedOut) return
    if (asked.provisional.length === 0) {
      this.#clock.after(200, () => this.#cancel(client, uri, dialog))
      return
    }
    asked.isCanceled = true
    this.#ask('CANCEL', uri, dialog, this.#proxy, () => undefined, asked.branch)
  }

  #acknowledge(reply: ReadMessage, dialog: Dialog): void {
    const { uri, routes, next } = this.#route(reply)
    const text = this.#requestText('ACK', uri, { ...dialog, to: valueOf(reply, 'to') }, this.#newBranch(), routes)
    this.#network.send(text, this.#place, next)
  }

  #hangUp(reply: ReadMessage, dialog: Dialog): void {
    const { uri, routes, next } = this.#route(reply)
    this.#ask('BYE', uri, { ...dialog, to: valueOf(reply, 'to'), cseq: dialog.cseq + 1 }, next, () => undefined, undefined, routes)
  }

  /** RFC 3261 §12.1.2: the route set is the Record-Route turned round. */
  #route(reply: ReadMessage): { uri: string; routes: readonly string[]; next: Place } {
    const routes = valuesOf(reply, 'record-route').reverse()
    const uri = uriInside(valueOf(reply, 'contact'))
    return { uri, routes, next: placeOfUri(uriInside(routes[0] ?? uri)) }
  }

  #ask(
    method: string, uri: string, dialog: Dialog, to: Place, onReply: Client['onReply'], branch = this.#newBranch(), routes: readonly string[] = [],
  ): Client {
    const asked: Asked = {
      method, branch, callId: dialog.callId, uri, provisional: [], finals: [], isCanceled: false, hasTimedOut: false,
    }
    const client: Client = {
      asked, onReply, to, text: this.#requestText(method, uri, dialog, branch, routes), stopSending: () => undefined,
    }
    this.asked.push(asked)
    this.#clients.set(`${branch} ${method}`, client)
    this.#repeat(client, T1_MS, method === 'INVITE' ? Infinity : T2_MS)
    const giveUpMs = method === 'INVITE' ? Infinity : TIMEOUT_MS
    this.#clock.after(Math.min(giveUpMs, TIMEOUT_MS), () => {
      if (asked.finals.length > 0 || (method === 'INVITE' && asked.provisional.length > 0)) return
      asked.hasTimedOut = true
      client.stopSending()
    })
    return client
  }

  #repeat(client: Client, waitMs: number, longestMs: number): void {
    this.#network.send(client.text, this.#place, client.to)
    client.stopSending = this.#clock.after(waitMs, () => this.#repeat(client, Math.min(2 * waitMs, longestMs), longestMs))
  }

  #take(text: string): void {
    const reply = readMessage(text)
    if (reply.status === 0) {
      this.strays.push(text)
      return
    }
    const client = this.#clients.get(`${parameterOf(valueOf(reply, 'via'), 'branch')} ${reply.method}`)
    if (client === undefined) {
      this.strays.push(text)
      return
    }
    const { asked } = client
    const toTag = parameterOf(valueOf(reply, 'to'), 'tag')
    if (reply.status < 200) {
      asked.provisional.push(reply.status)
      if (asked.method === 'INVITE') client.stopSending()
      client.onReply(reply, true)
      return
    }
    client.stopSending()
    const isNew = !asked.finals.some((final) => final.status === reply.status && final.toTag === toTag)
    if (isNew) asked.finals.push({ status: reply.status, toTag })
    client.onReply(reply, isNew)
  }

  #newDialog(uri: string): Dialog {
    const number = this.#random.hex(8)
    return { callId: `${number}@${this.#place.address}`, from: `<sip:caller@example.com>;tag=${number.slice(0, 6)}`, to: `<${uri}>`, cseq: 1 }
  }

  #newBranch(): string {
    return `z9hG4bK${this.#random.hex(8)}`
  }

  #requestText(method: string, uri: string, dialog: Dialog, branch: string, routes: readonly string[]): string {
    return messageText(`${method} ${uri} SIP/2.0`, [
      ['Via', `SIP/2.0/UDP ${this.#place.address}:${this.#place.port};branch=${branch}`],
      ...routes.map((route) => ['Route', route] as const),
      ['Max-Forwards', '70'],
      ['From', dialog.from],
      ['To', dialog.to],
      ['Call-ID', dialog.callId],
      ['CSeq', `${dialog.cseq} ${method}`],
      ['Contact', `<sip:caller@${this.#place.address}:${this.#place.port}>`],
    ])
  }
}

interface Dialog {
  readonly callId: string
  readonly from: string
  readonly to: string
  readonly cseq: number
}
