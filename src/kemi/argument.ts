/** From a plain text or number of a script to what a function of the native script gets for it. */
import { ownText } from '../base/own-text.ts'
import type { Arg, FormatText, PrepareEnv, Prepared } from '../define/arg.ts'
import { textToInt } from '../define/coerce.ts'
import type { KsrArgument } from '../define/kemi.ts'
import type { RouteContext } from '../runtime/context.ts'

/** What an argument is that cannot be had; why is logged. */
export const refused: unique symbol = Symbol('refused')

export type Coercion = (context: RouteContext, value: string | number) => unknown

/** Texts that an argument keeps prepared, and how long those may be. */
const KEPT_MAX = 100
const KEPT_BYTES_MAX = 256

/** Undefined where the value is handed on as it is. */
export function coercionFor(arg: Arg, given: KsrArgument, env: PrepareEnv, state: unknown, where: string): Coercion | undefined {
  const fromText = given.type === 'str'
  switch (arg.kind) {
    case 'str':
    case 'literal':
    case 'route':
      return fromText ? undefined : (_context, value) => String(value)
    case 'int':
    case 'constant':
      return fromText ? (context, value) => numberOf(context, value, where) : undefined
    case 'format':
      return (_context, value) => plainFormat(String(value))
    case 'variable':
    case 'writable':
      return prepared((text) => {
        const variable = env.variable(text)
        return typeof variable === 'string' ? variable : { fixed: variable }
      }, where)
    case 'regex':
      return prepared((text) => {
        const regex = env.regex(text, { newline: true })
        return typeof regex === 'string' ? regex : { fixed: regex }
      }, where)
    case 'custom':
      return prepared((text) => arg.prepare?.(text, env, state) ?? 'it cannot be prepared', where)
  }
}

function numberOf(context: RouteContext, value: string | number, where: string): unknown {
  const number = typeof value === 'number' ? value : textToInt(value)
  if (!Number.isNaN(number)) return number
  context.host.log.error('<core>', `${where}: ${value} is no number`)
  return refused
}

/** A text in which nothing is replaced. */
export function plainFormat(source: string): FormatText {
  return {
    source,
    evaluate: () => source,
    evaluateWithin: (_context, limit) => (source.length >= limit ? null : source),
  }
}

/** Prepares a text once, and keeps the result as long as there are few. */
export function prepared(prepare: (text: string) => Prepared<unknown> | string, where: string): Coercion {
  const kept = new Map<string, Prepared<unknown>>()
  return (context, value) => {
    const text = String(value)
    let ready = kept.get(text)
    if (ready === undefined) {
      // A copy: the text may be a slice of a packet, which it would keep alive.
      const copy = ownText(text)
      const made = prepare(copy)
      if (typeof made === 'string') {
        context.host.log.error('<core>', `${where}: ${made}`)
        return refused
      }
      ready = made
      if (copy.length <= KEPT_BYTES_MAX) {
        if (kept.size >= KEPT_MAX) kept.clear()
        kept.set(copy, ready)
      }
    }
    return 'fixed' in ready ? ready.fixed : ready.evaluate(context)
  }
}

/** The environment of arguments that come from other languages: texts are taken as they are, variables are named on purpose. */
export function plainEnvironment(env: PrepareEnv): PrepareEnv {
  return { ...env, format: plainFormat, isPlain: true }
}
