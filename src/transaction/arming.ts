/** What a script asks for before the transaction is there (t_on_reply(), t_set_fr() ...): it gets it when it is made. */
import type { ReplyEditor, Times, Transaction } from './transaction.ts'

export interface Arming {
  onReply?: string
  onFailure?: string
  onBranch?: string
  onBranchFailure?: string
  /** Times that differ from the layer's. */
  times?: Partial<Times>
  /** Bits of `Option` to set and to clear. */
  set?: number
  clear?: number
  replyEditor?: ReplyEditor
  /** See `Transaction.script`. */
  script?: unknown
}

export function arm(transaction: Transaction, arming: Arming): void {
  const { onReply, onFailure, onBranch, onBranchFailure, times } = arming
  if (onReply || onFailure || onBranch || onBranchFailure) {
    const armed = transaction.arm()
    armed.onReply = onReply ?? ''
    armed.onFailure = onFailure ?? ''
    armed.onBranch = onBranch ?? ''
    armed.onBranchFailure = onBranchFailure ?? ''
  }
  if (times !== undefined) {
    transaction.times = { ...transaction.times, ...times }
    const lifetime = transaction.isInvite ? times.inviteLifetimeMs : times.otherLifetimeMs
    if (lifetime !== undefined) transaction.endOfLife = transaction.layer.now() + lifetime
  }
  if (arming.script !== undefined) transaction.script = arming.script
  if (arming.replyEditor !== undefined) transaction.replyEditor = arming.replyEditor
  if (arming.set !== undefined) transaction.options |= arming.set
  if (arming.clear !== undefined) transaction.options &= ~arming.clear
}
