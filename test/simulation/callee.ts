/** A phone that answers: server transactions of RFC 3261 §17.2, with a 2xx repeated until its ACK comes. */
import type { Random } from '../../src/base/random.ts'
import type { PacketNetwork, Place } from './network.ts'
import { messageText, parameterOf, readMessage, valueOf, type ReadMessage } from './sip-text.ts'

const T1_MS = 500
const T2_MS = 4000
const TIMEOUT_MS = 64 * T1_MS
const FORGET_MS = 3 * TIMEOUT_MS

/** What a phone does with an INVITE. */
export interface AnswerPlan {
  /** Provisional replies, sent at once; none for a phone that is silent until its final one. */
  readonly provisional: readonly number[]
  readonly finalAfterMs: number
  /** 0 for a phone that never answers. */
  readonly final: number
}

interface Served {
  readonly request: ReadMessage
  readonly toTag: string
  readonly place: Place
  last: string
  final: number
  hasAck: boolean
}

export class Callee {
  /** The final status given to each INVITE, in order. */
  readonly given: { readonly callId: string; readonly status: number }[] = []
  readonly byes: string[] = []
  readonly acks: string[] = []
  /** 2xx that were never acknowledged. */
  unacknowledged = 0
  readonly #network: PacketNetwork
  readonly #random: Random
  readonly #place: Place
  readonly #planOf: () => AnswerPlan
  /** By branch and method; forgotten when no copy of the request can come any more. */
  readonly #served = new Map<string, Served>()
  readonly #byTag = new Map<string, Served>()

  constructor(network: PacketNetwork, random: Random, place: Place, planOf: () => AnswerPlan) {
    this.#network = network
    this.#random = random
    this.#place = place
    this.#planOf = planOf
    network.bind(place, (text, address, port) => this.#take(readMessage(text), { address, port }))
  }

  leave(): void {
    this.#network.unbind(this.#place)
  }

  #take(request: ReadMessage, place: Place): void {
    if (request.status !== 0) return
    const branch = parameterOf(valueOf(request, 'via'), 'branch')
    const { method } = request
    if (method === 'ACK') {
      this.#takeAck(request, branch)
      return
    }
    const known = this.#served.get(`${branch} ${method}`)
    if (known !== undefined) {
      if (known.last !== '') this.#network.send(known.last, this.#place, place)
      return
    }
    const served: Served = { request, toTag: this.#random.hex(8), place, last: '', final: 0, hasAck: false }
    this.#served.set(`${branch} ${method}`, served)
    this.#byTag.set(served.toTag, served)
    this.#network.clock.after(FORGET_MS, () => {
      this.#served.delete(`${branch} ${method}`)
      this.#byTag.delete(served.toTag)
    })
    if (method === 'INVITE') this.#takeInvite(served)
    else if (method === 'CANCEL') this.#takeCancel(served, branch)
    else {
      if (method === 'BYE') this.byes.push(valueOf(request, 'call-id'))
      const plan = this.#planOf()
      if (plan.final !== 0 || method === 'BYE') this.#reply(served, 200)
    }
  }

  #takeInvite(served: Served): void {
    const plan = this.#planOf()
    for (const status of plan.provisional) this.#reply(served, status)
    if (plan.final !== 0) this.#network.clock.after(plan.finalAfterMs, () => this.#finish(served, plan.final))
  }

  #takeCancel(served: Served, branch: string): void {
    const invite = this.#served.get(`${branch} INVITE`)
    this.#reply(served, invite === undefined ? 481 : 200)
    if (invite !== undefined) this.#finish(invite, 487)
  }

  #takeAck(request: ReadMessage, branch: string): void {
    const callId = valueOf(request, 'call-id')
    const toTag = parameterOf(valueOf(request, 'to'), 'tag')
    this.acks.push(callId)
    const served = this.#served.get(`${branch} INVITE`) ?? this.#byTag.get(toTag)
    if (served !== undefined) served.hasAck = true
  }

  #finish(served: Served, status: number): void {
    if (served.final !== 0) return
    served.final = status
    this.given.push({ callId: valueOf(served.request, 'call-id'), status })
    this.#reply(served, status)
    this.#repeat(served, T1_MS, this.#network.clock.monotonic() + TIMEOUT_MS)
  }

  #repeat(served: Served, waitMs: number, untilMs: number): void {
    this.#network.clock.after(waitMs, () => {
      if (served.hasAck) return
      if (this.#network.clock.monotonic() >= untilMs) {
        if (served.final < 300) this.unacknowledged++
        return
      }
      this.#network.send(served.last, this.#place, served.place)
      this.#repeat(served, Math.min(2 * waitMs, T2_MS), untilMs)
    })
  }

  #reply(served: Served, status: number): void {
    const { request, toTag, place } = served
    const kept = request.headers.filter(({ name }) => ['via', 'record-route', 'from', 'call-id', 'cseq'].includes(name))
    const to = valueOf(request, 'to')
    served.last = messageText(`SIP/2.0 ${status} Answered`, [
      ...kept.map(({ name, value }) => [name, value] as const),
      ['to', to.includes(';tag=') || status === 100 ? to : `${to};tag=${toTag}`],
      ['contact', `<sip:callee@${this.#place.address}:${this.#place.port}>`],
    ])
    this.#network.send(served.last, this.#place, place)
  }
}
