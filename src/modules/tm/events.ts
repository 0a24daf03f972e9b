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

/**
 * event_route[tm:local-response], and tm:local-response-sent as later versions call it: sees a reply of this server. It
 * came from nowhere and has no transaction, but the AVPs of one.
 */
export function runReplySent(tm: Tm, transaction: Transaction, text: string): void {
  const { localResponse, localResponseSent } = tm.events
  const received = { ...transaction.origin, sourceAddress: '', sourcePort: 0 }
  for (const route of [localResponse, localResponseSent]) {
    const message = route === undefined ? undefined : parseMessage(text, received, 0)
    if (route === undefined || message === undefined || message instanceof ParseError) continue
    message.msgFlags |= MessageFlag.faked
    const { context, release } = tm.host.contextFor(message)
    context.transaction = null
    const { target } = transaction.response
    if (target?.socket !== undefined) context.sending = { text, socket: target.socket, address: target.address, port: target.port }
    if (transaction.attributes !== undefined) context.attributes = transaction.attributes
    void runRoute(tm, context, route, release)
  }
}

/** event_route[tm:local-ack-sent], of later versions: sees the ACK just sent. */
export function runAckSent(tm: Tm, transaction: Transaction, text: string): void {
  const route = tm.events.localAckSent
  const message = route === undefined ? undefined : parseMessage(text, transaction.origin, 0)
  if (route === undefined || message === undefined || message instanceof ParseError) return
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
