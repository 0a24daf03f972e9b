/** Sets of destinations. */
import { isSameText } from '../../runtime/expression-operand.ts'
import type { Random } from '../../base/random.ts'
import { State, type Destination } from './destination.ts'
import { treeOrder } from './set-order.ts'
import { turnsByShare, turnsByWeight, TURNS } from './weights.ts'

export class DestinationSet {
  readonly id: number
  /** The highest priority first; of one priority the last that came. */
  readonly destinations: readonly Destination[]
  readonly #random: Random
  readonly #weights: Uint16Array | undefined
  #shares: Uint16Array | undefined
  #weightTurn = 0
  #shareTurn = 0
  /** Index that round robin takes next. */
  next = 0

  constructor(id: number, destinations: readonly Destination[], random: Random) {
    this.id = id
    this.destinations = destinations
    this.#random = random
    this.#weights = turnsByWeight(destinations, random)
    this.shareOut()
  }

  /** Relative weights count for usable destinations only: to be called when a state has changed, or a latency. */
  shareOut(): void {
    const weights = this.destinations.map((destination) => (destination.isUsable ? destination.attributes.rweight : 0))
    if (weights.every((weight) => weight === 0)) {
      this.#shares = undefined
      return
    }
    const congestions = this.destinations.map(({ attributes, latency }) => (attributes.controlsCongestion ? latency.congestion : 0))
    const lowered = this.destinations.map(({ attributes }, index) => {
      const weight = weights[index] ?? 0
      if (weight === 0 || !attributes.controlsCongestion) return weight
      return Math.max(0, weight - (congestions[index] ?? 0))
    })
    const isAllCongested = lowered.every((weight) => weight === 0)
    this.#shares = turnsByShare(isAllCongested ? byCongestion(weights, congestions) : lowered, this.#random)
  }

  takeWeighted(): number {
    const index = this.#weights?.[this.#weightTurn] ?? 0
    this.#weightTurn = (this.#weightTurn + 1) % TURNS
    return index
  }

  takeShare(): number {
    const index = this.#shares?.[this.#shareTurn] ?? 0
    this.#shareTurn = (this.#shareTurn + 1) % TURNS
    return index
  }

  /** The first of that URI, in any case of letters. */
  find(uri: string): Destination | undefined {
    return this.destinations.find((destination) => isSameText(destination.uri, uri))
  }

  findDuid(duid: string): Destination | undefined {
    return this.destinations.find((destination) => destination.attributes.duid === duid)
  }

  get isAnyUsable(): boolean {
    return this.destinations.some(({ flags }) => (flags & (State.inactive | State.disabled)) === 0)
  }
}

/** When all are congested: the less congested one is, the more it gets. */
function byCongestion(weights: readonly number[], congestions: readonly number[]): readonly number[] {
  const total = congestions.reduce((sum, congestion) => sum + congestion, 0)
  return weights.map((weight, index) => (weight === 0 ? 0 : Math.max(1, total - (congestions[index] ?? 0))))
}

/** All sets. */
export class DestinationSets {
  /** In Kamailio's order. */
  readonly all: readonly DestinationSet[]
  readonly #byId: ReadonlyMap<number, DestinationSet>

  /** Destinations by set, in the order in which they came. */
  constructor(lists: ReadonlyMap<number, readonly Destination[]>, random: Random) {
    const order = treeOrder(lists.keys())
    this.all = order.map((id) => new DestinationSet(id, byPriority(lists.get(id) ?? []), random))
    this.#byId = new Map(this.all.map((set) => [set.id, set]))
  }

  get(id: number): DestinationSet | undefined {
    return this.#byId.get(id)
  }
}

function byPriority(destinations: readonly Destination[]): readonly Destination[] {
  return destinations.toReversed().sort((one, other) => other.priority - one.priority)
}
