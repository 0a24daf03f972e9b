/** AVPs as arguments: `$avp(name)`, `$avp(i:5)`, `$avp($var(x))`. */
import { arg, type Arg, type PrepareEnv } from '../../define/define.ts'
import { avpNameOf, parseAvpName, type AvpName } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { locateVariable } from '../../runtime/variable-spec.ts'
import { pvApi } from '../pv/api.ts'

/** The name for a message; undefined where a variable holds none. */
export type AvpNaming = (context: RouteContext) => AvpName | undefined

/** Reads `$avp(...)`; undefined when it is something else, a text when it is wrong. */
export function readAvp(text: string, env: PrepareEnv): AvpNaming | string | undefined {
  const inner = /^\$(?:\((?:avp)\((.*)\)\)|avp\((.*)\))$/s.exec(text)
  if (inner === null) return undefined
  const name = inner[1] ?? inner[2] ?? ''
  if (name.startsWith('$')) {
    const variable = env.variable(name)
    return typeof variable === 'string' ? variable : (context) => avpNameOf(variable.get(context))
  }
  const parsed = parseAvpName(name)
  if (typeof parsed === 'string') return parsed
  return name.includes(':') ? () => parsed : aliased(name, parsed)
}

/** Aliases are known once module pv is set up; they stay what they are. */
function aliased(text: string, plain: AvpName): AvpNaming {
  let owner: Host | undefined
  let name = plain
  return ({ host }) => {
    if (owner !== host) {
      owner = host
      const alias = host.api(pvApi)?.aliasOf(text)
      const parsed = alias === undefined ? plain : parseAvpName(alias)
      name = typeof parsed === 'string' ? plain : parsed
    }
    return name
  }
}

/** Cuts `$avp(...)` and the like off a text: the variable, and what stands behind it without its slash. */
export function splitVariable(text: string): { readonly variable: string; readonly rest: string | undefined } | undefined {
  if (!text.startsWith('$')) return undefined
  const end = locateVariable(text, 0)
  if (end < 0) return undefined
  if (end === text.length) return { variable: text, rest: undefined }
  return text.charAt(end) === '/' ? { variable: text.slice(0, end), rest: text.slice(end + 1) } : undefined
}

/** An AVP with flags behind a slash. */
export interface FlaggedAvp {
  readonly naming: AvpNaming
  readonly flags: string
}

/** Flags in lower case; a text answer is the error message. */
export function readFlaggedAvp(text: string, allowed: string, env: PrepareEnv): FlaggedAvp | string {
  const split = splitVariable(text)
  const naming = split && readAvp(split.variable, env)
  if (split === undefined || naming === undefined) return `'${text}' is no AVP: write $avp(name)`
  if (typeof naming === 'string') return naming
  const flags = (split.rest ?? '').toLowerCase()
  const unknown = [...flags].find((flag) => !allowed.includes(flag))
  return unknown === undefined ? { naming, flags } : `'${unknown}' is no flag here`
}

export const namedAvpArg = (name: string, summary: string): Arg<FlaggedAvp> =>
  arg.custom(name, summary, (text, env) => {
    const read = readFlaggedAvp(text, '', env)
    return typeof read === 'string' ? read : { fixed: read }
  })

/** `source`, `source/destination` or `source/destination/flags`. */
export interface AvpPair {
  readonly source: AvpNaming
  readonly destination: AvpNaming
  readonly isSame: boolean
  readonly flags: string
}

export const pairArg = (name: string, summary: string): Arg<AvpPair> =>
  arg.custom(name, summary, (text, env) => {
    const read = readPair(text, env)
    return typeof read === 'string' ? read : { fixed: read }
  })

function readPair(text: string, env: PrepareEnv): AvpPair | string {
  const first = splitVariable(text)
  const source = first && readAvp(first.variable, env)
  if (first === undefined || source === undefined) return `'${text}' is no AVP: write $avp(name)`
  if (typeof source === 'string') return source
  if (first.rest === undefined) return { source, destination: source, isSame: true, flags: '' }
  const second = splitVariable(first.rest)
  const destination = second && readAvp(second.variable, env)
  if (second === undefined || destination === undefined) return `'${first.rest}' is no AVP: write $avp(name)`
  if (typeof destination === 'string') return destination
  const flags = (second.rest ?? '').toLowerCase()
  const unknown = [...flags].find((flag) => !'gd'.includes(flag))
  return unknown === undefined ? { source, destination, isSame: false, flags } : `'${unknown}' is no flag here: there are g and d`
}
