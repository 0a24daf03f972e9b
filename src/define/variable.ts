import type { RouteContext } from '../runtime/context.ts'
import type { PrepareEnv } from './arg.ts'
import type { PvValue } from './value.ts'

/** The `[...]` behind a name: a number (counting from the end when negative), `*`, or computed for each message. */
export type PvIndex =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'computed'; readonly evaluate: (context: RouteContext) => number }

/** A variable of the script, bound to its inner name and index. */
export interface BoundVariable<S> {
  get(context: RouteContext, state: S): PvValue
  /** Absent for read-only variables. False when the value is refused. */
  set?(context: RouteContext, state: S, value: PvValue): boolean
  /** What the variable is as a whole number, where that is not its text converted (`$rm`, `$proto`); NaN for none. */
  int?(context: RouteContext, state: S): number
  /** What texts show, where that is not the value: nothing in place of `<null>`, when it cannot be had. */
  print?(context: RouteContext, state: S): string
  /** Gets the value from elsewhere, so that `get` has it: awaited where the variable is read by name in the script. */
  fetch?(context: RouteContext, state: S): Promise<void>
}

/** One variable, or a family such as `$hdr(name)`. */
export interface VariableDef<S = unknown> {
  readonly summary: string
  /** Whether `(name)` and `[index]` may, must or must not follow. */
  readonly inner: 'none' | 'optional' | 'required'
  readonly index: boolean
  readonly writable: boolean
  /**
   * Called once for each place in the script. `inner` is the text between the parentheses. A string answer is the
   * error message. The state comes with each call, so that a script can be checked without starting the module: `state` is undefined
   * then.
   */
  readonly bind: (inner: string | undefined, index: PvIndex, env: PrepareEnv, state?: unknown) => BoundVariable<S> | string
}

/** A variable without inner name. */
export function variable<S>(
  summary: string,
  get: (context: RouteContext, state: S) => PvValue,
  extra: {
    readonly set?: (context: RouteContext, state: S, value: PvValue) => boolean
    readonly int?: (context: RouteContext, state: S) => number
    readonly print?: (context: RouteContext, state: S) => string
    readonly fetch?: (context: RouteContext, state: S) => Promise<void>
  } = {},
): VariableDef<S> {
  const bound: BoundVariable<S> = { get, ...extra }
  return { summary, inner: 'none', index: false, writable: extra.set !== undefined, bind: () => bound }
}

/** A family of variables: `$name(inner)`, `$(name(inner)[index])`. */
export function variableFamily<S>(
  summary: string,
  shape: { readonly inner: 'optional' | 'required' | 'none'; readonly index?: boolean; readonly writable?: boolean },
  bind: VariableDef<S>['bind'],
): VariableDef<S> {
  return { summary, inner: shape.inner, index: shape.index ?? false, writable: shape.writable ?? false, bind }
}
