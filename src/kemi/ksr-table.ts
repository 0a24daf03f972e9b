/** KSR of a configuration: what Kamailio exports, for the modules that are loaded, made of their definitions. */
import { ownText } from '../base/own-text.ts'
import type { PrepareEnv, VariableHandle } from '../define/arg.ts'
import type { KemiReturn, KsrFunction, KsrTable } from '../define/kemi.ts'
import type { FunctionForm } from '../define/module.ts'
import { prepareArg } from '../runtime/prepare.ts'
import { plainEnvironment } from './argument.ts'
import { derivedFunction, ownFunction, type Export, type Owner } from './derive.ts'
import { variableFunction } from './variable-function.ts'
import { kamailioExports } from './kamailio-exports.ts'

/** `env` is that of the native script. */
export function createKsr(modules: readonly Owner[], env: PrepareEnv): KsrTable {
  const plain = plainEnvironment(env)
  const variable = variableFinder(env)
  const functions: KsrFunction[] = []
  const byName = new Map<string, KsrFunction>()
  const add = (made: KsrFunction): void => {
    const key = `${made.module}.${made.name}`
    if (byName.has(key)) return
    byName.set(key, made)
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
    find: (module, name) => byName.get(`${module}.${name}`),
    modf: (context, name, args) => callNative(modules, env, context, name, args),
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

function callNative(
  modules: readonly Owner[], env: PrepareEnv, context: Parameters<KsrTable['modf']>[0], name: string, args: readonly (string | number)[],
): number | Promise<number> {
  for (const owner of [...modules].reverse()) {
    const { functions } = owner.definition
    const definition = functions !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined
    const form = definition?.forms.find((candidate: FunctionForm<never>) =>
      args.length <= candidate.args.length && args.length >= candidate.args.filter((arg) => !arg.optional).length)
    if (form === undefined) continue
    const values: unknown[] = []
    for (const [index, arg] of form.args.entries()) {
      const value = args[index]
      if (value === undefined) break
      // Here texts are what they are in the native script: variables are replaced.
      const prepared = prepareArg(arg, String(value), env, owner.state)
      if (typeof prepared === 'string') {
        context.host.log.error('<core>', `${name} param ${index + 1}: ${prepared}`)
        return -1
      }
      const ready = 'fixed' in prepared ? prepared.fixed : prepared.evaluate(context)
      if (Number.isNaN(ready)) return -1
      values.push(ready)
    }
    return (form.run as (...all: readonly unknown[]) => number | Promise<number>)(context, owner.state, ...values)
  }
  context.host.log.error('<core>', `KSR.x.modf: there is no function ${name} with ${args.length} arguments`)
  return -1
}
