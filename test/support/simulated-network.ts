/** A network without sockets: messages go between members in virtual time, with seeded delay, loss and duplicates. */
import type { Clock } from '../../src/base/clock.ts'
import type { Random } from '../../src/base/random.ts'
import { addressFamily } from '../../src/base/address.ts'
import type { ListenSpec, SendOutcome } from '../../src/net/network.ts'
import {
  isStream, type ListenSocket, type ReceivedFrom, type Target, type TransportName,
} from '../../src/sip/endpoint.ts'

export interface Weather {
  /** Milliseconds that a message takes, from and to. */
  delayMs: readonly [number, number]
  /** Datagrams lost of a thousand. */
  lossPerMille: number
  /** Datagrams that arrive twice, of a thousand. */
  duplicatesPerMille: number
}

export interface SimulatedWorldParts {
  readonly clock: Clock
  readonly random: Random
  readonly weather?: Partial<Weather>
}

/** What all members share: who listens where, and how the weather is. Streams lose nothing and keep their order. */
export class SimulatedWorld {
  readonly weather: Weather
  readonly counters = { sent: 0, delivered: 0, lost: 0, duplicated: 0, nobodyThere: 0 }
  readonly #clock: Clock
  readonly #random: Random
  readonly #members = new Map<string, SimulatedNetwork>()
  /** When the last message of each stream arrives: later ones do not overtake it. */
  readonly #streams = new Map<string, number>()
  #lastPort = 32768

  constructor({ clock, random, weather }: SimulatedWorldParts) {
    this.#clock = clock
    this.#random = random
    this.weather = { delayMs: [1, 1], lossPerMille: 0, duplicatesPerMille: 0, ...weather }
  }

  /** Lets a member listen; false when somebody does already. */
  enter(socket: ListenSocket, member: SimulatedNetwork): boolean {
    const key = placeOf(socket.transport, socket.address, socket.port)
    if (this.#members.has(key)) return false
    this.#members.set(key, member)
    return true
  }

  leave(socket: ListenSocket): void {
    this.#members.delete(placeOf(socket.transport, socket.address, socket.port))
  }

  freePort(): number {
    return ++this.#lastPort
  }

  carry(text: string, from: ListenSocket, target: Target): void {
    this.counters.sent++
    const isReliable = isStream(target.transport)
    if (!isReliable && this.#random.integer(1000) < this.weather.lossPerMille) {
      this.counters.lost++
      return
    }
    this.#schedule(text, from, target, isReliable)
    if (isReliable || this.#random.integer(1000) >= this.weather.duplicatesPerMille) return
    this.counters.duplicated++
    this.#schedule(text, from, target, isReliable)
  }

  #schedule(text: string, from: ListenSocket, target: Target, isReliable: boolean): void {
    const [least, most] = this.weather.delayMs
    let arrivesMs = this.#clock.monotonic() + least + this.#random.integer(most - least + 1)
    if (isReliable) {
      const stream = `${placeOf(from.transport, from.address, from.port)}>${target.address}:${target.port}`
      arrivesMs = Math.max(arrivesMs, this.#streams.get(stream) ?? 0)
      this.#streams.set(stream, arrivesMs)
    }
    this.#clock.after(arrivesMs - this.#clock.monotonic(), () => {
      const member = this.#members.get(placeOf(target.transport, target.address, target.port))
      if (member?.deliver(text, from, target) === true) this.counters.delivered++
      else this.counters.nobodyThere++
    })
  }
}

/** One member, with the face that servers know from `Network`. */
export class SimulatedNetwork {
  readonly sockets: ListenSocket[] = []
  onMessage: (text: string, from: ReceivedFrom) => void = () => undefined
  readonly #world: SimulatedWorld

  constructor(world: SimulatedWorld) {
    this.#world = world
  }

  open(spec: ListenSpec): ListenSocket | { readonly code: string; readonly reason: string } {
    const socket = { ...spec, port: spec.port || this.#world.freePort(), index: this.sockets.length }
    if (!this.#world.enter(socket, this)) return { code: 'EADDRINUSE', reason: `${spec.address} is taken` }
    this.sockets.push(socket)
    return socket
  }

  send(text: string, target: Target): SendOutcome {
    const from = target.socket ?? this.findSocket(target.transport, addressFamily(target.address) === 6 ? 6 : 4)
    if (from === undefined) return { code: 'EPROTONOSUPPORT', reason: `no ${target.transport} socket` }
    this.#world.carry(text, from, target)
    return true
  }

  /** Takes what arrived; false when nobody listens there any more. */
  deliver(text: string, source: ListenSocket, target: Target): boolean {
    const socket = this.socketOf(target.address, target.port, target.transport)
    if (socket === undefined) return false
    const connectionId = isStream(target.transport) ? source.port : 0
    this.onMessage(text, { socket, sourceAddress: source.address, sourcePort: source.port, connectionId })
    return true
  }

  findSocket(transport: TransportName, family: 4 | 6): ListenSocket | undefined {
    return this.sockets.find((socket) => socket.transport === transport && socket.family === family)
  }

  socketOf(host: string, port: number, transport?: TransportName): ListenSocket | undefined {
    return this.sockets.find((socket) => {
      const isThere = socket.address === host && (port === 0 || socket.port === port)
      return isThere && (transport === undefined || socket.transport === transport)
    })
  }

  close(): void {
    for (const socket of this.sockets) this.#world.leave(socket)
    this.sockets.length = 0
  }
}

function placeOf(transport: TransportName, address: string, port: number): string {
  return `${transport}:${address}:${port}`
}
