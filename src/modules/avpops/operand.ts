/** Values that functions compare, compute with or push: AVPs with all their values, fields of XAVPs, other variables, constants. */
import { arg, type Arg, type PrepareEnv, type VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { readAvp, splitVariable, type AvpNaming } from './avp-name.ts'

export type Value = string | number

export interface Operand {
  /** Set for a value that stands in the script. */
  readonly constant: Value | undefined
  /** The values, the newest first; for other variables there is one, or none. `isAll`: more than the first is wanted. */
  values(context: RouteContext, isAll: boolean): readonly Value[]
  /** AVPs only: their name. */
  readonly naming: AvpNaming | undefined
  /** Flag g behind the operand. */
  readonly isAll: boolean
}

/** More values than this are not looked at. */
const VALUES_MAX = 1000

export const operandArg: Arg<Operand> = arg.custom('value', 'A variable; behind an AVP `/g` for all of its values.', (text, env) => {
  const split = splitVariable(text)
  if (split === undefined) return `'${text}' is no variable`
  const flags = (split.rest ?? '').toLowerCase()
  if (flags !== '' && flags !== 'g') return `'${split.rest ?? ''}' is no flag here: there is g`
  const operand = readVariable(split.variable, env, flags === 'g')
  return typeof operand === 'string' ? operand : { fixed: operand }
})

/** A variable as an operand; a text answer is the error message. */
export function readVariable(text: string, env: PrepareEnv, isAll = false): Operand | string {
  if (text === '$null') return '$null is nothing to compare with'
  const naming = readAvp(text, env)
  if (typeof naming === 'string') return naming
  if (naming !== undefined) return { constant: undefined, naming, isAll, values: (context, all) => avpValues(context, naming, all) }
  const list = /^\$xavp\(([^[\]=>]+(?:\[[^\]]*\])?=>[^[\]=>]+)\[\*\]\)$/.exec(text)
  if (list !== null) return fieldList(list[1] ?? '', env, isAll)
  const variable = env.variable(text)
  if (typeof variable === 'string') return variable
  return { constant: undefined, naming: undefined, isAll, values: (context) => valuesOf(variable, context) }
}

/** `i:5`, `i:0x1f`, `s:text` or a text; a text answer within `reason` is the error message. */
export function readConstant(text: string): Operand | { readonly reason: string } {
  if (/^i:/i.test(text)) {
    const number = /^i:(-?(?:0x[0-9a-f]+|\d+))$/i.exec(text)?.[1]
    if (number === undefined) return { reason: `'${text}' is no number` }
    const size = Number(number.replace(/^-/, ''))
    return constantOf((number.startsWith('-') ? -size : size) | 0)
  }
  const value = text.replace(/^s:/i, '')
  return value === '' ? { reason: `'${text}' has no value` } : constantOf(value)
}

function constantOf(value: Value): Operand {
  const values = [value]
  return { constant: value, naming: undefined, isAll: false, values: () => values }
}

function avpValues(context: RouteContext, naming: AvpNaming, isAll: boolean): readonly Value[] {
  const name = naming(context)
  if (name === undefined) return []
  const values: Value[] = []
  for (let avp = context.avps.first(name); avp !== undefined && values.length < VALUES_MAX; avp = context.avps.next(avp, name)) {
    values.push(avp.value)
    if (!isAll) break
  }
  return values
}

function valuesOf(variable: VariableHandle, context: RouteContext): readonly Value[] {
  const value = variable.get(context)
  return value === null ? [] : [value]
}

/** `$xavp(a[0]=>b[*])`: each field by its index, until there is none. */
function fieldList(path: string, env: PrepareEnv, isAll: boolean): Operand | string {
  const handles: VariableHandle[] = []
  const at = (index: number): VariableHandle | string => {
    const known = handles[index]
    if (known !== undefined) return known
    const made = env.variable(`$xavp(${path}[${index}])`)
    if (typeof made !== 'string') handles[index] = made
    return made
  }
  const first = at(0)
  if (typeof first === 'string') return first
  return {
    constant: undefined,
    naming: undefined,
    isAll,
    values(context, all) {
      const values: Value[] = []
      for (let index = 0; index < (all ? VALUES_MAX : 1); index++) {
        const handle = at(index)
        const value = typeof handle === 'string' ? null : handle.get(context)
        if (value === null) break
        values.push(value)
      }
      return values
    },
  }
}

/** `operator/value` or `operator/value/flags`: the value may hold slashes when it is a variable. */
export function readOperation(
  text: string, env: PrepareEnv,
): { readonly operator: string; readonly operand: Operand; readonly flags: string } | string {
  const slash = text.indexOf('/')
  if (slash < 0) return `'${text}': write operator/value`
  const operator = text.slice(0, slash).toLowerCase()
  const behind = text.slice(slash + 1)
  const split = splitVariable(behind)
  if (split !== undefined) {
    const operand = readVariable(split.variable, env)
    return typeof operand === 'string' ? operand : { operator, operand, flags: (split.rest ?? '').toLowerCase() }
  }
  if (behind.startsWith('$')) return `'${behind}' is no variable`
  const end = behind.lastIndexOf('/')
  const operand = readConstant(end < 0 ? behind : behind.slice(0, end))
  if ('reason' in operand) return operand.reason
  return { operator, operand, flags: end < 0 ? '' : behind.slice(end + 1).toLowerCase() }
}
