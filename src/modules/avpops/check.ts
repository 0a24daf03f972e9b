/** avp_check(). */
import { arg, type Arg, type PrepareEnv, type TextMatcher } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { globMatches } from './glob.ts'
import { readOperation, type Operand, type Value } from './operand.ts'
import type { Avpops } from './state.ts'

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
}

const bits: Readonly<Record<string, (one: number, two: number) => number>> = {
  and: (one, two) => one & two,
  or: (one, two) => one | two,
  xor: (one, two) => one ^ two,
}

export interface Check {
  readonly operand: Operand
  readonly isAll: boolean
  /** Values of different types never fit. */
  readonly fits: (value: Value, wanted: Value) => boolean
}

export const checkArg: Arg<Check> = arg.custom('check', 'operator/value/flags; flags g all values, i whatever the case.', (text, env) => {
  const check = readCheck(text, env)
  return typeof check === 'string' ? check : { fixed: check }
})

function readCheck(text: string, env: PrepareEnv): Check | string {
  const read = readOperation(text, env)
  if (typeof read === 'string') return read
  const { operator, operand, flags } = read
  const unknown = [...flags].find((flag) => !'gi'.includes(flag))
  if (unknown !== undefined) return `'${unknown}' is no flag here: there are g and i`
  const fits = operatorOf(operator, operand, flags.includes('i'), env)
  return typeof fits === 'string' ? fits : { operand, isAll: flags.includes('g'), fits }
}

function operatorOf(operator: string, operand: Operand, ignoresCase: boolean, env: PrepareEnv): Check['fits'] | string {
  const comparison = comparisons[operator]
  if (comparison !== undefined) {
    return (value, wanted) => typeof value === typeof wanted && comparison(orderOf(value, wanted, ignoresCase))
  }
  const bit = bits[operator]
  if (bit !== undefined) return (value, wanted) => typeof value === 'number' && typeof wanted === 'number' && bit(value, wanted) !== 0
  if (operator === 'fm') return (value, wanted) => typeof value === 'string' && typeof wanted === 'string' && globMatches(wanted, value)
  if (operator === 're') return matcherOf(operand, env)
  return `'${operator}' is no operator: there are eq, ne, lt, le, gt, ge, re, fm, and, or, xor`
}

function orderOf(value: Value, wanted: Value, ignoresCase: boolean): number {
  if (typeof value === 'number' && typeof wanted === 'number') return value - wanted
  const [one, two] = [value, wanted].map((text) => (ignoresCase ? String(text).toLowerCase() : String(text)))
  return one === two ? 0 : (one ?? '') < (two ?? '') ? -1 : 1
}

/** Case never counts. A pattern out of a variable is kept until it changes. */
function matcherOf(operand: Operand, env: PrepareEnv): Check['fits'] | string {
  const compile = (pattern: string): TextMatcher | string => env.regex(pattern, { ignoreCase: true })
  if (typeof operand.constant === 'number') return 'a regular expression is a text'
  let pattern = operand.constant ?? ''
  let matcher = compile(pattern)
  if (operand.constant !== undefined && typeof matcher === 'string') return matcher
  return (value, wanted) => {
    if (typeof value !== 'string' || typeof wanted !== 'string') return false
    if (wanted !== pattern) {
      pattern = wanted
      matcher = compile(wanted)
    }
    return typeof matcher !== 'string' && matcher.test(value)
  }
}

/** True when any of the values looked at fits any of those it is compared with. */
export function checkAvps(context: RouteContext, _state: Avpops, operand: Operand, check: Check): number {
  const isAll = check.isAll || operand.isAll
  const wanted = check.operand.values(context, isAll)
  for (const value of operand.values(context, isAll)) {
    for (const each of wanted) if (check.fits(value, each)) return 1
  }
  return -1
}
