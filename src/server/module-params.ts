import type { AnyModule } from '../define/module.ts'
import type { ModParam } from '../script/ast.ts'

/** A module's parameters by name; `cfg.set` changes them while the server runs. */
export type ModuleParams = Record<string, unknown>

/** The modules that the first argument of modparam names: a name, or a regular expression that fits the whole name. */
export function modulesMatching(pattern: string, names: readonly string[]): readonly string[] {
  if (names.includes(pattern)) return [pattern]
  const matcher = matcherOf(pattern)
  return matcher ? names.filter((name) => matcher.test(name)) : []
}

function matcherOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'i')
  } catch {
    return undefined
  }
}

/** Every module's parameters: initial values, changed by the modparams in their order. */
export function collectParams(
  definitions: readonly AnyModule[],
  modParams: readonly ModParam[],
): ReadonlyMap<string, ModuleParams> {
  const collected = new Map<string, ModuleParams>()
  for (const definition of definitions) {
    const params: ModuleParams = {}
    for (const [name, param] of Object.entries(definition.params ?? {})) params[name] = param.initial
    collected.set(definition.name, params)
  }
  const names = definitions.map((definition) => definition.name)
  for (const modParam of modParams) {
    for (const module of modulesMatching(modParam.module, names)) {
      const definition = definitions.find((candidate) => candidate.name === module)
      const param = definition?.params?.[modParam.name]
      const params = collected.get(module)
      if (!param || !params) continue
      const given = modParam.value.value
      const before = params[modParam.name]
      params[modParam.name] = param.type === 'list' && Array.isArray(before) ? [...before, given] : given
    }
  }
  return collected
}
