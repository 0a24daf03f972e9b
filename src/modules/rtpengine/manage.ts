/** rtpengine_manage(): offer, answer or end, as the message is one. */
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { describe, tellFigures } from './session.ts'
import { inTurns, type Turn } from './sets.ts'
import { fail, findNote, noteOf, type RtpEngine } from './state.ts'

const MANAGED: ReadonlySet<string> = new Set(['INVITE', 'ACK', 'CANCEL', 'BYE', 'UPDATE', 'PRACK'])

type Step = 'offer' | 'answer' | 'delete' | 'nothing' | 'refuse'

export function manage(state: RtpEngine, context: RouteContext, flags: string): Promise<number> {
  return inTurns(state, context, 'first', (turn) => manageOnce(state, context, flags, turn))
}

async function manageOnce(state: RtpEngine, context: RouteContext, flags: string, turn: Turn): Promise<number> {
  // The end of the call is for the transaction's failure route.
  if (context.routeType === RouteMask.branchFailure) return 1
  const method = context.message.cseq()?.method
  if (method === undefined) return fail(state, 'no CSEQ header')
  const step = stepFor(state, context, method)
  if (step === 'refuse') return -1
  if (step === 'delete') return tellFigures(state, context, 'delete', flags, turn)
  return step === 'nothing' ? 1 : describe(state, context, step, flags, { ...turn, hasNext: false })
}

function stepFor(state: RtpEngine, context: RouteContext, method: string): Step {
  const { message, routeType } = context
  if (!MANAGED.has(method)) return 'refuse'
  if (method === 'CANCEL' || method === 'BYE') return 'delete'
  const isDescribed = (message.isRequest && findNote(message)?.request.hasOffered === true) || hasDescription(message)
  if (!message.isRequest) {
    if (message.status >= 300) return 'delete'
    return isDescribed ? replyStep(state, context, method) : 'refuse'
  }
  if (!isDescribed) return 'refuse'
  if (method === 'ACK' || method === 'PRACK') return 'answer'
  if (method === 'UPDATE') return 'offer'
  noteOf(state, context).request.hasOffered = true
  return routeType === RouteMask.failure ? 'delete' : 'offer'
}

/** A reply answers an offer that went through here, and brings one itself where there was none. */
function replyStep({ tm, requests }: RtpEngine, context: RouteContext, method: string): Step {
  const transaction = method === 'UPDATE' ? undefined : tm?.transactionOf(context)
  return transaction === undefined || requests.get(transaction)?.hasOffered === true ? 'answer' : 'offer'
}

function hasDescription(message: SipMessage): boolean {
  const sdp = message.sdp()
  return sdp !== undefined && !(sdp instanceof ParseError)
}
