/** Functions that may stand in front of t_relay(): they hold for the transaction, be it there already or not. */
import type { RouteContext } from '../../runtime/context.ts'
import type { Arming } from '../../transaction/arming.ts'
import type { Transaction } from '../../transaction/transaction.ts'
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
  return whenThere(tm, context, (transaction) => {
    if (inviteMs > 0) transaction.frInviteMs = inviteMs
    if (firstMs > 0) transaction.frMs = firstMs
    restartFinalTimers(tm, transaction)
  }, (arming) => {
    if (inviteMs > 0) arming.frInviteMs = inviteMs
    if (firstMs > 0) arming.frMs = firstMs
  })
}

export function resetFinalTimers(tm: Tm, context: RouteContext): number {
  return whenThere(tm, context, (transaction) => {
    transaction.frMs = tm.params.fr_timer
    transaction.frInviteMs = tm.params.fr_inv_timer
    restartFinalTimers(tm, transaction)
  }, (arming) => {
    delete arming.frMs
    delete arming.frInviteMs
  })
}

function restartFinalTimers(tm: Tm, transaction: Transaction): void {
  const left = transaction.endOfLife - tm.layer.now()
  for (const branch of transaction.branches) {
    if (branch.request.isWaiting) branch.request.endAfter(Math.min(left, branch.isInviteTimerRunning ? transaction.frInviteMs : transaction.frMs))
  }
}

export function setRetransmission(tm: Tm, context: RouteContext, firstMs: number, maxMs: number): number {
  return whenThere(tm, context, (transaction) => {
    if (firstMs > 0) transaction.retr1Ms = firstMs
    if (maxMs > 0) transaction.retr2Ms = maxMs
  }, (arming) => {
    if (firstMs > 0) arming.retr1Ms = firstMs
    if (maxMs > 0) arming.retr2Ms = maxMs
  })
}

export function resetRetransmission(tm: Tm, context: RouteContext): number {
  return whenThere(tm, context, (transaction) => {
    transaction.retr1Ms = tm.params.retr_timer1
    transaction.retr2Ms = tm.params.retr_timer2
  }, (arming) => {
    delete arming.retr1Ms
    delete arming.retr2Ms
  })
}

export function setLifetime(tm: Tm, context: RouteContext, inviteMs: number, otherMs: number): number {
  return whenThere(tm, context, (transaction) => {
    const lifetime = transaction.isInvite ? inviteMs : otherMs
    if (lifetime > 0) changeLifetime(tm, transaction, lifetime)
  }, (arming) => {
    if (inviteMs > 0) arming.inviteLifetimeMs = inviteMs
    if (otherMs > 0) arming.otherLifetimeMs = otherMs
  })
}

export function resetLifetime(tm: Tm, context: RouteContext): number {
  return whenThere(tm, context, (transaction) => {
    changeLifetime(tm, transaction, transaction.isInvite ? tm.params.max_inv_lifetime : tm.params.max_noninv_lifetime)
  }, (arming) => {
    delete arming.inviteLifetimeMs
    delete arming.otherLifetimeMs
  })
}

function changeLifetime(tm: Tm, transaction: Transaction, lifetimeMs: number): void {
  transaction.endOfLife = tm.layer.now() + lifetimeMs
  restartFinalTimers(tm, transaction)
}
