/** Routes that a transaction runs: on a reply, for a branch, after a failure. */
import { RouteMask } from '../../define/route-kind.ts'
import { Flow, RouteContext, type Worker } from '../../runtime/context.ts'
import { runTopRoute } from '../../runtime/flow.ts'
import type { RouteFunction, RouteTable } from '../../runtime/host.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import type { Transaction } from '../../transaction/transaction.ts'
import { enter } from './server-side.ts'
import type { Tm } from './state.ts'

/** The script that a transaction belongs to. */
export function routesOf(tm: Tm, transaction: Transaction): RouteTable {
  return transaction.routes ?? tm.host.routes
}

/** The request of a transaction for another route: as it was when it was sent on; what the route changes is its own. */
export function requestFor(transaction: Transaction): SipMessage {
  const message = transaction.request.fork()
  transaction.giveFlags(message)
  message.newUri = transaction.newUri
  message.dstUri = transaction.dstUri
  message.pathVector = transaction.pathVector
  message.forceSocket = transaction.forceSocket
  message.restoreEdits(transaction.savedEdits?.clone())
  message.msgFlags |= MessageFlag.uriIsTaken
  return message
}

/** Runs a route on a context; `then` gets to know whether it dropped. A route that fails counts as one that ended. */
export function runRoute(
  tm: Tm, context: RouteContext, route: RouteFunction, then: (isDropped: boolean) => void | Promise<void>,
): void | Promise<void> {
  const end = (): void | Promise<void> => then((context.flow & Flow.drop) !== 0)
  const fail = (error: unknown): void | Promise<void> => {
    tm.host.log.error('tm', `a route failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    return then(false)
  }
  let running: number | Promise<number>
  try {
    running = runTopRoute(context, route)
  } catch (error) {
    return fail(error)
  }
  return running instanceof Promise ? running.then(end, fail) : end()
}

/** The context of a route that runs for a transaction, on the worker of the message that caused it or on a free one. */
export function contextOf(
  tm: Tm, transaction: Transaction, message: SipMessage, worker: Worker | undefined,
): { readonly context: RouteContext; release(): void } {
  const made = worker === undefined ? tm.host.contextFor(message) : { context: new RouteContext(tm.host, worker, message), release() {} }
  enter(made.context, transaction)
  return made
}

/**
 * The failure route, on the request; `branch` is the one whose reply won. It is disarmed before it runs. While it runs the
 * transaction's own flags are `flags`, as they were before the failure; behind it they are the route's.
 */
export function runFailureRoute(
  tm: Tm, transaction: Transaction, branch: ClientBranch, worker: Worker | undefined, flags: number, then: () => void | Promise<void>,
): void | Promise<void> {
  const name = branch.onFailure
  if (transaction.armed.onFailure !== '') transaction.arm().onFailure = ''
  const route = name === '' ? undefined : routesOf(tm, transaction).failure(name)
  if (route === undefined) return then()
  transaction.arm().winner = branch
  const message = requestFor(transaction)
  transaction.flags = flags
  message.branchFlags = branch.flags
  const { context, release } = contextOf(tm, transaction, message, worker)
  context.routeType = RouteMask.failure
  context.branchIndex = transaction.branches.length
  return runRoute(tm, context, route, () => {
    transaction.keepFlags(context.message)
    release()
    return then()
  })
}

/** event_route[tm:branch-failure:NAME], for each failure as it comes. */
export function runBranchFailure(
  tm: Tm, branch: ClientBranch, worker: Worker | undefined, then: () => void | Promise<void>,
): void | Promise<void> {
  const { transaction } = branch
  const name = branch.onBranchFailure
  const route = name === '' ? undefined : routesOf(tm, transaction).event(`tm:branch-failure:${name}`)
  if (route === undefined) return then()
  branch.onBranchFailure = ''
  transaction.arm().winner = branch
  const message = requestFor(transaction)
  message.branchFlags = branch.flags
  const { context, release } = contextOf(tm, transaction, message, worker)
  context.routeType = RouteMask.branchFailure
  context.branchIndex = branch.index
  return runRoute(tm, context, route, () => {
    transaction.keepFlags(context.message)
    release()
    return then()
  })
}

/** Lets a request look as it did for that branch. */
export function showBranch(message: SipMessage, branch: ClientBranch): void {
  message.newUri = branch.uri
  message.dstUri = branch.dstUri
  message.pathVector = branch.path
  message.forceSocket = branch.socket
  message.branchFlags = branch.flags
  message.instance = branch.instance
  message.ruid = branch.ruid
  message.locationUserAgent = branch.locationUserAgent
}
