/** Runs functions of a script, whatever loaded it: for which message, how they end, of which version of a reloaded script they are. */
import type { Log } from '../../base/log.ts'
import { ScriptExit } from '../../define/kemi.ts'
import { Flow, type RouteContext } from '../../runtime/context.ts'
import type { Cell } from './ksr-object.ts'
import type { ScriptFunction } from './script.ts'

/** One version of a script. */
export interface ScriptVersion {
  function(name: string): ScriptFunction | undefined
}

export interface RunnerOptions<V extends ScriptVersion> {
  readonly cell: Cell
  readonly log: Log
  /** Where lines of the log come from: the module's name. */
  readonly origin: string
  /** What a route is called with, in front of its own arguments. */
  readonly firstArgument?: (context: RouteContext, version: V) => unknown
}

export class Runner<V extends ScriptVersion> {
  /** The newest version, for whatever begins now. */
  current: V | undefined = undefined
  readonly #options: RunnerOptions<V>

  constructor(options: RunnerOptions<V>) {
    this.#options = options
  }

  has(name: string): boolean {
    return this.current?.function(name) !== undefined
  }

  run(name: string, context: RouteContext, args: readonly unknown[]): number | Promise<number> {
    const version = this.#versionFor(context)
    const fn = version?.function(name)
    if (version === undefined || fn === undefined) {
      const { log, origin } = this.#options
      log.error(origin, version === undefined ? `no script is loaded (call: ${name})` : `no such function [${name}] in the script`)
      return -1
    }
    return this.call(name, fn, context, version, args)
  }

  /** Calls a function for a message. */
  call(
    name: string, fn: ScriptFunction, context: RouteContext, version: V | undefined, args: readonly unknown[],
  ): number | Promise<number> {
    const { cell, firstArgument } = this.#options
    const before = cell.context
    cell.context = context
    cell.budget.run++
    let result: unknown
    try {
      if (version === undefined || firstArgument === undefined) result = args.length === 0 ? fn() : fn(...args)
      else if (args.length === 0) result = fn(firstArgument(context, version))
      else result = fn(firstArgument(context, version), ...args)
    } catch (error) {
      return this.#failed(name, context, error)
    } finally {
      cell.context = before
    }
    if (!(result instanceof Promise)) return ended(context, version)
    return result.then(() => ended(context, version), (error: unknown) => this.#failed(name, context, error))
  }

  /** A transaction stays with the version that made it. */
  #versionFor(context: RouteContext): V | undefined {
    const tied = context.transaction?.script
    return tied === undefined ? this.current : (tied as V)
  }

  #failed(name: string, context: RouteContext, error: unknown): number {
    if (error instanceof ScriptExit) {
      context.flow |= error.isDrop ? Flow.exit | Flow.drop : Flow.exit
      return ended(context, this.#versionFor(context))
    }
    const { log, origin } = this.#options
    log.error(origin, `error stack from js: ${stackOf(error)}`)
    log.error(origin, `error executing: ${name} (err: 1)`)
    return -1
  }
}

function ended(context: RouteContext, version: ScriptVersion | undefined): 1 {
  const { transaction } = context
  if (transaction !== null && transaction !== undefined && transaction.script === undefined) transaction.script = version
  return 1
}

/** The script's own part of a stack trace. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const lines = (error.stack ?? `${error.name}: ${error.message}`).split('\n')
  const below = lines.findIndex((line) => /^\s+at Runner\.call\b/.test(line))
  return (below > 0 ? lines.slice(0, below) : lines).filter((line) => !/^\s+at (?:Budget\.|async Promise\.)|\(?node:/.test(line)).join('\n')
}
