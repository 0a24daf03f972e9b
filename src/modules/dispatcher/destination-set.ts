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

  /** Relative weights count for usable destinations only: to be called when a state has changed. */
  shareOut(): void {
    const shares = this.destinations.map((destination) => (destination.isUsable ? destination.rweight : 0))
    this.#shares = turnsByShare(shares, this.#random)
  }

  /** A destination was measured: each millisecond of congestion takes one off its weight, which becomes its relative weight. */
  controlCongestion(measured: Destination): void {
    measured.rweight = uncongestedWeight(measured)
    // Sets with destinations that are not controlled keep their shares, as in Kamailio.
    if (!this.destinations.every(({ attributes }) => attributes.controlsCongestion)) return
    const usable = this.destinations.filter((destination) => destination.isUsable)
    if (usable.length > 1 && usable.every((destination) => uncongestedWeight(destination) === 0)) shareByCongestion(usable)
    this.shareOut()
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
    return this.destinations.find(({ attributes }) => attributes.duid !== '' && isSameText(attributes.duid, duid))
  }

  get isAnyUsable(): boolean {
    return this.destinations.some(({ flags }) => (flags & (State.inactive | State.disabled)) === 0)
  }
}

function uncongestedWeight({ attributes, latency }: Destination): number {
  return Math.max(0, attributes.weight - latency.congestion)
}

const CONGESTION_SCALE = 16

/** When all are congested: the less congested one is, the more it gets. */
function shareByCongestion(destinations: readonly Destination[]): void {
  const total = destinations.reduce((sum, { latency }) => sum + latency.congestion, 0)
  for (const destination of destinations) {
    destination.rweight = Math.trunc((total * CONGESTION_SCALE) / Math.max(1, destination.latency.congestion))
  }
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
