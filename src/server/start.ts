/** Starting a server: read, check, set up, compile, open; in this order, so that a faulty file starts nothing. */
import type { Log } from '../base/log.ts'
import type { AnyModule } from '../define/module.ts'
import { SetupError } from '../define/module.ts'
import { modules as existingModules } from '../modules/index.ts'
import core from '../modules/core/core.ts'
import { engineRoutes } from '../kemi/engine.ts'
import { createKsr } from '../kemi/ksr-table.ts'
import type { RouteTable } from '../runtime/host.ts'
import { createPrepareEnv } from '../runtime/prepare.ts'
import { scriptSupport } from '../runtime/script-support.ts'
import type { VariableLookup } from '../runtime/variable-spec.ts'
import type { ScriptTracer } from '../runtime/script-trace.ts'
import type { ConfigFile } from '../script/ast.ts'
import { compileConfig, type CompiledConfig, type CompiledTable } from '../script/compile.ts'
import type { Diagnostic } from '../script/diagnostic.ts'
import { parseConfig, type ParsedConfig, type SubstOption } from '../script/parse.ts'
import { createRegistry, type LoadedModule, type Registry } from '../script/registry.ts'
import { CfgTable } from '../runtime/cfg-table.ts'
import { cfgGroups } from './cfg-groups.ts'
import { readConfiguration, type Configuration } from './configuration.ts'
import { faultyScript, isScriptFile, nativeText } from './script-file.ts'
import type { ServerHost } from './host.ts'
import { collectParams, type ModuleParams } from './module-params.ts'

/** Names of all modules that there are. */
export const existingModuleNames: readonly string[] = Object.keys(existingModules)

