/** The script of app_ts, loaded and loaded again. */
import { dirname, isAbsolute, join } from 'node:path'
import type { LoadError, ScriptEngine } from '../../define/kemi.ts'
import { Budget } from '../../kemi/budget.ts'
import { createKsrObject, type Cell } from '../../kemi/javascript/ksr-object.ts'
import { loadModule, type ModuleSurroundings } from '../../kemi/javascript/module-loader.ts'
import { Runner } from '../../kemi/javascript/runner.ts'
import { drawLoadError } from '../../kemi/load-error.ts'
import { toBytes } from '../../kemi/text.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { Message } from './message.ts'
import { Native } from './native.ts'
import { createToolbox } from './toolbox.ts'
import { Handed, Version } from './version.ts'

export interface TsParams {
  readonly load: string
  readonly time_limit: number
  readonly watch: number
}

const ORIGIN = 'app_ts'

export class TsEngine implements ScriptEngine {
  readonly name = 'ts'
  readonly aliases = ['typescript']
  readonly knowsItsRoutes = true
  readonly #host: Host
  readonly #params: TsParams
  readonly #runner: Runner<Version | Handed>
  readonly #cell: Cell
  readonly #native: Native
  #surroundings: ModuleSurroundings | undefined = undefined
  #files: readonly string[] = []
  #stopWatching: () => void = () => undefined
  /** Loads are done one after the other. */
  #loading: Promise<LoadError | undefined> = Promise.resolve(undefined)

  constructor(host: Host, params: TsParams) {
    this.#host = host
    this.#params = params
    this.#cell = { context: undefined, budget: new Budget(params.time_limit, () => performance.now()) }
    this.#native = new Native(host, this.#cell)
    const native = this.#native
    this.#runner = new Runner<Version | Handed>({
      cell: this.#cell,
      log: host.log,
      origin: ORIGIN,
      firstArgument: (context, version) => new Message(context, native, version instanceof Handed ? version.version : version),
    })
  }

  has(route: string): boolean {
    return this.#runner.has(route)
  }

  run(route: string, context: RouteContext, args: readonly (string | number)[]): number | Promise<number> {
    return this.#runner.run(route, context, args)
  }

  reload(): Promise<LoadError | undefined> {
    return (this.#loading = this.#loading.then(() => this.#load()))
  }

  /** What is wrong with the new script stands in the log; the old one goes on then. */
  async reloadAndTell(): Promise<LoadError | undefined> {
    const error = await this.reload()
    const { log } = this.#host
    if (error === undefined) log.notice(ORIGIN, `loaded ${this.#params.load} anew`)
    else log.error(ORIGIN, toBytes(`failed running: ${drawLoadError(error)}`))
    return error
  }

  stop(): void {
    this.#stopWatching()
  }

  async #load(): Promise<LoadError | undefined> {
    const { load } = this.#params
    if (load === '') return { file: 'app_ts', line: 0, column: 0, reason: 'the parameter load names no script' }
    const loaded = await loadModule(this.#path, this.#around())
    if ('reason' in loaded) return loaded
    this.#runner.current = new Version(loaded.exports)
    this.#watch(loaded.files)
    return undefined
  }

  /** Follows what the script imports; the list may be another one after each load. */
  #watch(files: readonly string[]): void {
    if (this.#params.watch === 0 || files.join('\n') === this.#files.join('\n')) return
    this.#files = files
    this.#stopWatching()
    this.#stopWatching = this.#host.files.watch(files, () => void this.reloadAndTell())
  }

  get #path(): string {
    const { load } = this.#params
    return isAbsolute(load) ? load : join(dirname(this.#host.configFile), load)
  }

  #around(): ModuleSurroundings {
    if (this.#surroundings !== undefined) return this.#surroundings
    const { ksr, log, files } = this.#host
    const cell = this.#cell
    return (this.#surroundings = {
      cell,
      read(path) {
        const bytes = files.read(path)
        return bytes === undefined ? undefined : Buffer.from(bytes, 'latin1').toString('utf8')
      },
      globals: { KSR: createKsrObject({ table: ksr, cell, log, origin: ORIGIN }) },
      packages: { kahea: { ...createToolbox(this.#native) } },
    })
  }
}
