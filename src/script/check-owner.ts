/** Whose a missing name is: the module to load, or the one that is not here yet. */
import type { Checker } from './check.ts'
import { nearest } from './nearest.ts'
import type { Registry } from './registry.ts'

export interface Owner {
  readonly module: string
  /** Could be loaded. */
  readonly isHere: boolean
  readonly hint: string | undefined
  /** For a message about a module that is not here. */
  readonly note: string
}

/** The module of Kamailio that brings a name, one that exists here before others; undefined when none does. */
export function ownerOf(
  registry: Registry,
  what: 'function' | 'variable' | 'transformation',
  name: string,
): Owner | undefined {
  // What a loaded module should have and has not is nobody's.
  const modules = registry.modulesWith(what, name).filter((module) => !registry.modules.has(module))
  const [here, ...others] = modules.filter((module) => registry.existing.has(module))
  if (here !== undefined) {
    const hint = `write loadmodule "${here}.so"${others.length > 0 ? ` (or ${others.join(', ')})` : ''}`
    return { module: here, isHere: true, hint, note: `module ${here} has it` }
  }
  const [first] = modules
  if (first === undefined) return undefined
  const has = modules.length === 1 ? `module ${first} has it` : `modules ${modules.join(', ')} have it`
  return { module: first, isHere: false, hint: undefined, note: `${has}; not available yet` }
}

export interface Explained {
  readonly message: string
  readonly hint: string | undefined
}

/** Adds to a refusal of a variable or transformation where it could come from, or what was meant. */
export function explain(checker: Checker, refusal: string): Explained {
  const found = /unknown (?:variable \$([A-Za-z0-9_.?]+)|transformation \{([A-Za-z0-9_]+))/.exec(refusal)
  if (found === null) return { message: refusal, hint: undefined }
  const [, variable, transformation] = found
  const { registry } = checker
  const owner = variable === undefined
    ? ownerOf(registry, 'transformation', transformation ?? '') : ownerOf(registry, 'variable', variable)
  if (owner !== undefined) return { message: owner.isHere ? refusal : `${refusal} (${owner.note})`, hint: owner.hint }
  const meant = variable === undefined ? undefined : nearest(variable, registry.variableNames())
  return { message: refusal, hint: meant === undefined ? undefined : `did you mean $${meant}?` }
}
