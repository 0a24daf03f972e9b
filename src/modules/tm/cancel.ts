/** CANCEL: of one branch, of all that are pending, and the one that came from upstream (RFC 3261 §9, §16.10). */
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { buildHopRequest, buildHopRequestFromReceived, type HopRequest } from '../../sip/build-hop-request.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { Retransmitter } from '../../transaction/retransmitter.ts'
import { Done, Option, type Transaction } from '../../transaction/transaction.ts'
import { userAgentLine } from '../../runtime/server-header.ts'
import { takeFinal } from './client-side.ts'
import { replyLocally } from './server-side.ts'
import type { Tm } from './state.ts'

/** What cancel_b_method does with a branch that did not reply yet. */
const Unreplied = { countAs487: 0, cancelOnceItReplies: 1, cancelAtOnce: 2 } as const

/** True for a branch whose final reply is awaited, unless it is canceled already. */
export function isPending(branch: ClientBranch): boolean {
  return branch.lastStatus < 200 && !branch.isCanceled && !branch.isDropped
}

export interface CancelOptions {
  /** The Reason header line of the CANCEL; empty for none. */
  readonly reason: string
}

/** Cancels branches of an INVITE transaction; those of other methods end by themselves. */
export function cancelBranches(tm: Tm, branches: readonly ClientBranch[], options: CancelOptions): void {
  for (const branch of branches) cancelBranch(tm, branch, options)
}

export function cancelBranch(tm: Tm, branch: ClientBranch, options: CancelOptions): void {
  const { transaction } = branch
  branch.isCanceled = true
  if (branch.isBlind) {
    takeFinal(tm, branch, 'faked', 487)
    return
  }
  if (!transaction.isInvite) return
  if (branch.lastStatus < 100) {
    const method = tm.params.cancel_b_method
    branch.cancelReason = options.reason
    if (method === Unreplied.cancelOnceItReplies) return
    branch.request.stopRepeating()
    if (method === Unreplied.countAs487) {
      branch.request.stop()
      // Final replies were taken care of by who cancels: this one only counts where others are awaited.
      if (transaction.status < 200) takeFinal(tm, branch, 'faked', 487)
      return
    }
  }
  sendCancel(tm, branch, options)
}

/** Sends the CANCEL of a branch, now that it may be (RFC 3261 §9.1: not before a provisional reply). */
export function sendCancel(tm: Tm, branch: ClientBranch, options: CancelOptions): void {
  const { transaction } = branch
  const sent = sentRequest(branch)
  if (sent === undefined || branch.cancel !== undefined) return
  branch.request.stopRepeating()
  const headers = tm.params.local_cancel_reason === 0 && options.reason.startsWith('Reason: SIP;cause=') ? '' : options.reason
  const cancel = new Retransmitter(transaction.layer, branch)
  cancel.text = hopRequest(tm, branch, sent, { method: 'CANCEL', headers })
  cancel.target = branch.request.target
  branch.cancel = cancel
  repeatCancel(branch, cancel)
  cancel.repeat(transaction.times.retr1Ms, transaction.times.retr2Ms)
  cancel.endAfter(transaction.times.frMs)
}

/** Sends the CANCEL of a branch, for the first time or again. */
export function repeatCancel({ transaction }: ClientBranch, cancel: Retransmitter): void {
  transaction.layer.retransmit(cancel)
  if (cancel.target !== undefined) transaction.tracer?.requestSent(transaction, cancel.text, cancel.target)
}

/** The ACK or CANCEL of a branch: made from the request as it was sent, or with reparse_invite off as it came. */
export function hopRequest(tm: Tm, branch: ClientBranch, sent: SipMessage, request: HopRequest): string {
  const { reparse_invite, ac_extra_hdrs } = tm.params
  if (reparse_invite !== 0) return buildHopRequest(sent, request, ac_extra_hdrs)
  return buildHopRequestFromReceived(sent, branch.transaction.request, request, userAgentLine(tm.host))
}

/** The request of a branch as it was sent, read again. */
export function sentRequest(branch: ClientBranch): SipMessage | undefined {
  const { text } = branch.request
  if (text === '') return undefined
  const sent = parseMessage(text, branch.transaction.origin, 0)
  return sent instanceof ParseError ? undefined : sent
}

/**
 * A CANCEL from upstream: the CANCEL is answered here, and each pending branch gets one of its own. `own` is the
 * transaction of the CANCEL itself.
 */
export function cancelInvite(
  tm: Tm, invite: Transaction, cancel: SipMessage, own: Transaction, answer: (code: number, reason: string) => void,
): void {
  invite.tracer?.cancelCame(invite, cancel, own)
  const sent = invite.branches.filter((branch) => branch.isBlind || branch.request.text !== '')
  const pending = invite.status >= 200 ? [] : sent.filter(isPending)
  invite.set(Option.canceled)
  if (pending.length === 0) {
    if (sent.length === 0) replyLocally(tm, invite, { code: 487, reason: 'Request canceled' })
    answer(200, 'ok -- no more pending branches')
    return
  }
  const reason = invite.has(Option.noE2eCancelReason) || tm.params.e2e_cancel_reason === 0 ? '' : reasonsOf(cancel)
  cancelBranches(tm, pending, { reason })
  answer(200, 'canceling')
  invite.done |= Done.forwarded
}

/** The INVITE that a CANCEL is about. */
export function canceledInviteOf(tm: Tm, message: SipMessage): Transaction | undefined {
  return tm.layer.find(message, 'INVITE')
}

/** The Reason headers of a CANCEL, as they came. */
function reasonsOf(message: SipMessage): string {
  return message.headersOf(HeaderType.reason).map(({ start, end }) => message.text.slice(start, end)).join('')
}
