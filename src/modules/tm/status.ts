/** What scripts ask about a transaction: its statuses, what timed out, whether it was canceled. */
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { Option, Phase, type Transaction } from '../../transaction/transaction.ts'
import { transactionOf } from './server-side.ts'
import type { Tm } from './state.ts'

const FAILURE_ROUTES = RouteMask.failure | RouteMask.branchFailure
const REPLY_ROUTES = RouteMask.onreply | RouteMask.coreReply

/** The status a route is about: of the reply, of the failure, or the last one sent upstream; undefined without a transaction. */
export function statusOf(tm: Tm, context: RouteContext): number | undefined {
  if ((context.routeType & REPLY_ROUTES) !== 0) return context.message.status
  if (context.routeType === RouteMask.branch) return undefined
  const transaction = transactionOf(tm, context)
  if (transaction === undefined) return undefined
  return (context.routeType & FAILURE_ROUTES) !== 0 ? transaction.armed.winner?.lastStatus ?? 0 : transaction.status
}

/** True when a branch has that status now; one counts once its first reply is done with. */
export function hasStatus(transaction: Transaction, status: number): boolean {
  return transaction.branches.some(({ lastStatus, hasReplied }) => lastStatus === status && hasReplied)
}

export function anyBranch(tm: Tm, context: RouteContext, test: (branch: ClientBranch) => boolean): number {
  const transaction = transactionOf(tm, context)
  if (transaction === undefined) return -1
  return transaction.branches.some(test) ? 1 : -1
}

/** About the branch that the failure route, or the reply, is about. */
export function thisBranch(tm: Tm, context: RouteContext, test: (branch: ClientBranch) => boolean): number {
  const transaction = transactionOf(tm, context)
  const branch = (context.routeType & FAILURE_ROUTES) !== 0 ? transaction?.armed.winner : transaction?.branches[context.branchIndex]
  return branch !== undefined && test(branch) ? 1 : -1
}

export function isCanceled(tm: Tm, context: RouteContext): number {
  return transactionOf(tm, context)?.has(Option.canceled) === true ? 1 : -1
}

/** Its lifetime is over: what is sent on now has no time left. */
export function isExpired(tm: Tm, context: RouteContext): number {
  const transaction = transactionOf(tm, context)
  if (transaction === undefined) return -1
  return transaction.phase < Phase.waiting && tm.layer.now() >= transaction.endOfLife ? 1 : -1
}
