/** Pings: who answers gets calls, who does not gets none. */
import { isSameText } from '../../runtime/expression-operand.ts'
import type { TmApi } from '../tm/api.ts'
import { State, type Destination } from './destination.ts'
import type { DestinationSet } from './destination-set.ts'
import { ProbingMode } from './params.ts'
import { changeState } from './state-change.ts'
import type { Outcome } from './state-events.ts'
import { fail, type Dispatcher } from './state.ts'

const TIMEOUT = 408
/** What ds_latency_estimator_alpha is where it is none. */
export const ALPHA = 0.9

export function pingAll(state: Dispatcher, tm: TmApi): void {
  if (state.pingState === 0) {
    state.host.log.debug('dispatcher', 'pinging destinations is inactive by admin')
    return
  }
  for (const set of state.sets?.all ?? []) {
    for (const destination of set.destinations) if (isPinged(state, destination)) ping(state, tm, set, destination)
  }
}

function isPinged({ params }: Dispatcher, { flags }: Destination): boolean {
  if ((flags & State.disabled) !== 0) return false
  if (params.ds_probing_mode === ProbingMode.all) return true
  if ((flags & State.probing) === 0) return false
  return params.ds_probing_mode !== ProbingMode.inactive || (flags & State.inactive) !== 0
}

function ping(state: Dispatcher, tm: TmApi, set: DestinationSet, destination: Destination): void {
  const { host, params } = state
  const { uri, attributes, socket } = destination
  const startedMs = host.clock.monotonic()
  const sent = tm.send({
    method: params.ds_ping_method,
    uri,
    nextHop: attributes.obproxy || params.outbound_proxy || undefined,
    socket,
    to: `<${uri}>`,
    from: `<${attributes.pingFrom || params.ds_ping_from}>;tag=${host.random.hex(16)}-${host.random.hex(4)}`,
    headers: '',
    body: '',
    onFinal: (status, reply) => answered(state, set.id, uri, status, reply?.reason ?? null, host.clock.monotonic() - startedMs),
  })
  const ended = (result: number): void => {
    if (result > 0) return
    fail(state, `unable to ping [${uri}] in group [${set.id}]`)
    settle(state, set.id, uri, failedState(state), { code: 500, reason: 'Sending keepalive failed', flags: 0 }, 'probing state')
  }
  if (sent instanceof Promise) void sent.then(ended)
  else ended(sent)
}

function failedState({ params }: Dispatcher): number {
  return State.trying | (params.ds_probing_mode === ProbingMode.once ? 0 : State.probing)
}

function goodState({ params: { ds_probing_mode: mode } }: Dispatcher): number {
  return mode === ProbingMode.all || mode === ProbingMode.flagged ? State.probing : 0
}

function answered(state: Dispatcher, setId: number, uri: string, status: number, reason: string | null, tookMs: number): void {
  const { params, replyCodes } = state
  const set = state.sets?.get(setId)
  const destination = set?.find(uri)
  if (set !== undefined && destination !== undefined && params.ds_ping_latency_stats !== 0) {
    measure(state, set, uri, status, tookMs)
  }
  // Somebody may have disabled it meanwhile.
  if (destination !== undefined && (destination.flags & State.disabled) !== 0) return
  const outcome: Outcome = { code: status, reason, flags: reason === null ? 0 : 1 }
  const isGood = (status >= 200 && status < 300) || replyCodes.accepts(params.ds_ping_reply_codes, status)
  if (isGood) settle(state, setId, uri, goodState(state), outcome, 'state')
  else settle(state, setId, uri, failedState(state), outcome, 'probing state')
}

function settle(state: Dispatcher, setId: number, uri: string, wanted: number, outcome: Outcome, what: string): void {
  if (changeState(state, setId, uri, wanted, outcome) === false) fail(state, `Setting the ${what} failed (${uri}, group ${setId})`)
}

/** Kamailio measures those that are marked as pinged, all of that URI: not yet at the first ping of the others. */
function measure(state: Dispatcher, set: DestinationSet, uri: string, status: number, tookMs: number): void {
  for (const destination of set.destinations) {
    if ((destination.flags & State.probing) === 0 || !isSameText(destination.uri, uri)) continue
    if (status === TIMEOUT) destination.latency.timeouts++
    else destination.latency.add(Math.round(tookMs), alphaOf(state))
    if (destination.attributes.controlsCongestion) set.controlCongestion(destination)
  }
}

function alphaOf({ params: { ds_latency_estimator_alpha: thousandths } }: Dispatcher): number {
  return thousandths < 0 || thousandths > 1000 ? ALPHA : thousandths / 1000
}
