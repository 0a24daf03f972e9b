/** A network without sockets: packets and streams go between its members in virtual time, in seeded weather. */
import { Duplex } from 'node:stream'
import type { Clock } from '../../src/base/clock.ts'
import type { Random } from '../../src/base/random.ts'

export interface Weather {
  /** Milliseconds that a packet takes, from and to: the wider, the more packets overtake others. */
  readonly delayMs: readonly [number, number]
  /** Packets lost of a thousand. */
  readonly lossPerMille: number
  /** Packets that arrive twice, of a thousand. */
  readonly duplicatesPerMille: number
}

export const calm: Weather = { delayMs: [1, 1], lossPerMille: 0, duplicatesPerMille: 0 }

export interface Packet {
  readonly text: string
  readonly from: string
  readonly to: string
}

/** Takes a packet (one character a byte). */
export type PacketTaker = (text: string, sourceAddress: string, sourcePort: number) => void
export type StreamTaker = (stream: SimulatedStream) => void

export interface Place {
  readonly address: string
  readonly port: number
}

/** `192.0.2.1:5060`. */
export const placeText = ({ address, port }: Place): string => `${address}:${port}`

/** What phones need of a network. */
export interface PacketNetwork {
  readonly clock: Clock
  bind(place: Place, take: PacketTaker): boolean
  unbind(place: Place): void
  send(text: string, from: Place, to: Place): void
}

export class SimulatedNetwork implements PacketNetwork {
  readonly clock: Clock
  weather: Weather
  /** Lets nothing through between two places: a partition. */
  isCut: (from: string, to: string) => boolean = () => false
  readonly counters = { sent: 0, delivered: 0, lost: 0, duplicated: 0, nobodyThere: 0 }
  /** Sees each packet when it is sent, lost ones too. */
  onPacket: (packet: Packet) => void = () => undefined
  readonly #random: Random
  readonly #members = new Map<string, PacketTaker>()
  readonly #listeners = new Map<string, StreamTaker>()
  #lastPort = 32768

  constructor(clock: Clock, random: Random, weather: Weather = calm) {
    this.clock = clock
    this.weather = weather
    this.#random = random
  }

  /** Lets a member take packets; false when somebody does there already. */
  bind(place: Place, take: PacketTaker): boolean {
    return enter(this.#members, place, take)
  }

  unbind(place: Place): void {
    this.#members.delete(placeText(place))
  }

  /** Lets a member take connections; false when somebody does there already. */
  listen(place: Place, take: StreamTaker): boolean {
    return enter(this.#listeners, place, take)
  }

  unlisten(place: Place): void {
    this.#listeners.delete(placeText(place))
  }

  freePort(): number {
    return ++this.#lastPort
  }

  delay(): number {
    const [least, most] = this.weather.delayMs
    return least + this.#random.integer(most - least + 1)
  }

  send(text: string, from: Place, to: Place): void {
    this.counters.sent++
    this.onPacket({ text, from: placeText(from), to: placeText(to) })
    if (this.isCut(from.address, to.address) || this.#random.integer(1000) < this.weather.lossPerMille) {
      this.counters.lost++
      return
    }
    this.#deliver(text, from, to)
    if (this.#random.integer(1000) >= this.weather.duplicatesPerMille) return
    this.counters.duplicated++
    this.#deliver(text, from, to)
  }

  #deliver(text: string, from: Place, to: Place): void {
    this.clock.after(this.delay(), () => {
      const take = this.#members.get(placeText(to))
      if (take === undefined) {
        this.counters.nobodyThere++
        return
      }
      this.counters.delivered++
      take(text, from.address, from.port)
    })
  }

  /** Begins a connection; the stream tells `connect`, or ends with ECONNREFUSED where nobody listens. */
  connect(from: Place, to: Place): SimulatedStream {
    const near = new SimulatedStream(this, from, to)
    this.clock.after(this.delay(), () => {
      const take = this.#listeners.get(placeText(to))
      if (take === undefined) {
        near.destroy(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
        return
      }
      const far = new SimulatedStream(this, to, from)
      near.join(far)
      far.join(near)
      take(far)
      near.emit('connect')
    })
    return near
  }
}

/** One end of a connection. Nothing is lost, and nothing overtakes what was written before. */
export class SimulatedStream extends Duplex {
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
  readonly #network: SimulatedNetwork
  #far: SimulatedStream | undefined
  /** When the last piece arrives. */
  #lastAtMs = 0
  readonly #early: (() => void)[] = []

  constructor(network: SimulatedNetwork, local: Place, remote: Place) {
    super({ allowHalfOpen: true })
    this.#network = network
    this.localAddress = local.address
    this.localPort = local.port
    this.remoteAddress = remote.address
    this.remotePort = remote.port
  }

  join(far: SimulatedStream): void {
    this.#far = far
    for (const act of this.#early.splice(0)) act()
  }

  override _read(): void {
    // What arrives is pushed.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#later((far) => far.push(chunk), done)
  }

  override _final(done: () => void): void {
    this.#later((far) => far.push(null), done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#later((far) => far.push(null), () => undefined)
    done(error)
  }

  #later(act: (far: SimulatedStream) => void, done: () => void): void {
    const far = this.#far
    if (far === undefined) {
      this.#early.push(() => this.#later(act, done))
      return
    }
    const { clock } = this.#network
    this.#lastAtMs = Math.max(this.#lastAtMs, clock.monotonic() + this.#network.delay())
    clock.after(this.#lastAtMs - clock.monotonic(), () => {
      if (!far.destroyed && !far.readableEnded) act(far)
    })
    done()
  }
}

function enter<Taker>(takers: Map<string, Taker>, place: Place, take: Taker): boolean {
  const key = placeText(place)
  if (takers.has(key)) return false
  takers.set(key, take)
  return true
}
