/** What modules keep with a message while it is worked on. */
import type { RouteContext } from './context.ts'

let count = 0

/**
 * One such value, made once for a module. It stands in the context itself: a WeakMap that has grown old keeps the values of messages
 * long gone until memory is gone through as a whole, which makes for long pauses where there is one for each message.
 */
export class ContextValue<T> {
  readonly #place = count++

  get(context: RouteContext): T | undefined {
    // Only this object writes at its place.
    return context.moduleValues?.[this.#place] as T | undefined
  }

  set(context: RouteContext, value: T | undefined): void {
    (context.moduleValues ??= [])[this.#place] = value
  }
}
