import type { LoadModule, ModParam } from './ast.ts'
import type { Checker } from './check.ts'
import { nearest } from './nearest.ts'

/** Checks what stands outside of routes: modules and their parameters. */
export function checkItems(checker: Checker): void {
  const seen = new Set<string>()
  for (const item of checker.config.items) {
    if (item.kind === 'loadmodule') {
      seen.add(moduleOf(item))
      checkModule(checker, item)
    } else if (item.kind === 'modparam') checkModParam(checker, item, seen)
  }
}

/** The module's own name in `tm.so` or `/usr/lib/.../tm.so`. */
export function moduleOf(item: LoadModule): string {
  const file = item.name.slice(item.name.lastIndexOf('/') + 1)
  return file.endsWith('.so') ? file.slice(0, -3) : file
}

function checkModule(checker: Checker, item: LoadModule): void {
  const name = moduleOf(item)
  const { registry } = checker
  if (registry.existing.has(name)) return
  if (registry.isKamailioModule(name)) {
    checker.error('KAH0302', `the module ${name} is not part of Kahea yet`, item.span)
    return
  }
  const meant = nearest(name, registry.existing)
  const hint = meant === undefined ? undefined : `did you mean ${meant}?`
  checker.error('KAH0301', `unknown module ${name}`, item.span, hint)
}

function checkModParam(checker: Checker, item: ModParam, seen: ReadonlySet<string>): void {
  const { registry } = checker
  const loaded = [...registry.modules.keys()].filter((name) => seen.has(name))
  const matching = modulesMatching(item.module, loaded)
  if (matching.length === 0) {
    // A module that is missing is reported where it is loaded.
    if (modulesMatching(item.module, [...seen]).length > 0) return
    const meant = nearest(item.module, seen)
    const hint = registry.existing.has(item.module) ? `load it first: loadmodule "${item.module}.so"`
      : meant === undefined ? undefined : `did you mean ${meant}?`
    checker.error('KAH0303', `no loaded module is named ${item.module}`, item.span, hint)
    return
  }
  for (const module of matching) checkParam(checker, item, module)
}

/** A plain name, or a regular expression over whole names, without regard to case. */
function modulesMatching(pattern: string, names: readonly string[]): readonly string[] {
  if (names.includes(pattern)) return [pattern]
  try {
    const matcher = new RegExp(`^(?:${pattern})$`, 'i')
    return names.filter((name) => matcher.test(name))
  } catch {
    return []
  }
}

function checkParam(checker: Checker, item: ModParam, module: string): void {
  const { registry } = checker
  const param = registry.param(module, item.name)
  if (param === undefined) {
    const names = Object.keys(registry.modules.get(module)?.definition.params ?? {})
    const meant = nearest(item.name, names)
    const hint = meant !== undefined ? `did you mean ${meant}?`
      : names.length > 0 ? `it has: ${names.join(', ')}` : 'it has no parameters'
    checker.error('KAH0304', `module ${module} has no parameter ${item.name}`, item.span, hint)
    return
  }
  const given = item.value.type === 'int' ? 'int' : 'str'
  const accepted = param.type === 'list' ? (param.accepts ?? ['str']) : [param.type]
  // modparamx evaluates the text when the server starts; its type is known only then.
  if (!item.evaluate && !accepted.includes(given)) {
    const [is, wants] = given === 'int' ? ['a number', 'a string'] : ['a string', 'a number']
    const hint = given === 'int' ? `write "${item.value.value}"` : /^-?[0-9]+$/.test(String(item.value.value))
      ? `write ${item.value.value} without quotes` : undefined
    checker.error('KAH0305', `parameter ${item.name} of ${module} takes ${wants}, and this is ${is}`, item.value.span, hint)
    return
  }
  if (item.value.type !== 'int') return
  const value = Number(item.value.value)
  if (param.min !== undefined && value < param.min) outOfRange(checker, item, `at least ${param.min}`)
  else if (param.max !== undefined && value > param.max) outOfRange(checker, item, `at most ${param.max}`)
}

function outOfRange(checker: Checker, item: ModParam, bound: string): void {
  checker.error('KAH0306', `parameter ${item.name} is ${bound}, not ${item.value.value}`, item.value.span)
}
