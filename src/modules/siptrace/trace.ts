/** One traced message, and what becomes of it: rows, HEP packets, copies. */
import type { Counter } from '../../base/statistics.ts'
import type { ParamValues } from '../../define/define.ts'
import type { Avp, AvpList, AvpName } from '../../runtime/avp.ts'
import type { Host, RouteFunction } from '../../runtime/host.ts'
import type { TmApi } from '../tm/api.ts'
import type { Destination } from './destination.ts'
import { sendCopy } from './destination.ts'
import { packHep2, packHep3, parseHepEnd } from './hep.ts'
import type { siptraceParams } from './params.ts'
import type { RowWriter } from './row-writer.ts'
import { readXHeaders, withXHeaders } from './x-headers.ts'

export interface SipTrace {
  readonly host: Host
  readonly params: ParamValues<typeof siptraceParams>
  readonly counters: { readonly requests: Counter; readonly replies: Counter }
  readonly duplicate: Destination | undefined
  readonly tracedUser: AvpName | undefined
  readonly tableName: AvpName | undefined
  /** `trace_on`, as siptrace.status leaves it. */
  isOn: boolean
  // From `start` on.
  tm: TmApi | undefined
  rows: RowWriter | undefined
  event: RouteFunction | undefined
}

/** Bits of `trace_mode`. */
export const TraceMode = { hep: 1, rows: 2, copies: 4 } as const

export interface Traced {
  readonly text: string
  readonly callId: string
  readonly method: string
  readonly status: string
  /** `proto:address:port`. */
  readonly fromIp: string
  readonly toIp: string
  readonly fromTag: string
  readonly toTag: string
  readonly direction: string
  readonly atMs: number
  readonly isReply: boolean
}

/** Whether the AVPs name somebody who is traced. */
export function tracedUsers({ tracedUser }: SipTrace, avps: AvpList | undefined): Avp | undefined {
  return tracedUser === undefined ? undefined : avps?.first(tracedUser)
}

/** Writes and sends it: 1, or -1 when it is not for this server. */
export function store(
  state: SipTrace, message: Traced, avps: AvpList | undefined, destination: Destination | undefined, correlationId = '',
): number {
  const { params } = state
  let traced: Traced | undefined = message
  if (params.xheaders_read !== 0) {
    traced = readXHeaders(state, message)
    if (traced === undefined) return -1
  }
  const result = writeRows(state, traced, avps)
  const text = params.xheaders_write === 0 ? traced.text : withXHeaders(state, traced)
  if (text === undefined) return -1
  if (params.hep_mode_on !== 0) sendHep(state, { ...traced, text }, destination, correlationId)
  else if (destination !== undefined || params.trace_to_database === 0) sendPlain(state, text, destination)
  return result
}

/** A row without user where tracing is on, and one for each traced user. */
export function writeRows(state: SipTrace, traced: Traced, avps: AvpList | undefined): number {
  const { rows } = state
  if (rows === undefined) return 1
  const chosen = state.tableName === undefined ? undefined : avps?.first(state.tableName)?.value
  const table = typeof chosen === 'string' && chosen !== '' ? chosen : state.params.table
  if (state.isOn) {
    if (!rows.add(table, traced, '')) return -1
    if (traced.isReply) state.counters.replies.increment()
    else state.counters.requests.increment()
  }
  for (const value of usersOf(state, avps)) if (!rows.add(table, traced, value)) return -1
  return 1
}

function usersOf({ tracedUser }: SipTrace, avps: AvpList | undefined): readonly string[] {
  const users: string[] = []
  if (tracedUser === undefined) return users
  for (let avp = avps?.first(tracedUser); avp !== undefined; avp = avps?.next(avp, tracedUser)) users.push(String(avp.value))
  return users
}

/** A copy as it is. */
export function sendPlain(state: SipTrace, text: string, destination: Destination | undefined): void {
  const to = destination ?? state.duplicate
  if (to === undefined) state.host.log.warning('siptrace', 'Neither dup_uri modparam or siptrace destination uri param used!')
  else sendCopy(state, to, () => text)
}

/** A copy in HEP. What does not fit into a packet is left out. */
export function sendHep(
  state: SipTrace, { text, fromIp, toIp }: Traced, destination: Destination | undefined, correlationId: string,
): void {
  const { params, host } = state
  const to = destination ?? state.duplicate
  const version = params.hep_version
  if (to === undefined || (version !== 3 && state.duplicate === undefined)) return
  const [from, target] = [parseHepEnd(fromIp), parseHepEnd(toIp)]
  const wrong = typeof from === 'string' ? from : target
  if (typeof from === 'string' || typeof target === 'string') {
    if (typeof wrong === 'string') host.log.error('siptrace', wrong)
    return
  }
  if (from.family !== target.family) {
    host.log.error('siptrace', 'interworking detected ?')
    return
  }
  const packet = { from, to: target, atMs: host.clock.now(), captureId: params.hep_capture_id, payload: text }
  const packed = version === 3 ? packHep3(packet, params.auth_key, correlationId) : packHep2(version === 2 ? 2 : 1, packet)
  if (packed !== undefined) sendCopy(state, to, () => packed)
}
