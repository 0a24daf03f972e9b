/** Which call went to which destination, for algorithm 10. */
import type { RouteContext } from '../../runtime/context.ts'
import type { Destination } from './destination.ts'
import { fail, type Dispatcher } from './state.ts'
import { currentOf } from './xavps.ts'

interface Call {
  readonly setId: number
  readonly duid: string
  isAnswered: boolean
  /** In seconds since 1970: when it is forgotten, and when it is unless it was answered. */
  readonly expires: number
  readonly unansweredExpires: number
}

/** More calls are not counted. */
const CALLS_MAX = 1_000_000

export class CallLoads {
  readonly #calls = new Map<string, Call>()

  get(callId: string): Call | undefined {
    return this.#calls.get(callId)
  }

  /** False when the call is there already, or too many are. */
  add(callId: string, call: Call): boolean {
    if (this.#calls.has(callId) || this.#calls.size >= CALLS_MAX) return false
    this.#calls.set(callId, call)
    return true
  }

  replace(callId: string, call: Call): void {
    this.#calls.set(callId, call)
  }

  delete(callId: string): void {
    this.#calls.delete(callId)
  }

  /** The calls that have run out. */
  expired(now: number): readonly [callId: string, call: Call][] {
    const found: [callId: string, call: Call][] = []
    for (const [callId, call] of this.#calls) {
      if (call.expires < now || (!call.isAnswered && call.unansweredExpires < now)) found.push([callId, call])
    }
    return found
  }
}

function newCall({ host, params }: Dispatcher, setId: number, duid: string): Call {
  const now = Math.floor(host.clock.now() / 1000)
  return {
    setId, duid, isAnswered: false, expires: now + params.ds_hash_expire, unansweredExpires: now + params.ds_hash_initexpire,
  }
}

/** Counts a call; false, with lines in the log, when that cannot be done. */
export function addToCalls(state: Dispatcher, { message }: RouteContext, setId: number, destination: Destination): boolean {
  const callId = message.callId() ?? ''
  const { duid } = destination.attributes
  if (duid === '') {
    fail(state, `dst unique id not set for ${setId} (${callId})`)
    return false
  }
  if (state.loads === undefined) {
    fail(state, 'invalid parameters.')
    fail(state, `cannot add load to ${setId} (${callId})`)
    return false
  }
  if (!state.loads.add(callId, newCall(state, setId, duid))) {
    state.host.log.warning('dispatcher', `call-id already in hash table [${callId}].`)
    fail(state, `cannot add load to ${setId} (${callId})`)
    return false
  }
  destination.load++
  return true
}

/** Counts a call no more; false, with a line in the log, when it was not counted. */
export function removeFromCalls(state: Dispatcher, callId: string): boolean {
  const call = state.loads?.get(callId)
  if (call === undefined) {
    fail(state, `cannot find load for (${callId})`)
    return false
  }
  state.loads?.delete(callId)
  lower(state, call)
  return true
}

function lower(state: Dispatcher, { setId, duid }: Call): void {
  const set = state.sets?.get(setId)
  const destination = set?.findDuid(duid)
  if (set === undefined) fail(state, `destination set [${setId}] not found`)
  else if (destination === undefined) fail(state, `old destination address not found for [${setId}, ${duid}]`)
  else if (destination.load > 0) destination.load--
}

/** A call goes to another destination: 1, -2 when that is full, -1, with a line in the log, when it cannot be done. */
export function moveCall(state: Dispatcher, callId: string, duid: string): 1 | -1 | -2 {
  const call = state.loads?.get(callId)
  if (call === undefined) return fail(state, `cannot find load for (${callId})`)
  const destination = state.sets?.get(call.setId)?.findDuid(duid)
  if (destination === undefined) return fail(state, `new destination address not found for [${call.setId}, ${duid}]`)
  if (destination.isFull) return -2
  lower(state, call)
  state.loads?.replace(callId, { ...newCall(state, call.setId, duid), isAnswered: call.isAnswered })
  destination.load++
  return 1
}

/** ds_load_unset(): the call that the current destination has is counted no more. */
export function unsetLoad(state: Dispatcher, context: RouteContext): number {
  if (currentOf(state, context)?.duid === undefined) return 1
  const callId = context.message.callId()
  if (callId === undefined) return fail(state, 'cannot parse cseq and callid headers')
  return removeFromCalls(state, callId) ? 1 : -1
}

/** ds_load_update(): BYE and CANCEL end a call, a 2xx to INVITE answers it. */
export function updateLoad(state: Dispatcher, { message }: RouteContext): number {
  const callId = message.callId()
  const cseq = message.cseq()
  if (callId === undefined || cseq === undefined) return fail(state, 'cannot parse cseq and callid headers')
  if (message.isRequest) {
    if (message.method === 'BYE' || message.method === 'CANCEL') removeFromCalls(state, callId)
    return 1
  }
  const call = cseq.method === 'INVITE' && message.status >= 200 && message.status < 300 ? state.loads?.get(callId) : undefined
  if (call !== undefined) call.isAnswered = true
  return 1
}

/** Forgets calls that have run out. */
export function forgetExpired(state: Dispatcher): void {
  const { loads, host } = state
  for (const [callId, call] of loads?.expired(Math.floor(host.clock.now() / 1000)) ?? []) {
    loads?.delete(callId)
    lower(state, call)
  }
}
