/** Texts with variables in them, as xlog and most function arguments take them: `from $fu to $(ru{uri.host})`. */
import type { Fetch, FormatText, PrepareEnv } from '../define/arg.ts'
import type { RouteContext } from './context.ts'
import { locateVariable, parseVariable, type ScriptVariable, type VariableLookup } from './variable-spec.ts'

export interface ScriptFormat extends FormatText {
  /** The text when there is no variable in it. */
  readonly constant: string | undefined
  /** The variable when the text is nothing else. */
  readonly variable: ScriptVariable | undefined
  /** The variables in order of appearance. */
  readonly variables: readonly ScriptVariable[]
}

/** Parses a text with variables. A text answer is the error message, with the position in the text. */
export function parseFormat(text: string, lookup: VariableLookup, env: PrepareEnv): ScriptFormat | string {
  const texts: string[] = []
  const variables: ScriptVariable[] = []
  let pending = ''
  let at = 0
  while (at < text.length) {
    const sign = text.indexOf('$', at)
    if (sign < 0) break
    pending += text.slice(at, sign)
    const end = locateVariable(text, sign)
    if (end < 0) return `at ${sign + 1}: a dollar sign that starts no variable; write $$ for the sign itself`
    if (text.charAt(sign + 1) === '$') pending += '$'
    else {
      const parsed = parseVariable(text.slice(sign, end), lookup, env)
      if (typeof parsed === 'string') return `at ${sign + 1}: ${parsed}`
      texts.push(pending)
      variables.push(parsed.variable)
      pending = ''
    }
    at = end
  }
  const last = pending + text.slice(at)
  if (variables.length === 0) return constantFormat(text, last)
  const only = variables.length === 1 && texts[0] === '' && last === '' ? variables[0] : undefined
  return withLimit(text, variables, only, only ? single(only) : joiner(texts, variables, last))
}

function constantFormat(source: string, constant: string): ScriptFormat {
  return {
    source,
    constant,
    variable: undefined,
    variables: [],
    evaluate: () => constant,
    evaluateWithin: (context, limit) => bounded(constant, context, limit),
  }
}

type Evaluate = (context: RouteContext) => string

function withLimit(
  source: string,
  variables: readonly ScriptVariable[],
  variable: ScriptVariable | undefined,
  join: Evaluate,
): ScriptFormat {
  return {
    source,
    constant: undefined,
    variable,
    variables,
    ...fetching(variables),
    evaluate: (context) => bounded(join(context), context, context.host.settings.pv_buffer_size) ?? '',
    evaluateWithin: (context, limit) => bounded(join(context), context, limit),
  }
}

/** One after the other, as the text is printed. */
function fetching(variables: readonly ScriptVariable[]): { readonly fetch?: Fetch } {
  const fetches = variables.flatMap(({ fetch }) => (fetch === undefined ? [] : [fetch]))
  if (fetches.length === 0) return {}
  return {
    async fetch(context) {
      for (const fetch of fetches) await fetch(context)
    },
  }
}

/** Kamailio prints into a buffer of fixed size; a text that does not fit is an error. */
function bounded(text: string, context: RouteContext, limit: number): string | null {
  if (text.length < limit) return text
  context.host.log.error('<core>', `a text of ${text.length} bytes does not fit into ${limit}: see pv_buffer_size`)
  return null
}

function single(variable: ScriptVariable): Evaluate {
  return (context) => variable.print(context)
}

/** Formats of up to four variables get a body without a loop; most are of that size. */
function joiner(texts: readonly string[], variables: readonly ScriptVariable[], last: string): Evaluate {
  const [t0 = '', t1 = '', t2 = '', t3 = ''] = texts
  const [v0, v1, v2, v3] = variables
  if (v0 && v1 && v2 && v3 && variables.length === 4) {
    return (context) =>
      t0 + v0.print(context) + t1 + v1.print(context) + t2 + v2.print(context) + t3 +
      v3.print(context) + last
  }
  if (v0 && v1 && v2 && variables.length === 3) {
    return (context) =>
      t0 + v0.print(context) + t1 + v1.print(context) + t2 + v2.print(context) + last
  }
  if (v0 && v1 && variables.length === 2) {
    return (context) => t0 + v0.print(context) + t1 + v1.print(context) + last
  }
  if (v0 && variables.length === 1) return (context) => t0 + v0.print(context) + last
  return (context) => {
    let text = ''
    for (let index = 0; index < variables.length; index++) {
      const variable = variables[index]
      if (variable) text += (texts[index] ?? '') + variable.print(context)
    }
    return text + last
  }
}
