/** Going to the current destination, or to the next one; and marking it. */
import type { RouteContext } from '../../runtime/context.ts'
import { moveCall } from './call-loads.ts'
import { Option } from './params.ts'
import { push } from './push.ts'
import { BY_SCRIPT } from './state-events.ts'
import { changeState } from './state-change.ts'
import { fail, type Dispatcher } from './state.ts'
import { currentOf, dropCurrent } from './xavps.ts'

/** Sends the message to the destination that was selected. */
export function setCurrent(state: Dispatcher, context: RouteContext, mode: number): number {
  const current = currentOf(state, context)
  if (current === undefined) return -1
  if (current.uri === undefined) {
    state.host.log.warning('dispatcher', 'no xavp uri field in next destination record ((nil))')
    return -1
  }
  if (push(state, context, current.uri, current.socket, mode)) return 1
  return fail(state, `cannot set dst addr: ${current.uri}`)
}

/** Sends the message to the next destination. */
export function goToNext(state: Dispatcher, context: RouteContext, mode: number): number {
  if (!canFailOver(state)) return -1
  const previous = currentOf(state, context)
  if (previous === undefined) return -1
  for (;;) {
    dropCurrent(state, context)
    const next = currentOf(state, context)
    if (next === undefined) return -1
    const sent = setCurrent(state, context, mode)
    if (sent < 0 || previous.duid === undefined || next.duid === undefined) return sent
    const moved = moveCall(state, context.message.callId() ?? '', next.duid)
    if (moved === 1) return 1
    if (moved === -1) return fail(state, 'cannot update load distribution')
    state.host.log.warning('dispatcher', `cannot update load with ${next.uri}, skipping dst.`)
  }
}

function canFailOver({ params, host }: Dispatcher): boolean {
  if ((params.flags & Option.failover) !== 0 && params.xavp_dst !== '') return true
  host.log.warning('dispatcher', 'failover support disabled')
  return false
}

/** ds_mark_dst(): gives the current destination a state. */
export function markCurrent(state: Dispatcher, context: RouteContext, wanted: number): number | Promise<number> {
  if (!canFailOver(state)) return -1
  const current = currentOf(state, context)
  if (current?.setId === undefined || current.uri === undefined) return -1
  const changed = changeState(state, current.setId, current.uri, wanted, BY_SCRIPT, context)
  const result = (isChanged: boolean): number => (isChanged ? 1 : -1)
  return changed instanceof Promise ? changed.then(result) : result(changed)
}
