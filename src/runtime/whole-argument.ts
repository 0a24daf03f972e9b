/** Arguments that are one variable, one select or a plain text (Kamailio's fixup_var_*): nothing is replaced inside a text. */
import { arg, type Arg } from '../define/arg.ts'
import type { PrepareEnv, Prepared, VariableHandle } from '../define/arg.ts'
import type { PvValue } from '../define/value.ts'
import type { RouteContext } from './context.ts'
import { parseInteger } from './prepare.ts'
import { intOf } from './variable-spec.ts'

/** One variable or select as a whole, or a text in which variables are not replaced. Undefined where a variable holds nothing. */
export function wholeArgument(name: string, summary: string): Arg<string | undefined> {
  return arg.custom(name, `${summary} One variable, one select, or a text without variables.`, (text, env) =>
    prepareWhole(text, env) ?? { fixed: text })
}

/** The same, but it may not be empty. */
export function wholeFilled(name: string, summary: string): Arg<string | undefined> {
  return arg.custom(name, `${summary} One variable, one select, or a text without variables.`, (text, env) =>
    text === '' ? `${name} is empty` : prepareWhole(text, env) ?? { fixed: text })
}

/** One variable or select as a whole, or a text in which variables are replaced; not empty. */
export function wholeOrFormat(name: string, summary: string): Arg<string | undefined> {
  return arg.custom(name, summary, (text, env) => {
    if (text === '') return `${name} is empty`
    const whole = prepareWhole(text, env)
    if (whole !== undefined) return whole
    const format = env.format(text)
    return typeof format === 'string' ? format : { evaluate: (context) => format.evaluate(context) }
  })
}

/** A whole number, or a variable or select that holds one; undefined where it does not. */
export function wholeNumber(name: string, summary: string): Arg<number | undefined> {
  return arg.custom(name, summary, (text, env): Prepared<number | undefined> | string => {
    const fixed = text === text.trim() ? parseInteger(text) : undefined
    if (fixed !== undefined) return { fixed }
    const source = sourceOf(text, env)
    if (source === undefined) return `${name} must be a whole number or a variable, not ${text}`
    if (typeof source === 'string') return source
    return { evaluate: (context) => (typeof source === 'function' ? numberIn(context, source(context)) : numberOf(context, source)) }
  })
}

/** Texts count only where the variable keeps a number beside. */
function numberOf(context: RouteContext, variable: VariableHandle): number | undefined {
  const number = intOf(variable, context)
  if (number !== null) return number
  context.host.log.error('<core>', 'Could not convert PV to int')
  return undefined
}

/** A select gives a text always. */
function numberIn(context: RouteContext, value: PvValue): number | undefined {
  if (typeof value === 'number' || (value !== null && /^[0-9]+$/.test(value))) return Number(value) | 0
  if (value !== null) context.host.log.error('<core>', 'Could not convert select result to int')
  return undefined
}

function prepareWhole(text: string, env: PrepareEnv): Prepared<string | undefined> | string | undefined {
  const source = sourceOf(text, env)
  if (source === undefined || typeof source === 'string') return source
  if (typeof source === 'function') {
    return {
      evaluate(context) {
        const value = source(context)
        return value === null ? undefined : String(value)
      },
    }
  }
  return { evaluate: (context) => textOf(context, source) }
}

type Select = (context: RouteContext) => PvValue

/** A variable or a select; undefined for other texts, the error message for a select that there is not. */
function sourceOf(text: string, env: PrepareEnv): VariableHandle | Select | string | undefined {
  if (env.isPlain === true) return undefined
  const trimmed = text.trim()
  if (trimmed.startsWith('$')) {
    const variable = env.variable(trimmed)
    if (typeof variable !== 'string') return variable
  }
  return trimmed.startsWith('@') && env.select ? env.select(trimmed.slice(1)) : undefined
}

function textOf(context: RouteContext, variable: VariableHandle): string | undefined {
  const value = variable.get(context)
  if (value !== null) return String(value)
  context.host.log.error('<core>', 'Could not convert PV to str')
  return undefined
}