export interface SourceOptions {
  readonly path: string
  readonly readFile: (path: string) => string | undefined
  readonly defines: ReadonlyMap<string, string | undefined>
  readonly substs: readonly SubstOption[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A configuration file with the definitions of the modules it loads. */
export interface LoadedConfiguration {
  readonly parsed: ParsedConfig
  readonly configuration: Configuration
  readonly definitions: readonly AnyModule[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a file and finds its modules; starts nothing. */
export async function loadConfiguration(source: SourceOptions, extraModules: readonly string[] = []): Promise<LoadedConfiguration> {
  const environment = new Map<string, string>()
  for (const [name, value] of Object.entries(source.environment)) if (value !== undefined) environment.set(name, value)
  const script = isScriptFile(source.path) ? await nativeText(source.path, source.readFile) : undefined
  const readFile = typeof script === 'string' ? (path: string) => (path === source.path ? script : source.readFile(path)) : source.readFile
  const parsed = typeof script === 'object' ? faultyScript(script, source.readFile)
    : parseConfig(source.path, { readFile, defines: source.defines, substs: source.substs, environment })
  const configuration = readConfiguration(parsed.config)
  const definitions: AnyModule[] = [core]
  for (const name of [...configuration.moduleNames, ...extraModules]) {
    const load = Object.hasOwn(existingModules, name) ? existingModules[name] : undefined
    if (load !== undefined) definitions.push(await load())
  }
  return { parsed, configuration, definitions, diagnostics: parsed.diagnostics }
}

/** Every error and warning of a configuration, without setting a module up. */
export function checkConfiguration(loaded: LoadedConfiguration): readonly Diagnostic[] {
  const registry = createRegistry(loaded.definitions.map((definition) => ({ definition, state: undefined })), existingModuleNames)
  return [...loaded.diagnostics, ...compileRoutes(loaded.parsed.config, registry, loaded).diagnostics]
}

export function compileRoutes(
  config: ConfigFile, registry: Registry, { parsed, configuration }: LoadedConfiguration, tracer?: ScriptTracer,
): CompiledConfig {
  return compileConfig({
    config,
    registry,
    env: createPrepareEnv(tracer === undefined ? registry : tracedLookup(registry, tracer)),
    support: scriptSupport,
    recursionMax: configuration.settings.max_recursive_level,
    fileName: [...parsed.sources.keys()][0] ?? 'kamailio.cfg',
    ...(tracer === undefined ? {} : {
      trace: (context, action) => tracer.action(context, action),
      traceAssigned: (context, variable) => tracer.assigned(context, variable),
    }),
  })
}

/** Tells the tracer which variables the script names. */
function tracedLookup(registry: Registry, tracer: ScriptTracer): VariableLookup {
  return {
    variable: (name) => registry.variable(name),
    transformation: (name) => registry.transformation(name),
    select: (text) => registry.select(text),
    noted: (variable) => tracer.variable(variable),
  }
}

export interface PreparedServer {
  readonly modules: readonly LoadedModule[]
  readonly registry: Registry
  readonly routes: RouteTable
  /** The native file's, whoever routes. */
  readonly native: CompiledTable
  readonly params: ReadonlyMap<string, ModuleParams>
}

/** Sets the modules up and compiles the routes. The answer is what went wrong, when something did. */
export async function prepareServer(loaded: LoadedConfiguration, host: ServerHost): Promise<PreparedServer | StartFailure> {
  const params = collectParams(loaded.definitions, loaded.configuration.modParams)
  host.parameters = cfgTableOf(loaded, params, host)
  const modules: LoadedModule[] = []
  for (const definition of loaded.definitions) {
    const given = definition === core ? host.settings : params.get(definition.name)
    const state = await definition.setup(host, given as never)
    if (state instanceof SetupError) return new StartFailure(`module ${definition.name}: ${state.reason}`)
    modules.push({ definition, state })
    if (definition.hasRpc?.(state as never) === false) continue
    for (const [name, command] of Object.entries(definition.rpc ?? {})) host.methods.add(name, command, state)
  }
  const registry = createRegistry(modules, existingModuleNames)
  host.prepare = createPrepareEnv(registry)
  const compiled = compileRoutes(loaded.parsed.config, registry, loaded, host.scriptTracer)
  if (compiled.routes === undefined) return new StartFailure('the configuration has errors', compiled.diagnostics)
  host.nativeRoutes = compiled.routes
  host.ksr = createKsr(modules, host.prepare)
  const routes = routesOf(loaded, host, modules, (module, name) => params.get(module)?.[name])
  if (routes instanceof StartFailure) return routes
  host.routes = routes
  return { modules, registry, routes, native: compiled.routes, params }
}

/** The native file's routes, or those of the script that `cfgengine` names. */
export function routesOf(
  loaded: LoadedConfiguration, host: ServerHost, modules: readonly LoadedModule[], param: (module: string, name: string) => unknown,
): RouteTable | StartFailure {
  const wanted = host.settings.cfgengine
  if (wanted === 'native' || wanted === 'default') return host.nativeRoutes
  const engine = host.scriptEngines.find(({ name, aliases }) => name === wanted || aliases?.includes(wanted) === true)
  if (engine === undefined) return new StartFailure(`cfgengine: no loaded module runs "${wanted}"`)
  host.scriptEngine = engine
  return engineRoutes({ engine, callbacks: loaded.configuration.kemiCallbacks, native: host.nativeRoutes, modules, param })
}

function cfgTableOf(loaded: LoadedConfiguration, params: ReadonlyMap<string, ModuleParams>, host: ServerHost): CfgTable {
  const { settings, log, customParameters } = host
  const table = new CfgTable(
    cfgGroups({
      definitions: loaded.definitions, params, settings, log, custom: loaded.configuration.custom, customValues: customParameters,
    }),
    (text) => log.info('<core>', text),
  )
  for (const { group, index, name, value } of loaded.configuration.custom) {
    if (index === undefined) continue
    table.addInstance(group, index)
    table.write({ group, id: index, name }, value.value)
  }
  return table
}

/** Runs every module's `start`, in the order they were loaded, until one says why it cannot; then what waited for all of them (`ready`). */
export async function startModules(modules: readonly LoadedModule[], host: ServerHost): Promise<StartFailure | undefined> {
  for (const { definition, state } of modules) {
    const started = await definition.start?.(state as never, host)
    if (started instanceof SetupError) return new StartFailure(`module ${definition.name}: ${started.reason}`)
  }
  for (const { definition, state } of modules) await definition.ready?.(state as never, host)
  return undefined
}

/** And `stop`, the other way round. A module that fails to stop does not keep the others from it. */
export async function stopModules(modules: readonly LoadedModule[], log: Log): Promise<void> {
  for (const { definition, state } of [...modules].reverse()) {
    try {
      await definition.stop?.(state as never)
    } catch (error) {
      log.error('<core>', `module ${definition.name} did not stop well: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

/** Why a server did not start. */
export class StartFailure {
  readonly reason: string
  readonly diagnostics: readonly Diagnostic[]

  constructor(reason: string, diagnostics: readonly Diagnostic[] = []) {
    this.reason = reason
    this.diagnostics = diagnostics
  }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}
