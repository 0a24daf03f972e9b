/** What the checker finds out and the emitter uses: each name of the script with what stands behind it. */
import type { Arg, Fetch, PrepareEnv, TextMatcher, VariableHandle } from '../define/arg.ts'
import type { FunctionForm } from '../define/module.ts'
import type { RouteContext } from '../runtime/context.ts'
import type { AvpRef, Call, Case, Expression, RouteKind, SelectRef, Span, Statement, Variable } from './ast.ts'
import type { FunctionEntry } from './registry.ts'

/** How an argument reaches the function. */
export type ArgPlan =
  /** Always the same value. */
  | { readonly kind: 'fixed'; readonly value: unknown }
  /** Computed for each call; a number that cannot be had is NaN. */
  | { readonly kind: 'evaluate'; readonly evaluate: (context: RouteContext) => unknown; readonly isInt: boolean }
  /** An expression whose text is prepared when the call is made. */
  | { readonly kind: 'computed'; readonly arg: Arg; readonly expression: Expression }
  | { readonly kind: 'absent' }

export interface CallPlan {
  readonly entry: FunctionEntry
  readonly form: FunctionForm<never>
  readonly args: readonly ArgPlan[]
  /** Whether this very call may give a promise. */
  readonly mayWait: boolean
  /** What the variables in its arguments need before it is made. */
  readonly fetches: readonly Fetch[]
}

/** route(): to a route that is there, or to one whose name is computed. */
export type RouteCallPlan =
  | { readonly kind: 'known'; readonly name: string }
  | { readonly kind: 'computed'; readonly name: Expression }

export interface SelectPlan {
  readonly get: (context: RouteContext, state: unknown) => string | number | null
  readonly state: unknown
}

/** A route with all blocks that belong to it (the unnamed ones may be written in pieces). */
export interface RoutePlan {
  readonly kind: RouteKind
  /** Empty for the unnamed one. */
  readonly name: string
  readonly statements: readonly Statement[]
  readonly span: Span
}

export interface Program {
  readonly routes: readonly RoutePlan[]
  readonly variables: ReadonlyMap<Variable | AvpRef, VariableHandle>
  readonly selects: ReadonlyMap<SelectRef, SelectPlan>
  readonly calls: ReadonlyMap<Call, CallPlan>
  readonly routeCalls: ReadonlyMap<Call, RouteCallPlan>
  /** Constant regular expressions: right sides of `=~`, labels of a switch. */
  readonly matchers: ReadonlyMap<Expression | Case, TextMatcher>
  readonly env: PrepareEnv
}
