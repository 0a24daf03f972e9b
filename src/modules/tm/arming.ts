/** Functions that may stand in front of t_relay(): they hold for the transaction, be it there already or not. */
import type { RouteContext } from '../../runtime/context.ts'
import type { Arming } from '../../transaction/arming.ts'
import type { Times, Transaction } from '../../transaction/transaction.ts'
import { transactionOf } from './server-side.ts'
import type { Tm } from './state.ts'

/** Changes the transaction, or what it will be made with. */
export function whenThere(tm: Tm, context: RouteContext, change: (transaction: Transaction) => void, later: (arming: Arming) => void): 1 {
  const transaction = knownTransaction(tm, context)
  if (transaction !== undefined) change(transaction)
  else later((context.arming ??= {}))
  return 1
}

/** Only one that is known already: a copy of a request gets to its transaction in t_relay(). */
function knownTransaction(tm: Tm, context: RouteContext): Transaction | undefined {
  return context.message.isRequest && context.transaction === undefined ? undefined : transactionOf(tm, context)
}

/** A route name as scripts write it; `0` and nothing at all disarm. */
export function routeName(name: string): string {
  return name === '0' ? '' : name
}

export function setOption(tm: Tm, context: RouteContext, option: number, isOn: boolean): number {
  return whenThere(tm, context, (transaction) => transaction.set(option, isOn), (arming) => {
    arming.set = isOn ? (arming.set ?? 0) | option : (arming.set ?? 0) & ~option
    arming.clear = isOn ? (arming.clear ?? 0) & ~option : (arming.clear ?? 0) | option
  })
}

/** t_set_fr(): 0 leaves a timer as it is. What is awaited already is awaited that long from now. */
export function setFinalTimers(tm: Tm, context: RouteContext, inviteMs: number, firstMs: number): number {
  const times: { frInviteMs?: number; frMs?: number } = {}
  if (inviteMs > 0) times.frInviteMs = inviteMs
  if (firstMs > 0) times.frMs = firstMs
  return changeTimes(tm, context, times)
}

export function resetFinalTimers(tm: Tm, context: RouteContext): number {
  const { frMs, frInviteMs } = tm.layer.times
  return changeTimes(tm, context, { frMs, frInviteMs })
}

export function setRetransmission(tm: Tm, context: RouteContext, firstMs: number, maxMs: number): number {
  const times: { retr1Ms?: number; retr2Ms?: number } = {}
  if (firstMs > 0) times.retr1Ms = firstMs
  if (maxMs > 0) times.retr2Ms = maxMs
  return changeTimes(tm, context, times)
}

export function resetRetransmission(tm: Tm, context: RouteContext): number {
  const { retr1Ms, retr2Ms } = tm.layer.times
  return changeTimes(tm, context, { retr1Ms, retr2Ms })
}

export function setLifetime(tm: Tm, context: RouteContext, inviteMs: number, otherMs: number): number {
  const times: { inviteLifetimeMs?: number; otherLifetimeMs?: number } = {}
  if (inviteMs > 0) times.inviteLifetimeMs = inviteMs
  if (otherMs > 0) times.otherLifetimeMs = otherMs
  return changeTimes(tm, context, times)
}

export function resetLifetime(tm: Tm, context: RouteContext): number {
  const { inviteLifetimeMs, otherLifetimeMs } = tm.layer.times
  return changeTimes(tm, context, { inviteLifetimeMs, otherLifetimeMs })
}

function changeTimes(tm: Tm, context: RouteContext, times: Partial<Times>): number {
  return whenThere(tm, context, (transaction) => {
    transaction.times = { ...transaction.times, ...times }
    const lifetime = transaction.isInvite ? times.inviteLifetimeMs : times.otherLifetimeMs
    if (lifetime !== undefined) transaction.endOfLife = tm.layer.now() + lifetime
    if (times.frMs !== undefined || times.frInviteMs !== undefined || lifetime !== undefined) restartFinalTimers(tm, transaction)
  }, (arming) => {
    arming.times = { ...arming.times, ...times }
  })
}

/** What is awaited is awaited for the new time, from now. */
function restartFinalTimers(tm: Tm, transaction: Transaction): void {
  const left = transaction.endOfLife - tm.layer.now()
  const { frInviteMs, frMs } = transaction.times
  for (const branch of transaction.branches) {
    if (branch.request.isWaiting) branch.request.endAfter(Math.min(left, branch.isInviteTimerRunning ? frInviteMs : frMs))
  }
}
