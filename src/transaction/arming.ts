/** What a script asks for before the transaction is there (t_on_reply(), t_set_fr() ...): it gets it when it is made. */
import type { Transaction } from './transaction.ts'

export interface Arming {
  onReply?: string
  onFailure?: string
  onBranch?: string
  onBranchFailure?: string
  frMs?: number
  frInviteMs?: number
  retr1Ms?: number
  retr2Ms?: number
  inviteLifetimeMs?: number
  otherLifetimeMs?: number
  /** Bits of `Option` to set and to clear. */
  set?: number
  clear?: number
}

export function arm(transaction: Transaction, arming: Arming): void {
  const { layer } = transaction
  if (arming.onReply !== undefined) transaction.onReply = arming.onReply
  if (arming.onFailure !== undefined) transaction.onFailure = arming.onFailure
  if (arming.onBranch !== undefined) transaction.onBranch = arming.onBranch
  if (arming.onBranchFailure !== undefined) transaction.onBranchFailure = arming.onBranchFailure
  if (arming.frMs) transaction.frMs = arming.frMs
  if (arming.frInviteMs) transaction.frInviteMs = arming.frInviteMs
  if (arming.retr1Ms) transaction.retr1Ms = arming.retr1Ms
  if (arming.retr2Ms) transaction.retr2Ms = arming.retr2Ms
  const lifetime = transaction.isInvite ? arming.inviteLifetimeMs : arming.otherLifetimeMs
  if (lifetime) transaction.endOfLife = layer.now() + lifetime
  if (arming.set !== undefined) transaction.options |= arming.set
  if (arming.clear !== undefined) transaction.options &= ~arming.clear
}
