/** t_check_trans(), t_lookup_request() and others that look for the transaction of a message. */
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { canceledInviteOf } from './cancel.ts'
import { absorb, makeTransaction, repeatReply, TOO_FEW_HEADERS, transactionOf } from './server-side.ts'
import type { Tm } from './state.ts'

/** Ends the script for copies of requests and ACKs to failures; 1 for a CANCEL whose INVITE is there. */
export function checkTransaction(tm: Tm, context: RouteContext): number {
  const { message } = context
  if (!message.isRequest) return tm.layer.branchOf(message) === undefined ? -1 : 1
  // Its own transaction makes a request a copy of itself, as in Kamailio.
  if (context.transaction) return message.method === 'ACK' || context.routeType !== RouteMask.request ? 1 : 0
  if (message.method === 'CANCEL') return canceledInviteOf(tm, message) === undefined ? -1 : 1
  const transaction = transactionOf(tm, context)
  if (transaction === undefined) return -1
  absorb(tm, transaction, message)
  return 0
}

export function lookUpRequest(tm: Tm, context: RouteContext): number {
  return transactionOf(tm, context) === undefined ? -1 : 1
}

/** t_newtran(): 1 for a new transaction, 0 for a copy of a request, which is answered again and ends the script. */
export function newTransaction(tm: Tm, context: RouteContext): number {
  switch (makeTransaction(tm, context)) {
    case 'absorbed':
      return 0
    case 'again':
      tm.host.log.error('tm', 'transaction already in process')
      return -10
    case 'bad':
      return -400
    case 'incomplete':
      return TOO_FEW_HEADERS
    default:
      return 1
  }
}

/** t_retransmit_reply(): sends the last reply again. */
export function retransmitReply(tm: Tm, context: RouteContext): number {
  const transaction = transactionOf(tm, context)
  return transaction !== undefined && repeatReply(transaction) ? 1 : -1
}
