import { HeaderType } from '../../sip/header-name.ts'
import type { Transaction } from '../../transaction/transaction.ts'

/** How many branches were challenged, and all their challenges as header lines (RFC 3261 §16.7 step 7). */
export function challengesOf(transaction: Transaction): { readonly count: number; readonly lines: string } {
  let count = 0
  let lines = ''
  for (const { reply, lastStatus } of transaction.branches) {
    if (reply === undefined || reply === 'faked' || (lastStatus !== 401 && lastStatus !== 407)) continue
    count++
    for (const header of reply.headers()) {
      const isChallenge = header.type === HeaderType.wwwAuthenticate || header.type === HeaderType.proxyAuthenticate
      if (isChallenge) lines += reply.text.slice(header.start, header.end)
    }
  }
  return { count, lines }
}
