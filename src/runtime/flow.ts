/** What compiled routes call besides module functions: calls of routes, results, limits. */
import { ownText } from '../base/own-text.ts'
import type { Arg, PrepareEnv, Prepared } from '../define/arg.ts'
import { Flow, type RouteContext } from './context.ts'
import type { RouteFunction } from './host.ts'
import { prepareArg } from './prepare.ts'

/** Kamailio's result codes that scripts can meet as `$rc`. */
const UNSPECIFIED = -1
const INTERNAL = -5
const SCRIPT = -10

/**
 * Runs a route from the start, as for a message that just came: `$rc` is 0 and nothing has ended the script yet. How it
 * ended stands in `context.flow` (the DROP bit) afterwards.
 */
export function runTopRoute(context: RouteContext, route: RouteFunction): number | Promise<number> {
  context.returnCode = 0
  context.errorCode = 0
  context.flow = 0
  context.depth = 0
  return route(context)
}

/** Before a call inside an expression: Kamailio starts those with a clean slate, `$rc` included. */
export function begin(context: RouteContext): void {
  context.returnCode = 0
  context.flow = 0
}

/** A module function's result inside an expression: 0 ends the script once the expression is evaluated. */
export function moduleResult(context: RouteContext, result: number): number {
  context.returnCode = result
  if (result === 0) context.flow |= Flow.exit
  return result
}

/** The result of a called route, `levels` deeper; the script is in the calling route again. */
export function routeResult(
  context: RouteContext,
  result: number,
  levels: number,
  file: string,
  routeName: string,
): number {
  context.depth -= levels
  context.returnCode = result
  context.file = file
  context.routeName = routeName
  return result
}

/** Instead of a call that would nest deeper than `max_recursive_level`. */
export function tooDeep(context: RouteContext): number {
  context.host.log.error('<core>', `too many recursive routing table lookups (${context.depth + 1}) giving up!`)
  return UNSPECIFIED
}

/** Finds the route of a computed name; a missing one is logged. */
export function findRoute(
  context: RouteContext,
  routes: ReadonlyMap<string, RouteFunction>,
  name: string,
): RouteFunction | undefined {
  const route = routes.get(name)
  if (route !== undefined) return route
  context.host.log.error('<core>', `route "${name}" not found at ${context.file}:${context.line}`)
  actionFailed(context)
  return undefined
}

/** The result of route() when there is no route of that name. */
export const NO_ROUTE = SCRIPT

export function actionFailed(context: RouteContext): void {
  context.host.log.error('<core>', `run action error at: ${context.file}:${context.line}`)
}

/** A `while` that goes round more often than `max_while_loops` allows. */
export function runaway(context: RouteContext, place: string): number {
  const { log, settings } = context.host
  log.error('<core>', `runaway while (${place}): more then ${settings.max_while_loops} loops`)
  actionFailed(context)
  return UNSPECIFIED
}

/** An assignment that the variable refuses. */
export function refused(context: RouteContext, place: string): number {
  context.host.log.error('<core>', 'setting pvar failed')
  context.host.log.error('<core>', `assignment failed at pos: ${place}`)
  return UNSPECIFIED
}

/** An assignment whose right side failed; that is logged already. */
export function unassigned(context: RouteContext, place: string): number {
  context.host.log.error('<core>', `rval expression evaluation failed ${place}`)
  return UNSPECIFIED
}

/** A `return` or `exit` whose value cannot be had. */
export function unreturnable(context: RouteContext): number {
  context.host.log.warning('<core>', 'failed to eval int expression')
  return INTERNAL
}

/** The result of a call whose arguments cannot be had. */
export const NOT_CALLED = INTERNAL

/** Texts that an argument keeps prepared. */
const PREPARED_MAX = 100

/** An argument whose text is known at run time only: prepared as a constant one is, and remembered. */
export class ComputedArg {
  readonly #arg: Arg
  readonly #env: PrepareEnv
  readonly #functionName: string
  readonly #position: number
  readonly #prepared = new Map<string, Prepared<unknown>>()

  constructor(arg: Arg, env: PrepareEnv, functionName: string, position: number) {
    this.#arg = arg
    this.#env = env
    this.#functionName = functionName
    this.#position = position
  }

  /** What the function gets; `failed` when the text cannot be prepared (logged). */
  value(context: RouteContext, text: string | undefined): unknown {
    if (text === undefined) {
      context.host.log.error('<core>', 'failed to convert RVE to string')
      actionFailed(context)
      return failed
    }
    let prepared = this.#prepared.get(text)
    if (prepared === undefined) {
      // A copy: the text may be a slice of a packet, which it would keep alive.
      const copy = ownText(text)
      const result = prepareArg(this.#arg, copy, this.#env)
      if (typeof result === 'string') {
        const { log } = context.host
        log.error('<core>', `${result}`)
        log.error('<core>', `runtime fixup failed for ${this.#functionName} param ${this.#position}`)
        actionFailed(context)
        return failed
      }
      if (this.#prepared.size >= PREPARED_MAX) this.#prepared.clear()
      prepared = result
      this.#prepared.set(copy, prepared)
    }
    return 'fixed' in prepared ? prepared.fixed : prepared.evaluate(context)
  }
}

/** What an argument is that cannot be prepared. */
export const failed: unique symbol = Symbol('failed')
