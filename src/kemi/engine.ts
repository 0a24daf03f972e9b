/** The routes of a server whose `cfgengine` is a script in another language: each is a function of the script. */
import type { ScriptEngine } from '../define/kemi.ts'
import type { AnyModule } from '../define/module.ts'
import type { RouteContext } from '../runtime/context.ts'
import type { RouteFunction, RouteTable } from '../runtime/host.ts'

/** Functions of the script by what they stand for; empty for none (`kemi.reply_route_callback` and the like). */
export interface EngineCallbacks {
  readonly reply: string
  readonly onsend: string
  readonly received: string
  readonly preRouting: string
  readonly event: string
}

export const usualCallbacks: EngineCallbacks = {
  reply: 'ksr_reply_route', onsend: 'ksr_onsend_route', received: '', preRouting: '', event: '',
}

const REQUEST_ROUTE = 'ksr_request_route'
const BRANCH_FAILURE = 'tm:branch-failure:'

export interface EngineRoutes {
  readonly engine: ScriptEngine
  readonly callbacks: EngineCallbacks
  /** The native file's, which are left where no callback can stand for them. */
  readonly native: RouteTable
  readonly modules: readonly { readonly definition: AnyModule }[]
  readonly param: (module: string, name: string) => unknown
}

export function engineRoutes({ engine, callbacks, native, modules, param }: EngineRoutes): RouteTable {
  const events = eventFunctions(modules, param)
  const made = new Map<string, RouteFunction>()
  /** The same function for the same route, so that whoever compares them may. */
  const routeFor = (name: string, args: readonly string[]): RouteFunction => {
    const key = `${name} ${args.join(' ')}`
    let route = made.get(key)
    if (route === undefined) {
      route = (context) => engine.run(name, context, args)
      if (made.size < ROUTES_MAX) made.set(key, route)
    }
    return route
  }
  const named = (name: string): RouteFunction | undefined => (name === '' ? undefined : routeFor(name, []))
  /** Runs only where the script has it. */
  const optional = (name: string): RouteFunction | undefined =>
    (name === '' || name === 'none' ? undefined : (context) => (engine.has(name) ? engine.run(name, context, []) : 1))
  const reply = optional(callbacks.reply)
  const onsend = optional(callbacks.onsend)
  return {
    request(name) {
      if (name === '') return routeFor(REQUEST_ROUTE, [])
      return engine.knowsItsRoutes === true && !engine.has(name) ? undefined : routeFor(name, [])
    },
    onreply: (name) => (name === '' ? reply : named(name)),
    failure: named,
    branch: named,
    onsend: () => (engine.has(callbacks.onsend) ? onsend : undefined),
    event(name) {
      if (name.startsWith(BRANCH_FAILURE)) return named(name.slice(BRANCH_FAILURE.length))
      if (name === 'core:msg-received') return optional(callbacks.received)
      if (name === 'core:pre-routing') return optional(callbacks.preRouting)
      const callback = events(name)
      if (callback !== undefined) return callback === '' ? undefined : routeFor(callback, [name])
      if (name.startsWith('core:') && callbacks.event !== '') return routeFor(callbacks.event, [name])
      return native.event(name)
    },
  }
}

const ROUTES_MAX = 1000

/** The function that stands for an event route; undefined where no parameter can name one. */
function eventFunctions(
  modules: EngineRoutes['modules'], param: EngineRoutes['param'],
): (event: string) => string | undefined {
  const exact = new Map<string, string>()
  const families: { readonly start: string; readonly callback: string }[] = []
  for (const { definition } of modules) {
    for (const [name, events] of Object.entries(definition.eventCallbacks ?? {})) {
      const callback = String(param(definition.name, name) ?? '')
      for (const event of events) {
        if (event.endsWith('*')) families.push({ start: event.slice(0, -1), callback })
        else exact.set(event, callback)
      }
    }
  }
  return (event) => exact.get(event) ?? families.find(({ start }) => event.startsWith(start))?.callback
}

/** How a script's function ended, for engines: what it left in the context, as routes of the native script do. */
export function endRun(context: RouteContext, isDrop: boolean): number {
  context.flow |= isDrop ? DROP : EXIT
  return 1
}

const EXIT = 1
const DROP = 4
