/** A JavaScript script that is loaded: its functions, and a way to run more code among them. */
import { createRequire } from 'node:module'
import { compileFunction } from 'node:vm'
import type { KsrTable, LoadError } from '../../define/kemi.ts'
import type { Cell, KsrObject } from './ksr-object.ts'
import { names, rewriteScript } from './rewrite.ts'
import { topLevelNames, undeclaredNames } from './scope.ts'

export type ScriptFunction = (...args: readonly unknown[]) => unknown

export interface Script {
  function(name: string): ScriptFunction | undefined
  /** Runs a text among the script's functions and variables. */
  evaluate(source: string, file: string): unknown
  readonly warnings: readonly LoadError[]
}

export interface ScriptSurroundings {
  readonly ksr: KsrObject
  readonly cell: Cell
  readonly table: KsrTable
}

/** What a load gives back; the rest of a faulty script never runs. */
export function loadScript(source: string, file: string, surroundings: ScriptSurroundings): Script | LoadError {
  const scope: Record<string, unknown> = Object.create(null)
  const made = run(source, file, surroundings, scope)
  if ('reason' in made) return made
  return {
    warnings: made.warnings,
    function(name) {
      const value = scope[name]
      return typeof value === 'function' ? (value as ScriptFunction) : undefined
    },
    evaluate(text, from) {
      const ran = run(text, from, surroundings, scope)
      if ('reason' in ran) throw new SyntaxError(`${ran.file}:${ran.line}: ${ran.reason}`)
      return ran.value
    },
  }
}

/** Whether a function of KSR may wait; what is called by KSR.x.modf() is not known before. */
export function waitingIn(table: KsrTable): (module: string, name: string) => boolean | undefined {
  return (module, name) => (module === 'x' ? name === 'modf' : table.find(module, name)?.mayWait)
}

const PARAMETERS = ['KSR', 'sr', names.cell, names.wait, 'require', '$scope']

function run(
  source: string, file: string, { ksr, cell, table }: ScriptSurroundings, scope: Record<string, unknown>,
): { readonly value: unknown; readonly warnings: readonly LoadError[] } | LoadError {
  const rewritten = rewriteScript(source, { file, sourceType: 'script', mayWait: waitingIn(table), colours: true })
  if ('reason' in rewritten) return rewritten
  const own = topLevelNames(rewritten.program)
  const loose = undeclaredNames(rewritten.program).filter((name) => !PARAMETERS.includes(name) && !(name in scope))
  const known = Object.keys(scope).filter((name) => !own.includes(name))
  // Functions and variables are found by name from outside, and what is evaluated later finds them as its own.
  const doors = own.concat(loose).map((name) => `get ${name}(){return ${name}},set ${name}($v){${name}=$v}`)
  const head = loose.length > 0 ? `var ${loose.join(',')};` : ''
  const body = `${head}$scope.$open({${doors.join(',')}});${rewritten.code}\n`
  const isWithin = known.length > 0
  const text = isWithin ? `with($scope.$all){${body}}` : body
  try {
    const door = {
      $all: scope,
      $open(added: object) {
        Object.defineProperties(scope, Object.getOwnPropertyDescriptors(added))
      },
    }
    const compiled = compileFunction(text, PARAMETERS, { filename: file })
    const value: unknown = compiled(ksr, ksr, cell, waiter(cell), createRequire(file), door)
    return { value, warnings: rewritten.warnings }
  } catch (error) {
    const place = placeIn(error, file)
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { file, ...place, reason, ...lineOf(source, place.line) }
  }
}

/** Behind a wait: the message of this run is the current one again, and its time counts anew. */
export function waiter(cell: Cell): (context: Cell['context'], value: unknown) => unknown {
  return (context, value) => {
    cell.context = context
    cell.budget.run++
    return value
  }
}

export function placeIn(error: unknown, file: string): { readonly line: number; readonly column: number } {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const at = stack.indexOf(`${file}:`)
  const [, line, column] = at < 0 ? [] : /^:(\d+)(?::(\d+))?/.exec(stack.slice(at + file.length)) ?? []
  return { line: Number(line ?? 0), column: Number(column ?? 1) }
}

export function lineOf(source: string, line: number): { readonly text?: string } {
  const text = line > 0 ? source.split('\n')[line - 1] : undefined
  return text === undefined ? {} : { text: text.replace(/\r$/, '') }
}
