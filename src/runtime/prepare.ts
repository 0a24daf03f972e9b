/** Arguments of functions: from the text in the script to what the function gets (Kamailio's fixups). */
import type { Arg, ArgKind, PrepareEnv, Prepared } from '../define/arg.ts'
import { parseFormat } from './format.ts'
import { compileRegex } from './regex.ts'
import { intOf, parseVariable, type VariableLookup } from './variable-spec.ts'

/** The environment in which arguments, inner names and indexes are prepared. */
export function createPrepareEnv(lookup: VariableLookup): PrepareEnv {
  const env: PrepareEnv = {
    variable(text) {
      const parsed = parseVariable(text, lookup, env)
      return typeof parsed === 'string' ? parsed : parsed.variable
    },
    format: (text) => parseFormat(text, lookup, env),
    regex: (pattern, options) => compileRegex(pattern, options),
    select(text) {
      const select = lookup.select?.(text) ?? `there is no select ${text}`
      return typeof select === 'string' ? select : (context) => select.get(context, select.state)
    },
  }
  return env
}

/** Reads a whole number as function arguments are written: decimal with a sign. */
export function parseInteger(text: string): number | undefined {
  const trimmed = text.trim()
  if (!/^[+-]?[0-9]+$/.test(trimmed)) return undefined
  const value = Number(trimmed)
  return value >= -0x8000_0000 && value <= 0xffff_ffff ? value : undefined
}

/**
 * Makes an argument ready for calls. A text answer is the error message. A number that cannot be had when the function
 * is called (`$null`, or a text where a number is wanted) is evaluated to NaN: then the call answers -1.
 */
export function prepareArg<T>(arg: Arg<T>, text: string, env: PrepareEnv, state?: unknown): Prepared<unknown> | string {
  if (arg.kind === 'custom') return arg.prepare ? arg.prepare(text, env, state) : `${arg.name} cannot be prepared`
  return preparers[arg.kind](text, env, arg)
}

type Preparer = (text: string, env: PrepareEnv, arg: Arg) => Prepared<unknown> | string

const preparers: Readonly<Record<Exclude<ArgKind, 'custom'>, Preparer>> = {
  str: prepareText,
  int: prepareInt,
  literal: (text) => ({ fixed: text }),
  constant(text, _env, arg) {
    const value = parseInteger(text)
    return value === undefined ? `${arg.name} must be a whole number, not ${text}` : withinBounds(value, arg)
  },
  variable: (text, env, arg) => prepareVariable(text, env, arg, false),
  writable: (text, env, arg) => prepareVariable(text, env, arg, true),
  format(text, env) {
    const format = env.format(text)
    return typeof format === 'string' ? format : { fixed: format }
  },
  // Functions' patterns look at texts of many lines: anchors stand at line ends (Kamailio's fixup_regexp).
  regex(text, env) {
    const regex = env.regex(text, { newline: true })
    return typeof regex === 'string' ? regex : { fixed: regex }
  },
  route: prepareText,
}

function prepareText(text: string, env: PrepareEnv): Prepared<unknown> | string {
  if (!text.includes('$')) return { fixed: text }
  const format = env.format(text)
  return typeof format === 'string' ? format : { evaluate: (context) => format.evaluate(context) }
}

function prepareInt(text: string, env: PrepareEnv, arg: Arg): Prepared<unknown> | string {
  // An empty text is 0, as the fixups of Kamailio have it.
  const value = text === '' ? 0 : parseInteger(text)
  if (value !== undefined) return withinBounds(value, arg)
  const trimmed = text.trim()
  const variable = trimmed.startsWith('$') ? env.variable(trimmed) : 'neither a number nor a variable'
  if (typeof variable === 'string') return `${arg.name} must be a whole number or a variable, not ${text}: ${variable}`
  return {
    evaluate(context) {
      const number = intOf(variable, context)
      if (number !== null) return number
      context.host.log.error('<core>', `${variable.text} holds no number`)
      return Number.NaN
    },
  }
}

function withinBounds(value: number, arg: Arg): Prepared<unknown> | string {
  if (arg.min !== undefined && value < arg.min) return `${arg.name} is at least ${arg.min}, not ${value}`
  if (arg.max !== undefined && value > arg.max) return `${arg.name} is at most ${arg.max}, not ${value}`
  return { fixed: value }
}

function prepareVariable(text: string, env: PrepareEnv, arg: Arg, write: boolean): Prepared<unknown> | string {
  const variable = env.variable(text.trim())
  if (typeof variable === 'string') return `${arg.name} must be a variable: ${variable}`
  if (write && 'writable' in variable && variable.writable === false) return `${variable.text} cannot be written`
  return { fixed: variable }
}
