/** rtpproxy_manage(): offer, answer or end, as the message is one. */
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { destroy } from './commands.ts'
import { force } from './session.ts'
import { refuse, type RtpProxy } from './state.ts'

const hasSdp = (message: SipMessage): boolean => {
  const sdp = message.sdp()
  return sdp !== undefined && !(sdp instanceof ParseError)
}

export function manage(state: RtpProxy, context: RouteContext, flags: string, address: string | undefined): number | Promise<number> {
  const { message } = context
  if (context.routeType === RouteMask.branchFailure) return 1
  const method = message.cseq()?.method
  if (method === undefined) return refuse(state, 'no CSEQ header')
  if (method === 'CANCEL' || method === 'BYE') return destroy(state, context, flags)
  if (method !== 'INVITE' && method !== 'ACK' && method !== 'UPDATE' && method !== 'PRACK') return -1
  if (!message.isRequest && message.status >= 300) return destroy(state, context, flags)
  if (!hasSdp(message)) return -1
  if (message.isRequest && method === 'INVITE' && context.routeType === RouteMask.failure) return destroy(state, context, flags)
  return force(state, context, { flags, address, isOffer: message.isRequest ? method !== 'ACK' : isOfferingReply(state, context, method) })
}

/** A reply to an INVITE without a description brings the offer. */
function isOfferingReply(state: RtpProxy, context: RouteContext, method: string): boolean {
  const transaction = method === 'INVITE' ? state.tm?.transactionOf(context) : undefined
  return transaction !== undefined && !hasSdp(transaction.request)
}
