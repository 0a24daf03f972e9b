/** pvh_collect_headers(), pvh_apply_headers() and pvh_reset_headers(): between the message and the list. */
import { RouteMask } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { XavpTree, XavpValue } from '../../runtime/xavp.ts'
import { headersEnd } from '../../sip/build-request.ts'
import type { Header } from '../../sip/header.ts'
import { parseNameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { forgetList, listOf, openList } from './header-list.ts'
import { splitValues } from './split-values.ts'
import type { PvHeaders } from './state.ts'

const ORIGIN = 'pv_headers'

/** Puts every header of the message into the list, behind what is there. */
export function collectHeaders(state: PvHeaders, context: RouteContext): number {
  const { log } = state.host
  if (isMarked(state, context, 'collected')) {
    log.error(ORIGIN, 'headers are already collected')
    return -1
  }
  const headers = context.message.headers()
  if (context.message.error !== undefined) {
    log.error(ORIGIN, 'error parsing headers')
    return -1
  }
  const list = openList(state, context)
  for (const header of headers) {
    const { name } = header
    const value = valueOf(header)
    const values = state.split.has(name.toLowerCase()) ? splitValues(value) : [value]
    for (const one of values) list.addLast(name, one)
  }
  mark(state, context, 'collected')
  return 1
}

/** As Kamailio keeps it: blanks behind the value belong to it. */
function valueOf(header: Header): string {
  return header.written ?? header.text.slice(header.bodyStart, header.lineEnd)
}

/** Writes the list into the message: each header anew where its last namesake stood, new ones behind all others. */
export function applyHeaders(state: PvHeaders, context: RouteContext): number {
  const { log } = state.host
  if (isMarked(state, context, 'applied')) {
    log.error(ORIGIN, 'headers are already applied')
    return -1
  }
  const headers = context.message.headers()
  if (context.message.error !== undefined) {
    log.error(ORIGIN, 'error parsing headers')
    return -1
  }
  const list = listOf(state, context)
  if (list === undefined) {
    log.error(ORIGIN, 'missing xavi headers, run pv_collect_headers() first')
    return -1
  }
  const fault = writeHeaders(state, context, list, headers)
  if (fault !== undefined) {
    log.error(ORIGIN, `error parsing ${fault} header`)
    return -1
  }
  context.message.newReason = state.reasons.get(context.message) ?? context.message.newReason
  mark(state, context, 'applied')
  return 1
}

/** From and To are left alone but must be readable; the answer names the one that is not, behind which nothing is written. */
function writeHeaders(state: PvHeaders, context: RouteContext, list: XavpTree, headers: readonly Header[]): string | undefined {
  const { edits, isRequest } = context.message
  const places = new Map<string, number>()
  for (let at = list.head; at !== undefined; at = at.next) {
    const lower = at.name.toLowerCase()
    if (state.skipped.has(lower)) continue
    if (lower === 'from' || lower === 'to') {
      if (isRequest && at === list.get(lower) && !isAddress(at.value)) return lower === 'to' ? 'To' : 'From'
      continue
    }
    const place = places.get(lower) ?? takeAway(context, headers.filter(({ name }) => name.toLowerCase() === lower))
    places.set(lower, place)
    if (!isTakenOut(at.value)) edits.insert(place, `${at.name}: ${typeof at.value === 'string' ? at.value : ''}\r\n`)
  }
  return undefined
}

/** `$null`, and as in Kamailio every text that begins with this word. */
function isTakenOut(value: XavpValue): boolean {
  return value === null || (typeof value === 'string' && value.slice(0, 4).toLowerCase() === 'null')
}

/** Takes headers of a name out of the message; the answer is where others go: behind the last of them, or behind all. */
function takeAway({ message }: RouteContext, headers: readonly Header[]): number {
  for (const { start, end } of headers) message.edits.remove(start, end)
  return headers.at(-1)?.end ?? headersEnd(message)
}

function isAddress(value: XavpValue): boolean {
  return typeof value === 'string' && !(parseNameAddr(value, 0, value.length) instanceof ParseError)
}

/** Forgets the list and that it was collected and applied. */
export function resetHeaders(state: PvHeaders, context: RouteContext): number {
  forgetList(state, context)
  const { header_collect_flag, header_apply_flag } = state.params
  if (usesFlags(context)) context.message.flags = (context.message.flags & ~(bit(header_collect_flag) | bit(header_apply_flag))) >>> 0
  return 1
}

type Mark = 'collected' | 'applied'

/** Replies and branches are marked by flags of the message, requests by their list. */
function isMarked(state: PvHeaders, context: RouteContext, which: Mark): boolean {
  if (usesFlags(context)) return (context.message.flags & markBit(state, which)) !== 0
  const list = listOf(state, context)
  return list !== undefined && state[which].has(list)
}

function mark(state: PvHeaders, context: RouteContext, which: Mark): void {
  if (usesFlags(context)) context.message.flags = (context.message.flags | markBit(state, which)) >>> 0
  else state[which].add(openList(state, context))
}

function usesFlags({ message, routeType }: RouteContext): boolean {
  return !message.isRequest || routeType === RouteMask.branch
}

function markBit({ params }: PvHeaders, which: Mark): number {
  return bit(which === 'collected' ? params.header_collect_flag : params.header_apply_flag)
}

function bit(flag: number): number {
  return 1 << flag
}
