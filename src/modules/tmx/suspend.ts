/** Suspended transactions: the script ends without an answer, and goes on later in another route. */
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { runTopRoute } from '../../runtime/flow.ts'
import { Done, Phase, type Transaction } from '../../transaction/transaction.ts'
import type { TmApi } from '../tm/api.ts'
import type { Tmx } from './state.ts'

/** Leaves the transaction of the message as it is until somebody continues it; made if need be. 1, 0 for a copy of a request, or below 0. */
export function suspend(tm: TmApi, context: RouteContext): number {
  const existing = tm.transactionOf(context)
  const isReplied = (context.routeType & RouteMask.onreply) !== 0
  if (existing === undefined) {
    if (isReplied) return -1
    const made = tm.newTransaction(context)
    if (made <= 0) return made
  } else if (!isReplied && existing.requestId !== context.message.id) {
    // A copy of a request that is suspended already.
    tm.absorb(existing, context.message)
    return 1
  }
  const transaction = context.transaction
  if (!transaction) return -1
  const branch = transaction.addBranch()
  branch.isBlind = true
  branch.uri = context.message.isRequest ? context.message.uri : ''
  transaction.done |= Done.suspended
  if (context.message.isRequest) tm.sendTrying(transaction)
  transaction.savedEdits = context.message.isRequest ? context.message.freezeEdits() : transaction.savedEdits
  branch.request.endAfter(transaction.times.frMs)
  return 1
}

/** Goes on with a suspended transaction in a route, which runs as a failure route does. */
export function resume(state: Tmx, index: number, label: number, routeName: string): number | Promise<number> {
  const { tm, host } = state
  const transaction = tm?.layer.byLabel(label)
  if (tm === undefined || transaction === undefined || transaction.hashIndex !== index) {
    host.log.error('tmx', `active transaction not found: ${index}:${label}`)
    return -1
  }
  const route = host.routes.request(routeName)
  if (route === undefined) {
    host.log.error('tmx', `action pointer is null: there is no route[${routeName}]`)
    return -1
  }
  const blind = transaction.branches.findLast((branch) => branch.isBlind && branch.lastStatus < 200 && !branch.isDropped)
  if (blind === undefined || transaction.phase !== Phase.proceeding) {
    host.log.warning('tmx', 'transaction is not suspended')
    return -1
  }
  blind.stopTimers()
  blind.isDropped = true
  transaction.done &= ~Done.suspended
  const { context, release } = tm.contextOf(transaction, tm.requestFor(transaction))
  context.message.newUri = blind.uri === '' ? context.message.newUri : blind.uri
  context.routeType = RouteMask.failure
  context.branchIndex = transaction.branches.length
  const ended = (): number => {
    release()
    afterResumed(state, tm, transaction)
    return 1
  }
  const running = runTopRoute(context, route)
  return running instanceof Promise ? running.then(ended) : ended()
}

/** A route that neither answered nor sent the request on, nor suspended it again, leaves nobody to answer: 500. */
function afterResumed(state: Tmx, tm: TmApi, transaction: Transaction): void {
  const isAlive = transaction.status >= 200 || transaction.phase !== Phase.proceeding ||
    transaction.branches.some((branch) => !branch.isDropped && branch.lastStatus < 200) || (transaction.done & Done.released) !== 0
  if (isAlive) return
  state.host.log.warning('tmx', 'the route that went on with a suspended transaction left it without an answer')
  const { context, release } = tm.contextOf(transaction, transaction.request)
  tm.answerFailure(context, transaction)
  release()
}
