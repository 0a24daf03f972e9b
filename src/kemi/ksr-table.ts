/** KSR of a configuration: what Kamailio exports, for the modules that are loaded, made of their definitions. */
import { ownText } from '../base/own-text.ts'
import type { PrepareEnv, VariableHandle } from '../define/arg.ts'
import type { KemiReturn, KsrFunction, KsrTable } from '../define/kemi.ts'
import type { FunctionForm } from '../define/module.ts'
import { prepareArg } from '../runtime/prepare.ts'
import { plainEnvironment, prepared, refused, type Coercion } from './argument.ts'
import { derivedFunction, ownFunction, type Export, type Owner } from './derive.ts'
import { variableFunction } from './variable-function.ts'
import { kamailioExports } from './kamailio-exports.ts'

/** `env` is that of the native script. */
export function createKsr(modules: readonly Owner[], env: PrepareEnv): KsrTable {
  const plain = plainEnvironment(env)
  const variable = variableFinder(env)
  const functions: KsrFunction[] = []
  const byName = new Map<string, Map<string, KsrFunction>>()
  const add = (made: KsrFunction): void => {
    const names = byName.get(made.module) ?? new Map<string, KsrFunction>()
    if (names.has(made.name)) return
    names.set(made.name, made)
    byName.set(made.module, names)
    functions.push(made)
  }
  for (const owner of modules) {
    const { definition } = owner
    const own = new Map(Object.entries(definition.kemi ?? {}))
    const home = ksrName(definition.name)
    for (const wanted of exportsOf(definition.name)) {
      const def = own.get(wanted.module === home ? wanted.name : `${wanted.module}.${wanted.name}`)
      const made = def !== undefined ? ownFunction(owner, wanted, def)
        : (derivedFunction(owner, wanted, plain) ?? variableFunction(definition.name, wanted, variable))
      if (made !== undefined) add({ ...made, module: wanted.module, name: wanted.name })
    }
    for (const [key, def] of own) {
      const [first = '', second] = key.split('.')
      add(ownFunction(owner, second === undefined ? { module: home, name: first } : { module: first, name: second }, def))
    }
  }
  return {
    functions,
    variable,
    find: (module, name) => byName.get(module)?.get(name),
    modf: nativeCaller(modules, env),
  }
}

const VARIABLES_MAX = 2000

/** Variables by their texts. Scripts name a few; those that make names up get them anew each time there are too many. */
function variableFinder(env: PrepareEnv): KsrTable['variable'] {
  const known = new Map<string, VariableHandle>()
  return (context, text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const name = ownText(text)
    const made = env.variable(name)
    if (typeof made === 'string') {
      context.host.log.error('<core>', `cannot get pv spec for [${name}]: ${made}`)
      return undefined
    }
    if (known.size >= VARIABLES_MAX) known.clear()
    known.set(name, made)
    return made
  }
}

/** What Kamailio exports of a module. */
export function exportsOf(name: string): readonly Export[] {
  return Object.entries(kamailioExports[name] ?? {}).flatMap(([module, signatures]) =>
    Object.entries(signatures).flatMap(([signature, names]) => {
      const [, types = '', returns = ''] = /^\((.*)\):(.*)$/.exec(signature) ?? []
      return names.split(' ').map((one): Export => ({
        module,
        name: one,
        types: types === '' ? [] : types.split(',').map((type) => (type === 'str' ? 'str' : 'int')),
        returns: returns as KemiReturn,
      }))
    }))
}

/** Under which name a module's functions stand in KSR. */
export function ksrName(module: string): string {
  if (module === 'core') return ''
  return Object.keys(kamailioExports[module] ?? {})[0] ?? module
}

interface NativeCall {
  readonly run: (...all: readonly unknown[]) => number | Promise<number>
  readonly state: unknown
  /** Texts are what they are in the native script: variables in them are replaced. Each is prepared once. */
  readonly coercions: readonly Coercion[]
}

/** Names are those of functions, and of as many numbers of arguments as they take. */
function nativeCaller(modules: readonly Owner[], env: PrepareEnv): KsrTable['modf'] {
  const known = new Map<string, NativeCall>()
  return (context, name, args) => {
    const key = `${name} ${args.length}`
    let call = known.get(key)
    if (call === undefined) {
      call = findNative(modules, env, name, args.length)
      if (call === undefined) {
        context.host.log.error('<core>', `KSR.x.modf: there is no function ${name} with ${args.length} arguments`)
        return -1
      }
      known.set(ownText(key), call)
    }
    const values: unknown[] = []
    for (let index = 0; index < args.length; index++) {
      const value = call.coercions[index]?.(context, args[index] ?? '')
      if (value === refused || Number.isNaN(value)) return -1
      values.push(value)
    }
    return call.run(context, call.state, ...values)
  }
}

function findNative(modules: readonly Owner[], env: PrepareEnv, name: string, count: number): NativeCall | undefined {
  for (const { definition, state } of [...modules].reverse()) {
    const { functions = {} } = definition
    const fn = Object.hasOwn(functions, name) ? functions[name] : Object.values(functions).find(({ aliases }) => aliases?.includes(name))
    const form = fn?.forms.find((candidate: FunctionForm<never>) =>
      count <= candidate.args.length && count >= candidate.args.filter((arg) => !arg.optional).length)
    if (form === undefined) continue
    return {
      run: form.run as NativeCall['run'],
      state,
      coercions: form.args.map((arg, index) => prepared((text) => prepareArg(arg, text, env, state), `${name} param ${index + 1}`)),
    }
  }
  return undefined
}
