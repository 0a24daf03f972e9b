/** Arguments that are one variable, one select or a plain text (Kamailio's fixup_var_*): nothing is replaced inside a text. */
import { arg, type Arg } from '../define/arg.ts'
import type { PrepareEnv, Prepared } from '../define/arg.ts'
import type { PvValue } from '../define/value.ts'
import type { RouteContext } from './context.ts'
import { parseInteger } from './prepare.ts'

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
    const read = readerOf(text, env)
    if (read === undefined) return `${name} must be a whole number or a variable, not ${text}`
    if (typeof read === 'string') return read
    return {
      evaluate(context) {
        const value = read(context)
        if (typeof value === 'number') return value
        context.host.log.error('<core>', 'Could not convert PV to int')
        return undefined
      },
    }
  })
}

function prepareWhole(text: string, env: PrepareEnv): Prepared<string | undefined> | string | undefined {
  const read = readerOf(text, env)
  if (read === undefined || typeof read === 'string') return read
  return { evaluate: (context) => textOf(context, read(context)) }
}

type Reader = (context: RouteContext) => PvValue

/** A variable or a select; undefined for other texts, the error message for a select that there is not. */
function readerOf(text: string, env: PrepareEnv): Reader | string | undefined {
  const trimmed = text.trim()
  if (trimmed.startsWith('$')) {
    const variable = env.variable(trimmed)
    if (typeof variable !== 'string') return (context) => variable.get(context)
  }
  return trimmed.startsWith('@') && env.select ? env.select(trimmed.slice(1)) : undefined
}

function textOf(context: RouteContext, value: PvValue): string | undefined {
  if (value !== null) return String(value)
  context.host.log.error('<core>', 'Could not convert PV to str')
  return undefined
}
