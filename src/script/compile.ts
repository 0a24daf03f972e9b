/** From a checked configuration to routes that run. */
import type { PrepareEnv, VariableHandle } from '../define/arg.ts'
import type { RouteContext } from '../runtime/context.ts'
import type { RouteFunction, RouteTable } from '../runtime/host.ts'
import type { ScriptSupport } from '../runtime/script-support.ts'
import type { ScriptAction } from '../runtime/script-trace.ts'
import type { ConfigFile } from './ast.ts'
import { checkConfig } from './check.ts'
import type { Program, RoutePlan } from './compile-plan.ts'
import type { Diagnostic } from './diagnostic.ts'
import { emitProgram, routeKey, type CompiledRoutes, type Emitted } from './emit.ts'
import { Emission } from './emit-function.ts'
import { findWaiting } from './emit-waiting.ts'
import type { Registry } from './registry.ts'

export interface CompileOptions {
  readonly config: ConfigFile
  readonly registry: Registry
  /** Prepares variables, formats and regular expressions of the script. */
  readonly env: PrepareEnv
  /** What compiled routes call: `scriptSupport` of the runtime. */
  readonly support: ScriptSupport
  /** `max_recursive_level`. */
  readonly recursionMax?: number
  /** The name of the configuration file, for stack traces. */
  readonly fileName?: string
  /** Called before each action of the script. Costs time whatever it does. */
  readonly trace?: (context: RouteContext, action: ScriptAction) => void
  /** With `trace`: called behind each assignment. */
  readonly traceAssigned?: (context: RouteContext, variable: VariableHandle) => void
}

export interface CompiledConfig {
  /** Nothing when there are errors. */
  readonly routes: CompiledTable | undefined
  /** The generated code, for people to read. */
  readonly source: string
  readonly diagnostics: readonly Diagnostic[]
}

/** The routes of a configuration by kind and name; the unnamed ones have the empty name. */
export interface CompiledTable extends RouteTable {
  /** Every route with its kind and name. */
  readonly all: readonly { readonly kind: RoutePlan['kind']; readonly name: string; readonly run: RouteFunction }[]
}

/** Checks and compiles a configuration. Holds nothing afterwards: for a changed file it is called again. */
export function compileConfig(options: CompileOptions): CompiledConfig {
  const { config, registry, env, support } = options
  const { diagnostics, program } = checkConfig({ config, registry, env, prepareArg: support.prepareArg })
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) {
    return { routes: undefined, source: '', diagnostics }
  }
  const emission = new Emission({
    program,
    support,
    waiting: findWaiting(program, (text) => support.parseNetwork(text) !== undefined),
    isTraced: options.trace !== undefined,
    recursionMax: options.recursionMax ?? 256,
  })
  const emitted = emitProgram(emission, options.fileName ?? 'kamailio.cfg')
  return { routes: load(program, emitted, options), source: emitted.body, diagnostics }
}

/**
 * Runs the generated code once, which gives the routes. Values reach it as constants beside it: the code itself holds
 * nothing but names made here and numbers. `new Function` rather than `vm.Script`, since Node applies source maps to
 * the former only.
 */
function load(program: Program, emitted: Emitted, options: CompileOptions): CompiledTable {
  const map = Buffer.from(emitted.sourceMap).toString('base64')
  const name = (options.fileName ?? 'kamailio.cfg').replace(/\s/g, '_')
  const text = `${emitted.body}\n//# sourceURL=${name}.js\n//# sourceMappingURL=data:application/json;base64,${map}`
  const routes = new Map<string, RouteFunction>()
  const make = new Function('support', 'constants', 'routes', 'patterns', 'options', text)
  const patterns = new options.support.RegexCache()
  const made: CompiledRoutes = make(options.support, emitted.constants, routes, patterns, options)

  const all = program.routes.flatMap((plan) => {
    const run = made[emitted.names.get(routeKey(plan)) ?? '']
    return run === undefined ? [] : [{ kind: plan.kind, name: plan.name, run }]
  })
  for (const { kind, name: routeName, run } of all) if (kind === 'request') routes.set(routeName, run)
  const main = routes.get('')
  if (main !== undefined && !routes.has('0')) routes.set('0', main)
  return tableOf(all)
}

function tableOf(all: CompiledTable['all']): CompiledTable {
  const find = (wanted: RoutePlan['kind']) => {
    const byName = new Map(all.flatMap(({ kind, name, run }) => (kind === wanted ? [[name, run] as const] : [])))
    return (name: string) => byName.get(name)
  }
  return {
    all,
    request: find('request'),
    onreply: find('onreply'),
    failure: find('failure'),
    branch: find('branch'),
    onsend: find('onsend'),
    event: find('event'),
  }
}
