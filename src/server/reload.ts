/**
 * Reading the configuration anew while calls are up. All that may fail comes first and changes nothing; then one step, in which
 * no message can come, puts the new routes and values in. What runs goes on in the routes that it began with.
 */
import { createPrepareEnv } from '../runtime/prepare.ts'
import { ReloadRefused, type Reloaded } from '../runtime/reload.ts'
import { drawLoadError } from '../kemi/load-error.ts'
import { drawDiagnostic, type Diagnostic } from '../script/diagnostic.ts'
import type { RouteTable } from '../runtime/host.ts'
import type { CompiledTable } from '../script/compile.ts'
import { createRegistry } from '../script/registry.ts'
import { customGroups, settingRefused, settingTaken } from './cfg-groups.ts'
import { customChanges, customPlace, paramChanges, restartNeeds, settingChanges, shown, type Whole } from './changes.ts'
import type { ServerHost } from './host.ts'
import { collectParams } from './module-params.ts'
import {
  checkConfiguration, compileRoutes, existingModuleNames, hasErrors, routesOf, StartFailure, type LoadedConfiguration, type PreparedServer,
} from './start.ts'

export interface ReloaderParts {
  readonly host: ServerHost
  readonly loaded: LoadedConfiguration
  readonly prepared: PreparedServer
  /** Reads the file again as it was read for the start, with what the command line says. */
  readonly reread: () => Promise<LoadedConfiguration>
  /** Puts routes on the way of messages. */
  readonly useRoutes: (routes: RouteTable) => void
  /** A text says why the new log_prefix is not in order. */
  readonly useLogPrefix: () => string | undefined
}

/** The new file, all that could go wrong with it behind us. */
interface Ready {
  readonly loaded: LoadedConfiguration
  readonly whole: Whole
  readonly native: CompiledTable
  readonly diagnostics: readonly Diagnostic[]
}

export class Reloader {
  readonly #parts: ReloaderParts
  /** As the server was started: beside it stands what needs a restart. */
  readonly #started: Whole
  /** As the file was read last: beside it stands what can follow. A value that `cfg.set` changed stays where the file does not. */
  #current: Whole
  #isBusy = false

  constructor(parts: ReloaderParts) {
    this.#parts = parts
    this.#started = wholeOf(parts.loaded)
    this.#current = this.#started
  }

