/** `$avp(name)` and `$cnt($avp(name))`. */
import { variableFamily, type PrepareEnv, type PvIndex, type VariableDef } from '../../define/define.ts'
import { avpNameOf, parseAvpName, type AvpName } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { indexValue } from '../../runtime/variable-spec.ts'
import type { PvState } from './state.ts'

/** The name of an AVP, for each message where it is computed. */
export type AvpNaming = (context: RouteContext, state: PvState) => AvpName | undefined

/** Prepares the inner name of `$avp(...)`: fixed, an alias, or a variable. A text answer is the error message. */
export function prepareAvpName(inner: string, env: PrepareEnv): AvpNaming | string {
  if (inner.startsWith('$')) {
    const variable = env.variable(inner)
    if (typeof variable === 'string') return `$avp(${inner}): ${variable}`
    return (context) => {
      const name = avpNameOf(variable.get(context))
      if (!name) context.host.log.error('pv', `${variable.text} names no AVP`)
      return name
    }
  }
  const compile = (pattern: string) => env.regex(pattern)
  const fixed = parseAvpName(inner, compile)
  if (typeof fixed === 'string') return `$avp(${inner}): ${fixed}`
  // A pattern is accepted and finds nothing: variables are looked up by name alone.
  if (fixed.pattern) return () => undefined
  if (inner.includes(':')) return () => fixed
  // Aliases are known only once the module is set up.
  let owner: PvState | undefined
  let name = fixed
  return (_context, state) => {
    if (owner !== state) {
      owner = state
      const alias = state.avpAliases.get(inner.toLowerCase())
      const aliased = alias === undefined ? fixed : parseAvpName(alias, compile)
      name = typeof aliased === 'string' ? fixed : aliased
    }
    return name
  }
}

export const avpVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  avp: variableFamily<PvState>(
    'Stack of values that lives with the transaction; [n] counts from the newest, [*] is all.',
    { inner: 'required', index: true, writable: true },
    (inner, index, env) => {
      const naming = prepareAvpName(inner ?? '', env)
      return typeof naming === 'string' ? naming : { get: avpReader(naming, index), set: avpWriter(naming, index) }
    },
  ),
}

type Reader = (context: RouteContext, state: PvState) => string | number | null

function avpReader(naming: AvpNaming, index: PvIndex): Reader {
  if (index.kind === 'none') {
    return (context, state) => {
      const name = naming(context, state)
      return name ? (context.avps.first(name)?.value ?? null) : null
    }
  }
  return (context, state) => {
    const name = naming(context, state)
    if (!name) return null
    if (index.kind === 'all') return context.avps.joined(name)
    const position = indexValue(index, context)
    if (Number.isNaN(position)) return null
    if (position >= 0) return context.avps.get(name, position)
    // Counting from the oldest, Kamailio finds the newest value only: it has used up its search when it has counted.
    return context.avps.count(name) + position === 0 ? context.avps.get(name) : null
  }
}

type Writer = (context: RouteContext, state: PvState, value: string | number | null) => boolean

function avpWriter(naming: AvpNaming, index: PvIndex): Writer {
  return (context, state, value) => {
    const name = naming(context, state)
    if (!name) return false
    if (value === null) {
      if (index.kind === 'all') context.avps.removeAll(name)
      else context.avps.removeNewest(name)
      return true
    }
    if (index.kind === 'all') context.avps.removeAll(name)
    context.avps.add(name, value)
    return true
  }
}
