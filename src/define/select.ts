import type { RouteContext } from '../runtime/context.ts'
import type { PvValue } from './value.ts'

/** One step of a select's path: `name`, `name[3]`, `name["text"]`. */
export interface SelectStep {
  readonly name: string
  readonly index: number | string | undefined
}

/**
 * A family of selects by path: `to.uri.user`. A step `*` stands for any name; a path ending in `**` takes any rest.
 */
export interface SelectDef<S = unknown> {
  readonly path: string
  readonly summary: string
  /** A string answer is the error message. */
  readonly bind: (
    steps: readonly SelectStep[],
  ) => ((context: RouteContext, state: S) => PvValue) | string
}
