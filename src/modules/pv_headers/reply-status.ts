/** `$x_rs` and `$x_rr`: status and reason of a reply, as they came or as they will leave; a reason leaves with pvh_apply_headers() only. */
import type { PvValue } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { PvHeaders } from './state.ts'

export function replyStatus({ message }: RouteContext): PvValue {
  return message.isRequest ? null : message.newStatus || message.status
}

export function replyReason({ message }: RouteContext, state: PvHeaders): PvValue {
  return message.isRequest ? null : state.reasons.get(message) ?? message.newReason ?? message.reason
}

export function setReplyStatus(context: RouteContext, state: PvHeaders, value: PvValue): boolean {
  const { message } = context
  const fault = replyFault(context, value) ?? statusFault(message.newStatus || message.status, leadingNumber(value))
  if (fault !== undefined) return refused(state, fault)
  message.newStatus = leadingNumber(value)
  return true
}

export function setReplyReason(context: RouteContext, state: PvHeaders, value: PvValue): boolean {
  const fault = replyFault(context, value)
  if (fault !== undefined) return refused(state, fault)
  state.reasons.set(context.message, String(value))
  return true
}

function replyFault({ message }: RouteContext, value: PvValue): string | undefined {
  if (message.isRequest) return 'not a reply message'
  return value === null ? 'value cannot be null' : undefined
}

/** Replies that end a transaction stay such, and those that do not. */
function statusFault(old: number, status: number): string | undefined {
  if (status < 100 || status > 699) return `wrong status code: ${status}`
  const kind = (code: number): number => Math.min(Math.floor(code / 100), 3)
  return kind(old) === kind(status) ? undefined : '1xx or 2xx replies cannot be changed or set to'
}

function leadingNumber(value: PvValue): number {
  return typeof value === 'number' ? value : Number(/^\s*-?\d+/.exec(value ?? '')?.[0] ?? 0)
}

function refused(state: PvHeaders, fault: string): false {
  state.host.log.error('pv_headers', `set reply: ${fault}`)
  return false
}
