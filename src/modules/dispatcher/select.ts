/** Selecting destinations: the algorithms, and the list of those to try next. */
import type { RouteContext } from '../../runtime/context.ts'
import { addToCalls } from './call-loads.ts'
import type { Destination } from './destination.ts'
import type { DestinationSet } from './destination-set.ts'
import { hashAuthenticatedUser, hashCallId, hashFrom, hashRequestUri, hashTo, hashVariables } from './hash-keys.ts'
import { forkToRest } from './fork.ts'
import { byLatency } from './latency-order.ts'
import { Option } from './params.ts'
import { push, Push } from './push.ts'
import { fail, type Dispatcher } from './state.ts'
import { destinationFields, putCount, SelectedList } from './xavps.ts'

export const Algorithm = {
  callId: 0, from: 1, to: 2, requestUri: 3, roundRobin: 4, authenticatedUser: 5, random: 6, variables: 7, priority: 8,
  weight: 9, calls: 10, share: 11, parallel: 12, latency: 13,
} as const

/** A selection that may take in several sets. */
export interface Selection {
  readonly list: SelectedList | undefined
  /** Where the first destination goes. */
  mode: number
  /** Most destinations. */
  readonly limit: number
}

/** `limit` 0 is for any number, as are negative ones. */
export function newSelection(state: Dispatcher, context: RouteContext, mode: number, limit: number): Selection {
  const { flags, xavp_dst } = state.params
  const keepsRest = (flags & Option.failover) !== 0 && xavp_dst !== ''
  return { list: keepsRest ? new SelectedList(context, xavp_dst) : undefined, mode, limit: limit <= 0 ? Number.POSITIVE_INFINITY : limit }
}

/** ds_select_dst() and its kin. */
export function select(state: Dispatcher, context: RouteContext, setId: number, algorithm: number, limit: number, mode: number): number {
  const selection = newSelection(state, context, mode, limit)
  const result = selectFrom(state, context, selection, setId, algorithm)
  if (result > 0) putCount(state, context, selection.list?.count ?? 0)
  return result
}

/** Selects destinations of one set. */
export function selectFrom(
  state: Dispatcher, context: RouteContext, selection: Selection, setId: number, algorithm: number,
): number {
  const { params, sets } = state
  if (sets === undefined) return fail(state, 'no destination sets')
  const { dstUri } = context.message
  if (selection.mode === Push.destination && params.force_dst === 0 && dstUri !== undefined) {
    return fail(state, `destination already set [${dstUri}]`)
  }
  const set = sets.get(setId)
  if (set === undefined) return fail(state, `destination set [${setId}] not found`)
  if (algorithm === Algorithm.latency) return selectByLatency(state, context, selection, set)
  const start = startOf(state, context, set, algorithm)
  if (start === undefined) return -1
  const at = usableFrom(state, set.destinations, start.index)
  const destination = at === undefined ? undefined : set.destinations[at]
  if (at === undefined || destination === undefined) return -1
  const { mode } = selection
  if (!pushFirst(state, context, selection, destination)) return -1
  if (start.isRoundRobin) set.next = (at + 1) % set.destinations.length
  if (start.algorithm === Algorithm.parallel) return forkToRest(state, context, set, at, mode)
  return keepRest(state, selection, set, at, start.algorithm === Algorithm.calls)
}

function pushFirst(state: Dispatcher, context: RouteContext, selection: Selection, destination: Destination): boolean {
  const isSent = push(state, context, destination.uri, destination.socket, selection.mode)
  if (!isSent) fail(state, `cannot set next hop address with: ${destination.uri}`)
  // Of several sets only the first destination of all is sent to at once.
  selection.mode = Push.xavp
  return isSent
}

interface Start {
  /** Where the search for a usable destination starts. */
  readonly index: number
  readonly isRoundRobin: boolean
  /** Another one where that could not be had. */
  readonly algorithm: number
}

/** How many destinations of a set take calls as a rule: the last is kept for the end with use_default. */
function usualCount({ params }: Dispatcher, { length }: readonly Destination[]): number {
  return params.use_default !== 0 && length > 1 ? length - 1 : length
}

