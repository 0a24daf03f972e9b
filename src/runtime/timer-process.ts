/** What Kamailio's timer processes are: routes run by the clock, one at a time, on a worker whose `$var`s they keep. */
import type { Clock } from '../base/clock.ts'
import { RouteMask } from '../define/route-kind.ts'
import type { SipMessage } from '../sip/message.ts'
import { RouteContext, type Worker } from './context.ts'
import { runTopRoute } from './flow.ts'
import type { Host, RouteFunction } from './host.ts'

export class TimerProcess {
  /** Counts the messages it made up for its routes (`$mi`). */
  messages = 0
  readonly #host: Host
  #worker: Worker | undefined = undefined
  #release: (() => void) | undefined = undefined
  #running: Promise<void> | undefined = undefined

  constructor(host: Host) {
    this.#host = host
  }

  /** Runs a route on a message of its own, behind those that still run; `prepare` sees the context first. */
  run(route: RouteFunction, message: SipMessage, prepare?: (context: RouteContext) => void): void | Promise<void> {
    if (this.#running !== undefined) return this.#queue(this.#running.then(() => this.#runNow(route, message, prepare)))
    const running = this.#runNow(route, message, prepare)
    if (running instanceof Promise) return this.#queue(running)
  }

  /** Takes a worker before any message does, so that its `$var`s are new; the message is any. */
  start(message: SipMessage): void {
    if (this.#worker === undefined) this.#take(message)
  }

  /** Gives the worker back; a route that still runs ends on it. */
  stop(): void {
    this.#release?.()
    this.#release = undefined
    this.#worker = undefined
  }

  #queue(running: Promise<void>): Promise<void> {
    const last = running.finally(() => {
      if (this.#running === last) this.#running = undefined
    })
    this.#running = last
    return last
  }

  #runNow(route: RouteFunction, message: SipMessage, prepare?: (context: RouteContext) => void): void | Promise<void> {
    const context = new RouteContext(this.#host, this.#worker ?? this.#take(message), message)
    context.routeType = RouteMask.request
    prepare?.(context)
    try {
      const result = runTopRoute(context, route)
      if (result instanceof Promise) return result.then(() => undefined, (error: unknown) => this.#failed(error))
    } catch (error) {
      this.#failed(error)
    }
  }

  #take(message: SipMessage): Worker {
    const { context, release } = this.#host.contextFor(message)
    this.#release = release
    this.#worker = context.worker
    return context.worker
  }

  #failed(error: unknown): void {
    this.#host.log.error('<core>', `a timer route failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
  }
}

/** Runs a task again and again, `intervalMs` after it has ended; the answer stops it. */
export function every(clock: Clock, intervalMs: number, task: () => void | Promise<void>): () => void {
  let cancel: () => void = () => undefined
  let isStopped = false
  const arm = (): void => {
    if (!isStopped) cancel = clock.after(intervalMs, run)
  }
  const run = (): void => {
    const running = task()
    if (running instanceof Promise) void running.then(arm, arm)
    else arm()
  }
  arm()
  return () => {
    isStopped = true
    cancel()
  }
}
