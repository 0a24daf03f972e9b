/** Event routes of tm, each on a message made here. */
import { parseMessage } from '../../sip/parse-message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteFunction } from '../../runtime/host.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import type { Transaction } from '../../transaction/transaction.ts'
import { contextOf, runRoute } from './routes.ts'
import type { Tm } from './state.ts'

/** event_route[tm:local-response-sent]: sees the reply just sent. */
export function runReplySent(tm: Tm, transaction: Transaction, text: string): void {
  runOnText(tm, transaction, text, tm.events.localResponseSent)
}

/** event_route[tm:local-ack-sent]: sees the ACK just sent. */
export function runAckSent(tm: Tm, transaction: Transaction, text: string): void {
  runOnText(tm, transaction, text, tm.events.localAckSent)
}

function runOnText(tm: Tm, transaction: Transaction, text: string, route: RouteFunction | undefined): void {
  const message = parseMessage(text, transaction.request.received, 0)
  if (route === undefined || message instanceof ParseError) return
  void runEvent(tm, transaction, message, route)
}

/** Runs an event route for a transaction; the answer tells whether it dropped. */
export function runEvent(tm: Tm, transaction: Transaction, message: SipMessage, route: RouteFunction): boolean | Promise<boolean> {
  message.msgFlags |= MessageFlag.faked
  const { context, release } = contextOf(tm, transaction, message, undefined)
  context.routeType = RouteMask.local
  let dropped = false
  const running = runRoute(tm, context, route, (isDropped) => {
    dropped = isDropped
    release()
  })
  return running instanceof Promise ? running.then(() => dropped) : dropped
}
