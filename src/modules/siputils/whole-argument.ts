import { arg, type Arg, type PrepareEnv, type Prepared, type PvValue } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'

/** One variable or select as a whole, or a text in which variables are not replaced. */
export function wholeArgument(name: string, summary: string): Arg<string | undefined> {
  return arg.custom(name, `${summary} One variable, one select, or a text without variables.`, prepareWhole)
}

function prepareWhole(text: string, env: PrepareEnv): Prepared<string | undefined> {
  if (text.startsWith('$')) {
    const variable = env.variable(text)
    if (typeof variable !== 'string') return { evaluate: (context) => textOf(context, variable.get(context)) }
  }
  if (text.startsWith('@') && env.select) {
    const select = env.select(text.slice(1))
    if (typeof select !== 'string') return { evaluate: (context) => textOf(context, select(context)) }
  }
  return { fixed: text }
}

function textOf(context: RouteContext, value: PvValue): string | undefined {
  if (value !== null) return String(value)
  context.host.log.error('<core>', 'Could not convert PV to str')
  return undefined
}
