/** Event routes that a message must pass on its way in: before it is parsed, and before its own route. */
import { Flow, RouteContext } from '../runtime/context.ts'
import { RouteMask } from '../define/route-kind.ts'
import type { Host, RouteFunction } from '../runtime/host.ts'

/** What an event route said: whether it dropped the message, and its return code. */
export interface Verdict {
  readonly dropped: boolean
  readonly code: number
}

const FAILED: Verdict = { dropped: false, code: 0 }

/** Runs an event route on a context that goes on afterwards as it was, but for what the route changed in the message. */
export function askRoute(host: Host, route: RouteFunction, context: RouteContext): Verdict | Promise<Verdict> {
  context.routeType = RouteMask.event
  context.flow = 0
  const end = (code: number): Verdict => {
    const dropped = (context.flow & Flow.drop) !== 0
    context.flow = 0
    context.returnCode = 0
    context.depth = 0
    return { dropped, code }
  }
  const fail = (error: unknown): Verdict => {
    host.log.error('<core>', `an event route failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    end(0)
    return FAILED
  }
  try {
    const running = route(context)
    return running instanceof Promise ? running.then(end, fail) : end(running)
  } catch (error) {
    return fail(error)
  }
}
