import { variable, variableFamily, type PvIndex, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { indexValue } from '../../runtime/variable-spec.ts'
import { readPart, writePart, type AddressHeader, type AddressPart } from './address.ts'
import { append, entriesOf, listOf, valueAt, writeAll, writeAt } from './header-list.ts'
import { replyReason, replyStatus, setReplyReason, setReplyStatus } from './reply-status.ts'
import type { PvHeaders } from './state.ts'

/** `$x_hdr(name)`: `[n]` the n-th, `[*]` all; without an index the first is read, and another one added. */
function writeHeader(state: PvHeaders, context: RouteContext, name: string, index: PvIndex, value: PvValue): boolean {
  const list = listOf(state, context)
  if (list === undefined) return refused(state, `xavi ${state.params.xavi_name} not found`)
  const text = value === null ? null : String(value)
  if (index.kind === 'all') {
    writeAll(list, name, text)
    return true
  }
  if (index.kind === 'none' && (text !== null || entriesOf(list, name).length === 0)) {
    append(state, context, name, text)
    return true
  }
  const place = indexValue(index, context)
  const result = Number.isNaN(place) ? 'invalid index' : writeAt(list, name, place, text)
  if (result === 'written') return true
  return refused(
    state, result === 'invalid index' ? result : `error modify xavi=>name ${state.params.xavi_name}=>${name} idx=${place}`,
  )
}

function refused(state: PvHeaders, reason: string): false {
  state.host.log.error('pv_headers', reason)
  return false
}

function readHeader(state: PvHeaders, context: RouteContext, name: string, index: PvIndex): PvValue {
  const list = listOf(state, context)
  const place = index.kind === 'all' ? 0 : indexValue(index, context)
  return list === undefined || Number.isNaN(place) ? null : valueAt(list, name, place)
}

const header = variableFamily<PvHeaders>(
  'A collected header: [n] the n-th, [*] all when written. Without an index the first is read; writing adds one more, $null takes it out.',
  { inner: 'required', index: true, writable: true },
  (inner = '', index, env) => {
    const computed = inner.startsWith('$') ? env.variable(inner) : undefined
    if (typeof computed === 'string') return `$x_hdr(${inner}): ${computed}`
    const nameFor = (context: RouteContext): string => (computed === undefined ? inner : String(computed.get(context) ?? ''))
    return {
      get: (context, state) => readHeader(state, context, nameFor(context), index),
      set: (context, state, value) => writeHeader(state, context, nameFor(context), index, value),
    }
  },
)

const readOnly = (summary: string, from: AddressHeader, part: AddressPart): VariableDef<PvHeaders> =>
  variable(summary, (context, state) => readPart(state, context, from, part))

const writable = (summary: string, from: AddressHeader, part: Exclude<AddressPart, 'tag'>): VariableDef<PvHeaders> =>
  variable<PvHeaders>(summary, (context, state) => readPart(state, context, from, part), {
    set: (context, state, value) => writePart(state, context, from, part, value === null ? '' : String(value)),
  })

export const headerVariables: Readonly<Record<string, VariableDef<PvHeaders>>> = {
  x_hdr: header,
  x_fu: writable('URI in the collected From.', 'From', 'uri'),
  x_fU: writable('User in the collected From.', 'From', 'user'),
  x_fd: writable('Host in the collected From.', 'From', 'domain'),
  x_fn: writable('Display name in the collected From.', 'From', 'display'),
  x_ft: readOnly('Tag of the collected From.', 'From', 'tag'),
  x_tu: writable('URI in the collected To.', 'To', 'uri'),
  x_tU: writable('User in the collected To.', 'To', 'user'),
  x_td: writable('Host in the collected To.', 'To', 'domain'),
  x_tn: writable('Display name in the collected To.', 'To', 'display'),
  x_tt: readOnly('Tag of the collected To.', 'To', 'tag'),
  x_rs: variable<PvHeaders>('Status of a reply.', replyStatus, { set: setReplyStatus }),
  x_rr: variable<PvHeaders>('Reason phrase of a reply.', replyReason, { set: setReplyReason }),
}
