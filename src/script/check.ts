/**
 * The checker: everything that is wrong with a configuration beyond its grammar, all of it at once, and the program
 * that the emitter turns into code. What Kamailio 5.6.3 refuses to start with is an error, what it accepts is not.
 */
import type { Arg, PrepareEnv, Prepared, TextMatcher, VariableHandle } from '../define/arg.ts'
import type { AvpRef, Call, Case, ConfigFile, Expression, Route, RouteKind, SelectRef, Span, Variable } from './ast.ts'
import type { CheckCode } from './check-codes.ts'
import { checkItems } from './check-item.ts'
import { checkStatements } from './check-statement.ts'
import type { CallPlan, Program, RouteCallPlan, RoutePlan, SelectPlan } from './compile-plan.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Registry } from './registry.ts'

export interface CheckOptions {
  readonly config: ConfigFile
  readonly registry: Registry
  /** Prepares variables, formats and regular expressions. */
  readonly env: PrepareEnv
  /** Prepares an argument; a string answer is the error message (`prepareArg` of the runtime). */
  readonly prepareArg: (arg: Arg, text: string, env: PrepareEnv, state: unknown) => Prepared<unknown> | string
}

/** What the checking functions share. */
export interface Checker extends CheckOptions {
  readonly report: (diagnostic: Diagnostic) => void
  readonly error: (code: CheckCode, message: string, span: Span, hint?: string) => void
  readonly warn: (code: CheckCode, message: string, span: Span, hint?: string) => void
  readonly variables: Map<Variable | AvpRef, VariableHandle>
  readonly selects: Map<SelectRef, SelectPlan>
  readonly calls: Map<Call, CallPlan>
  readonly routeCalls: Map<Call, RouteCallPlan>
  readonly matchers: Map<Expression | Case, TextMatcher>
  /** Names of the routes that route() may call. */
  readonly routeNames: ReadonlySet<string>
  /** Flags by name, as `flags` and `avpflags` declare them. */
  readonly flags: ReadonlyMap<string, number>
  readonly avpFlags: ReadonlyMap<string, number>
}

/** Where a statement stands: which functions it may call. */
export interface Place {
  readonly route: RouteKind
  /** The unnamed reply_route, which the core runs. */
  readonly isUnnamed: boolean
}

export interface Checked {
  readonly diagnostics: readonly Diagnostic[]
  readonly program: Program
}

export function checkConfig(options: CheckOptions): Checked {
  const diagnostics: Diagnostic[] = []
  const routes = options.config.items.filter((item): item is Route => item.kind === 'route')
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic)
  }
  const checker: Checker = {
    ...options,
    report,
    error: (code, message, span, hint) => report({ code, severity: 'error', message, hint, span }),
    warn: (code, message, span, hint) => report({ code, severity: 'warning', message, hint, span }),
    variables: new Map(),
    selects: new Map(),
    calls: new Map(),
    routeCalls: new Map(),
    matchers: new Map(),
    routeNames: new Set(routes.filter((route) => route.route === 'request').map((route) => route.name ?? '')),
    flags: flagsOf(options.config, 'flags'),
    avpFlags: flagsOf(options.config, 'avpflags'),
  }
  checkItems(checker)
  for (const route of routes) {
    checkStatements(checker, route.body.statements, { route: route.route, isUnnamed: route.name === undefined })
  }
  return { diagnostics: inOrder(diagnostics, options.config), program: { ...checker, routes: joinRoutes(routes) } }
}

/** By place; files in the order in which the configuration comes to them. */
function inOrder(diagnostics: readonly Diagnostic[], config: ConfigFile): readonly Diagnostic[] {
  const files = [...new Set([...config.items, ...diagnostics].map(({ span }) => span.file))]
  return diagnostics.toSorted(({ span: a }, { span: b }) =>
    files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column)
}

function flagsOf(config: ConfigFile, table: 'flags' | 'avpflags'): ReadonlyMap<string, number> {
  const flags = new Map<string, number>()
  for (const item of config.items) {
    if (item.kind !== 'flags' || item.table !== table) continue
    for (const flag of item.flags) flags.set(flag.name, flag.number)
  }
  return flags
}

/** Joins unnamed routes of a kind: Kamailio runs them as if they were written in one. */
function joinRoutes(routes: readonly Route[]): readonly RoutePlan[] {
  const plans = new Map<string, RoutePlan>()
  for (const route of routes) {
    // reply_route is an onreply_route without a name.
    const kind = route.route === 'reply' ? 'onreply' : route.route
    const name = route.name ?? ''
    const key = `${kind} ${name}`
    const before = plans.get(key)
    plans.set(key, {
      kind,
      name,
      statements: [...(before?.statements ?? []), ...route.body.statements],
      span: before?.span ?? route.span,
    })
  }
  return [...plans.values()]
}
