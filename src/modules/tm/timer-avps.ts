/** fr_timer_avp and fr_inv_timer_avp: AVPs in which a script leaves the times of the transaction to be made, in seconds. */
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { Times, Transaction } from '../../transaction/transaction.ts'

export interface TimerAvps {
  readonly first: VariableHandle | undefined
  readonly invite: VariableHandle | undefined
}

/** Undefined where neither parameter is set. A name may be written with or without `$avp(...)`. */
export function prepareTimerAvps(host: Host, firstName: string, inviteName: string): TimerAvps | undefined {
  const first = handleOf(host, 'fr_timer_avp', firstName)
  const invite = handleOf(host, 'fr_inv_timer_avp', inviteName)
  return first === undefined && invite === undefined ? undefined : { first, invite }
}

function handleOf(host: Host, parameter: string, name: string): VariableHandle | undefined {
  if (name === '') return undefined
  const variable = host.prepare.variable(name.startsWith('$') ? name : `$avp(${name})`)
  if (typeof variable !== 'string') return variable
  host.log.error('tm', `${parameter}: ${variable}`)
  return undefined
}

/** Gives a new transaction the times that its message's AVPs hold. */
export function takeTimerAvps({ first, invite }: TimerAvps, context: RouteContext, transaction: Transaction): void {
  const times: { -readonly [Name in keyof Times]: Times[Name] } = { ...transaction.times }
  times.frMs = secondsOf(first, context) * 1000 || times.frMs
  times.frInviteMs = secondsOf(invite, context) * 1000 || times.frInviteMs
  transaction.times = times
}

/** 0 for what is no number of seconds. */
function secondsOf(variable: VariableHandle | undefined, context: RouteContext): number {
  const value = variable?.get(context) ?? null
  if (typeof value === 'number') return Math.max(0, value)
  return value !== null && /^[0-9]{1,9}$/.test(value) ? Number(value) : 0
}
