/** Changes of a destination's state: with thresholds and events as pings and scripts make them, or at once as RPC does. */
import type { RouteContext } from '../../runtime/context.ts'
import { State, STATES, UNUSABLE, type Destination } from './destination.ts'
import type { DestinationSet } from './destination-set.ts'
import { runStateEvent, type Outcome } from './state-events.ts'
import { fail, type Dispatcher } from './state.ts'

/** The letters of ds_mark_dst(); undefined for others. */
export function stateOfLetters(letters: string): number | undefined {
  let state = 0
  for (const letter of letters.toLowerCase()) {
    switch (letter) {
      case 'a': state &= ~(State.inactive | State.trying | State.disabled); break
      case 'i': state |= State.inactive; break
      case 't': state |= State.trying; break
      case 'd': state |= State.disabled; break
      case 'p': state |= State.probing; break
      default: return undefined
    }
  }
  return state
}

/** Takes a new state, or counts towards it; false when there is no such destination. */
export function changeState(
  state: Dispatcher, setId: number, uri: string, wanted: number, outcome: Outcome, context?: RouteContext,
): boolean | Promise<boolean> {
  const set = state.sets?.get(setId)
  if (set === undefined) {
    fail(state, state.sets === undefined ? 'the list is null' : `destination set [${setId}] not found`)
    return false
  }
  const destination = set.find(uri)
  if (destination === undefined) return false
  const wasUsable = destination.isUsable
  takeState(state, destination, wanted)
  const isUsable = destination.isUsable
  if (wasUsable === isUsable) return true
  set.shareOut()
  const running = runStateEvent(state, isUsable, uri, outcome, context)
  return running instanceof Promise ? running.then(() => true) : true
}

function takeState({ thresholds }: Dispatcher, destination: Destination, wanted: number): void {
  const old = destination.flags
  const wasInactive = (old & State.inactive) !== 0
  // Who is inactive does not get to try again by failing.
  const next = wasInactive && (wanted & State.trying) !== 0 ? (wanted & ~State.trying) | State.inactive : wanted
  // What is disabled is nothing else.
  destination.flags = (next & State.disabled) !== 0 ? State.disabled : next
  if ((next & State.trying) !== 0) {
    if (++destination.messageCount < thresholds.probing) return
    destination.flags = (destination.flags & ~State.trying) | State.inactive
    destination.messageCount = 0
    return
  }
  if (!wasInactive || (wanted & State.trying) !== 0) {
    destination.messageCount = 0
    return
  }
  if (++destination.messageCount < thresholds.inactive) destination.flags |= State.inactive | (old & State.probing)
  else destination.messageCount = 0
}

/** Takes a state as it is, without events. */
export function setState(set: DestinationSet, destination: Destination, wanted: number): void {
  const wasUsable = (destination.flags & UNUSABLE) === 0
  destination.flags = (destination.flags & ~STATES) | wanted
  if (wasUsable !== destination.isUsable) set.shareOut()
}
