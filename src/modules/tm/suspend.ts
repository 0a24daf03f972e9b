/** Suspended transactions: the script ends without an answer, and goes on later, in another route or where it was. */
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { runTopRoute } from '../../runtime/flow.ts'
import type { RouteFunction } from '../../runtime/host.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { Done, Phase, type Transaction } from '../../transaction/transaction.ts'
import { newTransaction } from './check.ts'
import { contextOf, requestFor } from './routes.ts'
import { absorb, answerFailure, sendTrying, transactionOf } from './server-side.ts'
import type { Tm } from './state.ts'

/** What came of suspending: a branch that stands for the wait, a copy of a request that is suspended already, or nothing. */
export type Suspended = ClientBranch | 'copy' | undefined

/** Leaves the transaction of the message as it is until somebody goes on with it; made if need be. */
export function suspend(tm: Tm, context: RouteContext): Suspended {
  const { message } = context
  const existing = transactionOf(tm, context)
  if (existing === undefined) {
    if (!message.isRequest || newTransaction(tm, context) <= 0) return undefined
  } else if (message.isRequest && existing.requestId !== message.id) {
    absorb(tm, existing, message)
    return 'copy'
  }
  const { transaction } = context
  if (!transaction) return undefined
  const branch = transaction.addBranch()
  branch.isBlind = true
  transaction.done |= Done.suspended
  if (message.isRequest) {
    branch.uri = message.uri
    transaction.savedEdits = message.freezeEdits()
    transaction.keepFlags(message)
    sendTrying(tm, transaction)
  }
  branch.request.endAfter(transaction.times.frMs)
  return branch
}

/** The wait is over. False when the transaction has ended meanwhile. */
export function wake(branch: ClientBranch): boolean {
  const { transaction } = branch
  if (branch.isDropped || branch.lastStatus >= 200 || transaction.phase !== Phase.proceeding) return false
  branch.stopTimers()
  branch.isDropped = true
  transaction.done &= ~Done.suspended
  return true
}

/** The branch that stands for the wait of a transaction. */
export function suspendedBranch(transaction: Transaction): ClientBranch | undefined {
  return transaction.branches.findLast((branch) => branch.isBlind && branch.lastStatus < 200 && !branch.isDropped)
}

/** Goes on with a suspended transaction in a route, which runs as a failure route does. 1, or -1 when it is not suspended. */
export function resume(tm: Tm, branch: ClientBranch, route: RouteFunction): number | Promise<number> {
  const { transaction } = branch
  if (!wake(branch)) return -1
  const message = requestFor(transaction)
  // Nothing was sent to the Request-URI yet.
  if (branch.uri !== '') message.setUri(branch.uri)
  const { context, release } = contextOf(tm, transaction, message, undefined)
  context.routeType = RouteMask.failure
  context.branchIndex = transaction.branches.length
  const ended = (): number => {
    release()
    afterResumed(tm, transaction)
    return 1
  }
  const running = runTopRoute(context, route)
  return running instanceof Promise ? running.then(ended) : ended()
}

/** A route that neither answered nor sent the request on, nor suspended it again, leaves nobody to answer. */
export function afterResumed(tm: Tm, transaction: Transaction): void {
  const isAlive = transaction.status >= 200 || transaction.phase !== Phase.proceeding || (transaction.done & Done.released) !== 0 ||
    transaction.branches.some((branch) => !branch.isDropped && branch.lastStatus < 200)
  if (!isAlive) answerFailure(tm, transaction, -1, transaction.request)
}
