/**
 * What compiled expressions call when a plain operator of JavaScript would not do. A whole number that cannot be had
 * is NaN, a value or text that cannot be had is undefined; whoever stops at one logs it, as Kamailio does.
 * `place` is `(line,column-line,column)` of the expression, for the log.
 */
import { LogLevel } from '../base/log.ts'
import { textToInt, valueToText } from '../define/coerce.ts'
import type { PvValue } from '../define/value.ts'
import type { RouteContext } from './context.ts'
import type { RegexCache } from './regex.ts'

/** The number a value stands for. A text that is none counts as 0 and leaves two lines in the log. */
export function toInt(context: RouteContext, value: PvValue, place: string): number {
  if (typeof value === 'number') return value | 0
  return value === null || value === '' ? 0 : textIntoInt(context, value, place)
}

export function textIntoInt(context: RouteContext, text: string, place: string): number {
  const number = textToInt(text)
  if (number === number) return number
  const { log } = context.host
  log.warning('<core>', `automatic string to int conversion for "${text}" failed`)
  log.warning('<core>', `rval expression conversion to int failed ${place}`)
  return 0
}

/** `left == text`: the left side's type decides how the two are compared. */
export function equalsText(context: RouteContext, left: PvValue, text: string, place: string): boolean {
  if (typeof left === 'string') return left === text
  return left === null ? text === '' : (left | 0) === textIntoInt(context, text, place)
}

/** `left == number`. */
export function equalsInt(left: PvValue, number: number): boolean {
  if (typeof left === 'number') return (left | 0) === number
  return left === null ? number === 0 : left === String(number)
}

/** `left == right` for two values whose types are known at run time only. */
export function equalsValue(context: RouteContext, left: PvValue, right: PvValue, place: string): boolean {
  if (typeof left === 'string') return left === valueToText(right)
  if (left === null) return right === null || right === '' || right === 0
  return (left | 0) === toInt(context, right, place)
}

/** What an undefined left side compares with: 0 or the empty text, as the right side's type wants it. */
export function equalsNothing(right: PvValue): boolean {
  return right === null || right === '' || right === 0
}

export function divide(context: RouteContext, left: number, right: number): number {
  if (right !== 0) return (left / right) | 0
  context.host.log.error('<core>', 'rv div by 0')
  return Number.NaN
}

export function modulo(context: RouteContext, left: number, right: number): number {
  if (right !== 0) return (left % right) | 0
  context.host.log.error('<core>', 'rv mod by 0')
  return Number.NaN
}

/** `text =~ pattern` with a pattern that is known at run time only: 1, 0, or NaN when it is no regular expression. */
export function matchComputed(context: RouteContext, patterns: RegexCache, text: string, pattern: string): number {
  const matcher = patterns.get(pattern)
  if (typeof matcher !== 'string') return matcher.test(text) ? 1 : 0
  context.host.log.error('<core>', `Bad regular expression "${pattern}"`)
  return Number.NaN
}

/** selval() where a number or a comparison is wanted: Kamailio 5.6.3 fails there whatever the arguments. */
export function selvalFails(context: RouteContext, what: 'selval int' | 'rval selval', place: string): number {
  const text = `invalid ${what} expression operation 33 ${place}\n`
  context.host.log.write({ level: LogLevel.bug, origin: '<core>: ', text })
  return Number.NaN
}

/** Logs that an expression could not be evaluated, on its way up: gives undefined for a NaN, else the number. */
export function definedInt(context: RouteContext, value: number, place: string): number | undefined {
  if (value === value) return value
  context.host.log.error('<core>', `rval expression evaluation failed ${place}`)
  return undefined
}

/** Is the condition of an `if` above zero? A failed one is false, and logged. */
export function isPositive(context: RouteContext, value: number, place: string): boolean {
  if (value === value) return value > 0
  context.host.log.error('<core>', `if expression evaluation failed ${place}`)
  return false
}
