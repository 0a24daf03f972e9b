/** Arguments of dp_translate(): `$src/$dest`, each of some kinds of variables only. */
import { arg, type Arg, type PrepareEnv, type Prepared, type VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { intOf } from '../../runtime/variable-spec.ts'
import { isRequestUri, nameOf } from './translate.ts'

const SCRIPT_VARIABLES: readonly string[] = ['avp', 'xavp', 'var', 'vn', 'vz', 'shv']
/** What dp_translate() may read besides; others that Kamailio knows by name (such as `$hdr`) it refuses. */
const NO_SOURCES: readonly string[] = ['hdr', 'du', 'duri', 'rd', 'rp', 'ou', 'ouri', 'oU', 'od', 'op', 'xavu', 'xavi']

export const isScriptVariable = (variable: VariableHandle): boolean => SCRIPT_VARIABLES.includes(nameOf(variable))

function readVariable(text: string, env: PrepareEnv, allows: (variable: VariableHandle) => boolean): VariableHandle | string {
  if (!text.startsWith('$')) return `missing pv marker [${text}]`
  const variable = env.variable(text)
  if (typeof variable === 'string') return variable
  return allows(variable) ? variable : `Unsupported Parameter TYPE [${text}]`
}

/** A dialplan by its number, or by a variable of the script's own; undefined where that holds none. */
export const dialplanId: Arg<number | undefined> = arg.custom('id', 'The dialplan.', (text, env) => {
  if (/^[+-]?\d+$/.test(text)) return { fixed: Number(text) }
  if (!text.startsWith('$')) return `bad number <${text}>`
  const variable = readVariable(text, env, isScriptVariable)
  if (typeof variable === 'string') return variable
  return { evaluate: (context: RouteContext) => intOf(variable, context) ?? undefined }
})

export interface Ways {
  readonly source: VariableHandle
  readonly destination: VariableHandle | undefined
}

function prepareWays(text: string, env: PrepareEnv): Prepared<Ways> | string {
  const slash = text.indexOf('/')
  const source = readVariable(slash < 0 ? text : text.slice(0, slash), env, (variable) => !NO_SOURCES.includes(nameOf(variable)))
  if (typeof source === 'string') return source
  if (slash < 0) return { fixed: { source, destination: undefined } }
  const destination = readVariable(text.slice(slash + 1), env, (variable) => isScriptVariable(variable) || isRequestUri(variable))
  return typeof destination === 'string' ? destination : { fixed: { source, destination } }
}

export const ways: Arg<Ways> = arg.custom('src/dest', 'Variable to match and, behind a slash, the one that gets the result.', prepareWays)
