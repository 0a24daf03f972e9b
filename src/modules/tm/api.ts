import { apiKey } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { ReplyEditor, Transaction } from '../../transaction/transaction.ts'
import type { TransactionLayer } from '../../transaction/layer.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import type { Worker } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { LocalRequest } from './uac.ts'
import type { RelayOptions } from './relay.ts'
import type { Suspended } from './suspend.ts'
import type { RouteFunction } from '../../runtime/host.ts'

export type { LocalRequest } from './uac.ts'

/** A module that follows transactions: it may put an observer on those it wants to hear of again. */
export interface TransactionWatcher {
  /** A request made its transaction. */
  requestIn(context: RouteContext, transaction: Transaction): void
  /** An ACK came that is no part of a transaction here: that to a 2xx. */
  ackIn(context: RouteContext): void
}

export interface TmApi {
  readonly layer: TransactionLayer
  /** The transaction of the message that a route runs for, if there is one. */
  transactionOf(context: RouteContext): Transaction | undefined
  /** Makes the transaction of a request: 1 for a new one or an ACK, 0 for a copy that was answered again, below 0 for an error. */
  newTransaction(context: RouteContext): number
  relay(context: RouteContext, options?: RelayOptions): number | Promise<number>
  /** Answers the transaction's request: false when it has a final answer. */
  reply(context: RouteContext, transaction: Transaction, code: number, reason: string): boolean
  /** Sends a request of this server; above 0 when it left. */
  send(request: LocalRequest): number | Promise<number>
  /** enable_uac_fr: failures of such requests are for scripts as well. */
  readonly hasLocalFailures: boolean
  newCallId(): string
  /** From now on Call-IDs of own requests are made so. */
  useCallIds(make: () => string): void
  /** A From tag for such a request. */
  newFromTag(): string
  /** Changes each reply to the request as it comes, once there is a transaction; an editor given earlier is gone. */
  editReplies(context: RouteContext, editor: ReplyEditor): void
  /** Cancels branches that are pending; the Reason is a whole header line or empty. */
  cancel(branches: readonly ClientBranch[], reason: string): void
  /** The request of a transaction for another route. */
  requestFor(transaction: Transaction): SipMessage
  /** A context for a route of a transaction. */
  contextOf(transaction: Transaction, message: SipMessage, worker?: Worker): { readonly context: RouteContext; release(): void }
  /** Does something to a transaction, behind what waits there. */
  inTurn(transaction: Transaction, work: () => void | Promise<void>): void | Promise<void>
  /** Takes a final status for a branch that gets no reply of its own. */
  endBranch(branch: ClientBranch, status: number, worker?: Worker): void | Promise<void>
  /** Leaves the transaction of the message as it is until somebody goes on with it. */
  suspend(context: RouteContext): Suspended
  /** The branch that stands for the wait of a transaction; undefined when it does not wait. */
  suspendedBranch(transaction: Transaction): ClientBranch | undefined
  /** The wait is over: false when the transaction has ended meanwhile. */
  wake(branch: ClientBranch): boolean
  /** Goes on with a suspended transaction in a route: 1, or -1 when it is not suspended. */
  resume(branch: ClientBranch, route: RouteFunction): number | Promise<number>
  /** The To tag of replies made here to its request. */
  localTag(transaction: Transaction): string
  /** From now on the watcher hears of every transaction. */
  watch(watcher: TransactionWatcher): void
  /** Behind a route that ran for the transaction: answers and warns as behind request_route. */
  scriptEnded(context: RouteContext): void
}

export const tmApi = apiKey<TmApi>('tm')
