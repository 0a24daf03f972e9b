/** What the loaded modules offer to a script, found by name. Built for each configuration; nothing here is global. */
import type { AnyModule, FunctionDef, FunctionForm } from '../define/module.ts'
import type { Param } from '../define/param.ts'
import type { SelectDef } from '../define/select.ts'
import type { TransformationDef } from '../define/transformation.ts'
import type { VariableDef } from '../define/variable.ts'
import type { SelectPlan } from './compile-plan.ts'
import { findSelect } from './compile-select.ts'
import { kamailioFunctions } from './kamailio-functions.ts'
import { kamailioTransformations, kamailioVariables } from './kamailio-variables.ts'

/** A module of the configuration; its state is undefined while a file is only checked. */
export interface LoadedModule {
  readonly definition: AnyModule
  readonly state: unknown
}

export interface FunctionEntry {
  readonly module: LoadedModule
  readonly definition: FunctionDef<never>
}

export interface VariableEntry {
  readonly def: VariableDef
  readonly state: unknown
}

export interface Registry {
  readonly modules: ReadonlyMap<string, LoadedModule>
  /** Names of all modules that exist here, loaded or not. */
  readonly existing: ReadonlySet<string>
  /** Functions of modules; several modules may have one of a name, the one loaded last wins, as in Kamailio. */
  functions(name: string): readonly FunctionEntry[]
  coreFunction(name: string): FunctionEntry | undefined
  variable(name: string): VariableEntry | undefined
  transformation(name: string): TransformationDef | undefined
  readonly selects: readonly { readonly definition: SelectDef<never>; readonly state: unknown }[]
  /** What reads a select, for `$sel(...)`; a string answer is the error message. */
  select(text: string): SelectPlan | string
  /** A parameter of a loaded module. */
  param(module: string, name: string): Param | undefined
  functionNames(): Iterable<string>
  variableNames(): Iterable<string>
  /** Modules of Kamailio that have a function, a variable, or a class of transformations of that name. */
  modulesWith(what: 'function' | 'variable' | 'transformation', name: string): readonly string[]
  /** Is this a module of Kamailio, here or not? */
  isKamailioModule(name: string): boolean
}

/** The module whose functions are the core's own: they are called without touching `$rc`. */
export const CORE_MODULE = 'core'

/** `modules` in the order they are loaded, the core first; `existing`: the names of all modules that could be. */
export function createRegistry(modules: readonly LoadedModule[], existing: Iterable<string> = []): Registry {
  const byName = new Map(modules.map((module) => [module.definition.name, module]))
  const functions = new Map<string, FunctionEntry[]>()
  const core = new Map<string, FunctionEntry>()
  const variables = new Map<string, VariableEntry>()
  const transformations = new Map<string, TransformationDef>()
  const selects: { definition: SelectDef<never>; state: unknown }[] = []
  for (const module of modules) {
    const { definition, state } = module
    for (const [name, def] of Object.entries(definition.functions ?? {})) {
      for (const spelling of [name, ...(def.aliases ?? [])]) {
        const entry = { module, definition: def }
        if (definition.name === CORE_MODULE) core.set(spelling, entry)
        else functions.set(spelling, [entry, ...(functions.get(spelling) ?? [])])
      }
    }
    for (const [name, def] of Object.entries(definition.variables ?? {})) {
      if (!variables.has(name)) variables.set(name, { def, state })
    }
    for (const [name, def] of Object.entries(definition.transformations ?? {})) {
      if (!transformations.has(name)) transformations.set(name, def)
    }
    for (const select of definition.selects ?? []) selects.push({ definition: select, state })
  }
  return {
    modules: byName,
    existing: new Set([...existing, ...byName.keys()]),
    functions: (name) => functions.get(name) ?? [],
    coreFunction: (name) => core.get(name),
    variable: (name) => variables.get(name),
    transformation: (name) => transformations.get(name),
    selects,
    select: (text) => findSelect(text, { selects }),
    param: (module, name) => ownParam(byName.get(module), name),
    functionNames: () => functions.keys(),
    variableNames: () => variables.keys(),
    modulesWith,
    isKamailioModule: (name) => Object.hasOwn(kamailioFunctions, name),
  }
}

function ownParam(module: LoadedModule | undefined, name: string): Param | undefined {
  const params = module?.definition.params
  return params && Object.hasOwn(params, name) ? params[name] : undefined
}

const facts = { function: kamailioFunctions, variable: kamailioVariables, transformation: kamailioTransformations }

function modulesWith(what: keyof typeof facts, name: string): readonly string[] {
  const found: string[] = []
  for (const [module, names] of Object.entries(facts[what])) {
    if (names.split(' ').includes(name)) found.push(module)
  }
  return found
}

/** The forms of a function that take so many arguments. */
export function formsFor(
  entries: readonly FunctionEntry[],
  count: number,
): { readonly entry: FunctionEntry; readonly form: FunctionForm<never> }[] {
  const found: { entry: FunctionEntry; form: FunctionForm<never> }[] = []
  for (const entry of entries) {
    for (const form of entry.definition.forms) {
      if (count <= form.args.length && count >= requiredArgs(form)) found.push({ entry, form })
    }
  }
  return found
}

export function requiredArgs(form: FunctionForm<never>): number {
  const optional = form.args.findIndex((arg) => arg.optional)
  return optional < 0 ? form.args.length : optional
}