  async reload(): Promise<Reloaded | ReloadRefused> {
    if (this.#isBusy) return new ReloadRefused(['the configuration is being read anew already'])
    this.#isBusy = true
    const { host } = this.#parts
    try {
      const outcome = await this.#reload()
      if (outcome instanceof ReloadRefused) {
        host.log.error('<core>', `the configuration is not read anew, the old one goes on: ${outcome.reasons[0] ?? ''}`)
      } else {
        for (const line of outcome.changed) host.log.notice('<core>', `reload: ${line}`)
        for (const line of outcome.restart) host.log.warning('<core>', `reload: ${line}`)
        host.log.notice('<core>', `the configuration is read anew: ${outcome.routes} routes, ${outcome.blockedMs} ms`)
      }
      return outcome
    } catch (error) {
      host.log.error('<core>', `reload failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
      return new ReloadRefused([error instanceof Error ? error.message : String(error)])
    } finally {
      this.#isBusy = false
    }
  }

  async #reload(): Promise<Reloaded | ReloadRefused> {
    const { clock } = this.#parts.host
    const begun = clock.monotonic()
    let blocked = 0
    const timed = <T>(work: () => T): T => {
      const start = clock.monotonic()
      const result = work()
      blocked = Math.max(blocked, clock.monotonic() - start)
      return result
    }
    const loaded = await this.#parts.reread()
    await pause()
    const checked = timed(() => checkConfiguration(loaded))
    if (hasErrors(checked)) return new ReloadRefused(drawn(checked, loaded))
    await pause()
    const ready = timed(() => this.#prepare(loaded))
    if (ready instanceof ReloadRefused) return ready
    const scriptRefused = await this.#parts.host.scriptEngine?.reload()
    if (scriptRefused !== undefined) return new ReloadRefused([drawLoadError(scriptRefused)])
    await pause()
    const changed = timed(() => this.#commit(ready))
    return {
      routes: ready.native.all.length,
      changed,
      restart: restartNeeds(this.#started, ready.whole),
      warnings: drawn(ready.diagnostics, loaded),
      totalMs: Math.round(clock.monotonic() - begun),
      blockedMs: Math.round(blocked),
    }
  }

  /** Compiles the routes with the modules that run. */
  #prepare(loaded: LoadedConfiguration): Ready | ReloadRefused {
    const { host, prepared } = this.#parts
    const whole = wholeOf(loaded)
    for (const { name, value } of settingChanges(this.#current.settings, whole.settings)) {
      const refused = settingRefused(name, value)
      if (refused !== undefined) return new ReloadRefused([`${name}: ${refused}`])
    }
    const modules = loaded.definitions.flatMap(({ name }) => prepared.modules.filter(({ definition }) => definition.name === name))
    const missing = loaded.definitions.filter(({ name }) => modules.every(({ definition }) => definition.name !== name))
    const registry = createRegistry(modules, existingModuleNames)
    if (whole.settings.log_prefix !== '') {
      const format = createPrepareEnv(registry).format(whole.settings.log_prefix)
      if (typeof format === 'string') return new ReloadRefused([`log_prefix: ${format}`])
    }
    // Parameters have been checked, those of modules to come among them.
    const items = loaded.parsed.config.items.filter(({ kind }) => kind !== 'modparam')
    const { routes, diagnostics } = compileRoutes({ ...loaded.parsed.config, items }, registry, loaded, host.scriptTracer)
    if (routes !== undefined) return { loaded, whole, native: routes, diagnostics }
    const why = missing.map(({ name }) => `module ${name} is not loaded in the running server: it needs a restart before routes can use it`)
    return new ReloadRefused([...drawn(diagnostics, loaded), ...why])
  }

  /** Puts all in, in one step. */
  #commit({ whole, native, loaded }: Ready): readonly string[] {
    const { host, prepared, useRoutes, useLogPrefix } = this.#parts
    const changed: string[] = []
    host.parameters.rebase(() => changed.push(...this.#followSettings(whole), ...this.#followParams(whole)))
    changed.push(...this.#followCustom(whole))
    host.defines = loaded.parsed.defines
    host.nativeRoutes = native
    const routes = routesOf(loaded, host, prepared.modules, (module, name) => prepared.params.get(module)?.[name])
    // The engine is the same: nothing can be wrong with it now.
    if (!(routes instanceof StartFailure)) {
      host.routes = routes
      useRoutes(routes)
    }
    const refused = useLogPrefix()
    if (refused !== undefined) host.log.error('<core>', `log_prefix: ${refused}`)
    for (const { definition, state } of prepared.modules) definition.reloaded?.(state as never, host)
    this.#current = whole
    return changed
  }

  #followSettings(whole: Whole): readonly string[] {
    const { host } = this.#parts
    return settingChanges(this.#current.settings, whole.settings).map(({ name, before, value }) => {
      Object.assign(host.settings, { [name]: value })
      settingTaken(name, value, host.log)
      return `${name}: ${shown(before)} -> ${shown(value)}`
    })
  }

  #followParams(whole: Whole): readonly string[] {
    const { prepared } = this.#parts
    const definitions = prepared.modules.map(({ definition }) => definition)
    return paramChanges(definitions, this.#current.params, whole.params).map(({ module, name, before, value }) => {
      const params = prepared.params.get(module)
      if (params !== undefined) params[name] = value
      return `${module}.${name}: ${shown(before)} -> ${shown(value)}`
    })
  }

  /** The groups of the file's own parameters are made anew; what `cfg.set` changed stays where the file does not change it. */
  #followCustom(whole: Whole): readonly string[] {
    const { host } = this.#parts
    const changes = customChanges(this.#current.configuration, whole.configuration)
    for (const { group, index, name, value } of changes) {
      if (index !== undefined) continue
      if (value === undefined) host.customParameters.delete(`${group}.${name}`)
      else host.customParameters.set(`${group}.${name}`, value)
    }
    host.parameters.replaceGroups(
      this.#current.configuration.custom.map(({ group }) => group),
      customGroups({ custom: whole.configuration.custom, customValues: host.customParameters }),
    )
    for (const { group, index: id, name, value } of changes) {
      if (id === undefined) continue
      if (value === undefined) host.parameters.delete({ group, id, name })
      else {
        host.parameters.addInstance(group, id)
        host.parameters.write({ group, id, name }, value)
      }
    }
    return changes.map((change) =>
      `${customPlace(change)}: ${shown(change.before)} -> ${shown(change.value)}`)
  }
}

function wholeOf(loaded: LoadedConfiguration): Whole {
  return {
    configuration: loaded.configuration,
    settings: { ...loaded.configuration.settings },
    definitions: loaded.definitions,
    params: collectParams(loaded.definitions, loaded.configuration.modParams),
  }
}

function drawn(diagnostics: readonly Diagnostic[], loaded: LoadedConfiguration): readonly string[] {
  return diagnostics.map((diagnostic) => drawDiagnostic(diagnostic, loaded.parsed.sources))
}

/** Lets messages that came meanwhile go first. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
