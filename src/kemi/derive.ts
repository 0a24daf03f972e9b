/** Functions of KSR made of the forms of the native script's functions. */
import type { PrepareEnv } from '../define/arg.ts'
import type { KemiDef, KemiReturn, KemiValue, KsrArgument, KsrFunction } from '../define/kemi.ts'
import type { AnyModule, FunctionDef, FunctionForm } from '../define/module.ts'
import type { RouteContext } from '../runtime/context.ts'
import { otherResults } from './kamailio-results.ts'
import { nativeNames } from './kamailio-native-names.ts'
import { coercionFor, refused, type Coercion } from './argument.ts'

export interface Owner {
  readonly definition: AnyModule
  readonly state: unknown
}

/** A signature as Kamailio exports it. */
export interface Export {
  readonly module: string
  readonly name: string
  readonly types: readonly ('str' | 'int')[]
  readonly returns: KemiReturn
}

type Run = (context: RouteContext, state: unknown, ...args: readonly unknown[]) => KemiValue | Promise<KemiValue>

/** From the definition's own `kemi`. */
export function ownFunction(owner: Owner, place: { readonly module: string; readonly name: string }, def: KemiDef<never>): KsrFunction {
  const args = def.args.map((arg): KsrArgument => {
    const [name = '', type] = arg.split(':')
    return { name, type: type === 'int' ? 'int' : 'str' }
  })
  const { state } = owner
  const mayWait = def.mayWait && (state === undefined || (def.mayWaitIn?.(state as never) ?? true))
  return {
    ...place, args, returns: def.returns, mayWait, summary: def.summary,
    call: caller(def.run as Run, state, args.map(() => undefined), (value) => value),
  }
}

/** From the form of a native function; undefined when there is none that fits. */
export function derivedFunction(owner: Owner, wanted: Export, env: PrepareEnv): KsrFunction | undefined {
  const [native = wanted.name, ...templates] = nativeNames[owner.definition.name]?.[wanted.name]?.split(' ') ?? []
  const found = findForm(owner.definition, wanted.name, native, templates.length || wanted.types.length)
  if (found === undefined) return undefined
  const { definition, form } = found
  const { state } = owner
  if (templates.length > 0) return templateFunction(owner, wanted, { definition, form, templates }, env)
  const args = wanted.types.map((type, index): KsrArgument => ({ name: form.args[index]?.name ?? `arg${index + 1}`, type }))
  const coercions = args.map((given, index) => {
    const arg = form.args[index]
    return arg === undefined ? undefined : coercionFor(arg, given, env, state, `KSR.${wanted.module}.${wanted.name} param ${index + 1}`)
  })
  const mayWait = form.mayWait && (state === undefined || (form.mayWaitIn?.(state as never) ?? true))
  return {
    module: wanted.module, name: wanted.name, args, returns: wanted.returns, mayWait, summary: definition.summary,
    call: caller(form.run as Run, state, coercions, answerOf(owner, wanted)),
  }
}

/** Its arguments are put together from those of the script. */
function templateFunction(
  owner: Owner, wanted: Export, found: { definition: FunctionDef<never>; form: FunctionForm<never>; templates: readonly string[] },
  env: PrepareEnv,
): KsrFunction {
  const { definition, form, templates } = found
  const where = `KSR.${wanted.module}.${wanted.name}`
  const args = wanted.types.map((type, index): KsrArgument => ({ name: `arg${index + 1}`, type }))
  const coercions = form.args.map((arg, index) =>
    coercionFor(arg, { name: arg.name, type: 'str' }, env, owner.state, `${where} param ${index + 1}`))
  const call = caller(form.run as Run, owner.state, coercions.slice(0, templates.length), wanted.returns === 'bool' ? isOne : same)
  const mayWait = form.mayWait && (owner.state === undefined || (form.mayWaitIn?.(owner.state as never) ?? true))
  return {
    module: wanted.module, name: wanted.name, args, returns: wanted.returns, mayWait, summary: definition.summary,
    call: (context, ...given) =>
      call(context, ...templates.map((template) => template.replace(/\{(\d)\}/g, (_all, index) => String(given[Number(index)] ?? '')))),
  }
}

/** From what the native function says to what the one of KSR does. */
function answerOf(owner: Owner, wanted: Export): (value: KemiValue) => KemiValue {
  const other = otherResults[owner.definition.name]?.[wanted.name]
  if (other !== undefined) return (value) => (typeof value === 'number' ? (other[value] ?? value) : value)
  return wanted.returns === 'bool' ? isOne : wanted.returns === 'none' ? nothing : same
}

const same = (value: KemiValue): KemiValue => value
const isOne = (value: KemiValue): KemiValue => value === 1
const nothing = (): KemiValue => undefined

function findForm(
  module: AnyModule, ksrName: string, native: string, count: number,
): { definition: FunctionDef<never>; form: FunctionForm<never> } | undefined {
  const functions = Object.entries(module.functions ?? {})
  for (const [, definition] of functions) {
    const form = definition.forms.find((candidate) => candidate.kemi === ksrName && takes(candidate, count))
    if (form !== undefined) return { definition, form }
  }
  for (const [name, definition] of functions) {
    if (name !== native && !definition.aliases?.includes(native)) continue
    const form = definition.forms.find((candidate) => takes(candidate, count))
    if (form !== undefined) return { definition, form }
  }
  return undefined
}

function takes(form: FunctionForm<never>, count: number): boolean {
  const required = form.args.filter((arg) => !arg.optional).length
  return count >= required && count <= form.args.length
}

/** Calls of up to six arguments. Where nothing has to be prepared there is nothing between script and function. */
function caller(
  run: Run, state: unknown, coercions: readonly (Coercion | undefined)[], answer: (value: KemiValue) => KemiValue,
): KsrFunction['call'] {
  const isPlain = coercions.every((coercion) => coercion === undefined)
  if (isPlain && (answer === same || answer.length === 1)) {
    const end = (value: KemiValue | Promise<KemiValue>): KemiValue | Promise<KemiValue> =>
      (value instanceof Promise ? value.then(answer) : answer(value))
    const isSame = answer === same
    switch (coercions.length) {
      case 0: return isSame ? (context) => run(context, state) : (context) => end(run(context, state))
      case 1: return isSame ? (context, a) => run(context, state, a) : (context, a) => end(run(context, state, a))
      case 2: return isSame ? (context, a, b) => run(context, state, a, b) : (context, a, b) => end(run(context, state, a, b))
      case 3: return (context, a, b, c) => end(run(context, state, a, b, c))
    }
  }
  return (context, ...given) => {
    const values: unknown[] = []
    for (let index = 0; index < coercions.length; index++) {
      const value = given[index] ?? ''
      const coerced = coercions[index] === undefined ? value : coercions[index]?.(context, value)
      if (coerced === refused) return answer(-1)
      values.push(coerced)
    }
    const result = run(context, state, ...values)
    return result instanceof Promise ? result.then(answer) : answer(result)
  }
}
