/** The reply to a request that is not sound: sent at once, or kept for sanity_reply(). */
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { slApi } from '../sl/api.ts'
import type { SanityParams } from './params.ts'
import { headersReadable } from './readable.ts'

export interface Sanity {
  readonly host: Host
  readonly params: SanityParams
  /** Extensions that Proxy-Require may name. */
  readonly extensions: readonly string[]
  /** What sanity_reply() is to send, and for which message. */
  kept: { readonly messageId: number; readonly code: number; readonly reason: string } | undefined
}

/** Neither replies nor ACK are answered. */
const isAnswerable = (message: SipMessage): boolean => message.isRequest && message.method !== 'ACK'

const mayReply = (message: SipMessage): boolean => (message.msgFlags & MessageFlag.noReply) === 0

/** Refuses the message with this reply, or keeps it with `noreply`. */
export function refuse(sanity: Sanity, context: RouteContext, code: number, reason: string): false {
  const { message } = context
  if (!isAnswerable(message)) return false
  if (sanity.params.noreply !== 0) sanity.kept = { messageId: message.id, code, reason }
  else if (mayReply(message)) send(sanity, context, code, reason)
  return false
}

/** Refuses the message in such a way that nobody answers it. */
export function refuseSilently(context: RouteContext): false {
  context.message.msgFlags |= MessageFlag.noReply
  return false
}

/** Sends what refuse() kept for this message, or 500. Nothing without `noreply`. */
export function sendKept(sanity: Sanity, context: RouteContext): number {
  const { message } = context
  if (!isAnswerable(message) || sanity.params.noreply === 0 || !mayReply(message)) return 1
  const { kept } = sanity
  if (kept?.messageId === message.id) return send(sanity, context, kept.code, kept.reason)
  sanity.host.log.info('sanity', 'no sanity reply info set - sending 500')
  return send(sanity, context, 500, 'Server Sanity Failure')
}

function send(sanity: Sanity, context: RouteContext, code: number, reason: string): number {
  const sl = sanity.host.api(slApi)
  // No reply is made of headers that cannot be read.
  if (sl !== undefined && headersReadable(context.message) && sl.reply(context, code, reason) > 0) return 1
  sanity.host.log.warning('sanity', `failed to send ${code} via sl reply`)
  return -1
}
