/** Algorithm 12: all destinations of a set at once. */
import type { RouteContext } from '../../runtime/context.ts'
import type { DestinationSet } from './destination-set.ts'
import { fail, type Dispatcher } from './state.ts'

/** Adds a branch for each usable destination behind the chosen one. */
export function forkToRest(state: Dispatcher, context: RouteContext, set: DestinationSet, chosen: number): number {
  const { message, branches, host } = context
  for (let at = chosen + 1; at < set.destinations.length; at++) {
    const destination = set.destinations[at]
    if (destination === undefined || !destination.isUsable) continue
    const isAdded = branches.append({
      uri: message.uri, dstUri: destination.uri, path: '', q: -1, socket: destination.socket, flags: 0, instance: '', regId: 0,
      ruid: '', locationUserAgent: '',
    }, host.settings.max_branches)
    if (isAdded) continue
    fail(state, 'failed to add branch with duri')
    return fail(state, 'failed to add additional branches')
  }
  return 1
}
