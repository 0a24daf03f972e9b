/** Which final reply of several branches wins (RFC 3261 §16.7 step 6, in Kamailio's order). */
import type { ClientBranch } from './client-branch.ts'

const OTHER_4XX = 100

/** The lower, the better: 6xx, then 3xx, then 4xx (those that ask for something first), then 5xx. */
export function replyPriority(code: number): number {
  const rest = code % 100
  switch (Math.floor(code / 100)) {
    case 2:
      return rest
    case 3:
      return 3000 + rest
    case 4:
      return code === 401 || code === 407 || code === 415 || code === 420 || code === 484 ? 4000 + rest : 4000 + OTHER_4XX + rest
    case 5:
      return 5000 + rest
    case 6:
      return 1000 + rest
    default:
      return 10_000 + rest
  }
}

/**
 * The branch whose final reply wins; `pending` while one of them has none yet, `none` where all were dropped. As in
 * Kamailio, faked_reply_prio counts for replies kept from before, not for the one that has just come.
 */
export function chooseBranch(
  branches: readonly ClientBranch[], fakedReplyPriority: number, latest?: ClientBranch,
): ClientBranch | 'pending' | 'none' {
  let best: ClientBranch | undefined
  let bestPriority = Infinity
  for (const branch of branches) {
    if (branch.isDropped) continue
    if (branch.lastStatus < 200) return 'pending'
    if (branch.reply === undefined) continue
    const priority = replyPriority(branch.lastStatus) + (branch.reply === 'faked' && branch !== latest ? fakedReplyPriority : 0)
    if (priority < bestPriority) {
      best = branch
      bestPriority = priority
    }
  }
  return best ?? 'none'
}
