/** avp_op(). */
import { arg, type Arg } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { AvpPair } from './avp-name.ts'
import { readOperation, type Operand } from './operand.ts'
import type { Avpops } from './state.ts'

type Operator = (value: number, operand: number) => number | undefined

const operators: Readonly<Record<string, Operator>> = {
  add: (value, operand) => (value + operand) | 0,
  sub: (value, operand) => (value - operand) | 0,
  mul: (value, operand) => Math.imul(value, operand),
  div: (value, operand) => (operand === 0 ? undefined : Math.trunc(value / operand)),
  mod: (value, operand) => (operand === 0 ? undefined : value % operand),
  and: (value, operand) => value & operand,
  or: (value, operand) => value | operand,
  xor: (value, operand) => value ^ operand,
  not: (_value, operand) => ~operand,
}

export interface Computation {
  readonly operator: Operator
  readonly operand: Operand
  readonly isAll: boolean
  readonly deletes: boolean
}

const COMPUTE = 'operator/value/flags; flags g all values, d deletes the source.'

export const computeArg: Arg<Computation> = arg.custom('operation', COMPUTE, (text, env) => {
  const read = readOperation(text, env)
  if (typeof read === 'string') return read
  const operator = operators[read.operator]
  if (operator === undefined) return `'${read.operator}' is no operation: there are ${Object.keys(operators).join(', ')}`
  if (typeof read.operand.constant === 'string') return 'an operation needs a number: i:5'
  const unknown = [...read.flags].find((flag) => !'gd'.includes(flag))
  if (unknown !== undefined) return `'${unknown}' is no flag here: there are g and d`
  const { operand, flags } = read
  return { fixed: { operator, operand, isAll: flags.includes('g'), deletes: flags.includes('d') } }
})

/** Values of an AVP that one call computes with at most: each may add another one. */
const VALUES_MAX = 10_000

/**
 * Each number of the source gives a number of the destination. With flag g the result is computed with the further values of
 * an operand that is an AVP, and each step is kept.
 */
export function computeAvps(context: RouteContext, state: Avpops, pair: AvpPair, computation: Computation): number {
  const { avps } = context
  const source = pair.source(context)
  const destination = pair.destination(context)
  if (source === undefined || destination === undefined) return -1
  const { operator, operand, isAll, deletes } = computation
  let count = 0
  for (let avp = avps.first(source); avp !== undefined && count < VALUES_MAX;) {
    const below = avps.next(avp, source)
    if (typeof avp.value === 'number') {
      let value = avp.value
      for (const each of operand.values(context, isAll && operand.naming !== undefined)) {
        if (typeof each !== 'number') continue
        const result = operator(value, each)
        if (result === undefined) state.host.log.error('avpops', 'a division by 0 gives 0 here')
        value = result ?? 0
        avps.add(destination, value)
        count++
      }
      if (deletes) avps.remove(avp)
    }
    avp = below
  }
  return count > 0 ? 1 : -1
}