function startOf(state: Dispatcher, context: RouteContext, set: DestinationSet, algorithm: number): Start | undefined {
  const count = usualCount(state, set.destinations)
  const at = (index: number): Start => ({ index: index % count, isRoundRobin: false, algorithm })
  const hashed = (hash: number | undefined, name: string): Start | undefined => {
    if (hash !== undefined) return at(hash)
    fail(state, `can't get ${name} hash`)
    return undefined
  }
  switch (algorithm) {
    case Algorithm.callId: return hashed(hashCallId(state, context), 'callid')
    case Algorithm.from: return hashed(hashFrom(state, context), 'From uri')
    case Algorithm.to: return hashed(hashTo(state, context), 'To uri')
    case Algorithm.requestUri: return hashed(hashRequestUri(state, context), 'ruri')
    case Algorithm.roundRobin: return { ...at(set.next), isRoundRobin: true }
    case Algorithm.authenticatedUser: {
      const hash = hashAuthenticatedUser(state, context)
      return hash === undefined ? { ...at(set.next), isRoundRobin: true } : at(hash)
    }
    case Algorithm.random: return at(state.host.random.integer(0x7fff_ffff))
    case Algorithm.variables: return hashed(hashVariables(state, context), 'PV')
    case Algorithm.weight: return at(set.takeWeighted())
    case Algorithm.calls: return byCalls(state, context, set)
    case Algorithm.share: return at(set.takeShare())
    case Algorithm.priority:
    case Algorithm.parallel: return at(0)
    default:
      state.host.log.warning('dispatcher', `algo ${algorithm} not implemented - using first entry...`)
      return at(0)
  }
}

/** The destination with the fewest calls; other requests than INVITE go to the first. */
function byCalls(state: Dispatcher, context: RouteContext, set: DestinationSet): Start | undefined {
  const classic = (index: number): Start => ({ index, isRoundRobin: false, algorithm: Algorithm.callId })
  if (context.message.method !== 'INVITE') return classic(0)
  if (state.params.xavp_dst === '') {
    fail(state, 'no dst xavp for load distribution - using first entry...')
    return classic(0)
  }
  const index = leastLoaded(set.destinations)
  const destination = index === undefined ? undefined : set.destinations[index]
  if (index === undefined || destination === undefined) return undefined
  if (addToCalls(state, context, set.id, destination)) return { index, isRoundRobin: false, algorithm: Algorithm.calls }
  fail(state, 'unable to update destination load - classic dispatching')
  return classic(index)
}

function leastLoaded(destinations: readonly Destination[]): number | undefined {
  let found: number | undefined
  let least = 0
  destinations.forEach((destination, index) => {
    if (!destination.isUsable || destination.isFull || (found !== undefined && destination.load >= least)) return
    found = index
    least = destination.load
  })
  return found
}

/** The first usable destination from an index on; undefined when there is none. */
function usableFrom(state: Dispatcher, destinations: readonly Destination[], start: number): number | undefined {
  const count = usualCount(state, destinations)
  let at = start
  do {
    if (destinations[at]?.isUsable === true) return at
    at = (at + 1) % count
  } while (at !== start % count)
  const last = destinations.length - 1
  return count < destinations.length && destinations[last]?.isUsable === true ? last : undefined
}

/** Keeps the chosen destination and those to try next; -1 when one cannot be kept. */
function keepRest(state: Dispatcher, selection: Selection, set: DestinationSet, chosen: number, countsCalls: boolean): number {
  const { list, limit } = selection
  if (list === undefined) return 1
  const { destinations } = set
  const count = usualCount(state, destinations)
  const keep = (index: number): boolean => {
    const destination = destinations[index]
    if (destination === undefined || (index !== chosen && !destination.isUsable)) return true
    // The chosen one has the call counted already.
    if (countsCalls && index !== chosen && destination.isFull) return true
    const fields = destinationFields(state, destination, set.id, countsCalls)
    if (fields !== undefined) {
      list.add(fields)
      return true
    }
    fail(state, `failed to add destination in the xavp (${index}/${set.id})`)
    return false
  }
  if (!keep(chosen)) return -1
  for (let at = chosen + 1; at < count && list.count < limit; at++) if (!keep(at)) return -1
  for (let at = 0; at < Math.min(chosen, count) && list.count < limit; at++) if (!keep(at)) return -1
  const last = destinations.length - 1
  if (count < destinations.length && chosen !== last && list.count < limit && !keep(last)) return -1
  return 1
}

/** By priority, lowered by latency; of those with the highest, in turn. The default is not among them. */
function selectByLatency(state: Dispatcher, context: RouteContext, selection: Selection, set: DestinationSet): number {
  const { destinations } = set
  const count = usualCount(state, destinations)
  const order = byLatency(destinations.slice(0, count), set.next % count)
  const [first] = order
  const chosen = first === undefined ? undefined : destinations[first]
  if (first === undefined || chosen === undefined) return -1
  if (!pushFirst(state, context, selection, chosen)) return -1
  set.next = (first + 1) % destinations.length
  const { list, limit } = selection
  if (list === undefined) return 1
  const all = count < destinations.length && destinations[count]?.isUsable === true ? [...order, count] : order
  all.forEach((index, place) => {
    const destination = destinations[index]
    const fields = destination && destinationFields(state, destination, set.id, false)
    if (fields !== undefined && (place === 0 || list.count < limit)) list.add(fields)
  })
  return 1
}
