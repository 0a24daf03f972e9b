/** The static branch: a destination put together in `$sbranch(...)` and then taken over. */
import type { RouteContext } from '../../runtime/context.ts'
import { emptyBranch, type PvState } from './state.ts'

/** sbranch_append: 1, or -1 when it has no URI or there are too many branches. */
export function appendStaticBranch(context: RouteContext, state: PvState): number {
  const branch = state.staticBranch
  if (branch.uri === '') return -1
  return context.branches.append({ ...branch }, context.host.settings.max_branches) ? 1 : -1
}

/** sbranch_set_ruri: the static branch becomes the request's own destination. Its path is dropped, as Kamailio does. */
export function takeStaticBranch(context: RouteContext, state: PvState): number {
  const branch = state.staticBranch
  if (branch.uri === '') return -1
  const message = context.message
  message.setUri(branch.uri)
  message.setDestination(branch.dstUri === '' ? undefined : branch.dstUri)
  message.pathVector = undefined
  message.instance = branch.instance
  message.ruid = branch.ruid
  message.locationUserAgent = branch.locationUserAgent
  message.regId = branch.regId
  if (branch.socket) message.forceSocket = branch.socket
  message.branchFlags = (message.branchFlags | branch.flags) >>> 0
  context.branches.requestUriQ = branch.q
  return 1
}

export function resetStaticBranch(state: PvState): number {
  Object.assign(state.staticBranch, emptyBranch(), { q: 0, connectionId: 0 })
  return 1
}
