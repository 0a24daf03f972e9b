/** The script of app_jsdt, loaded and loaded again. */
import { dirname, isAbsolute, join } from 'node:path'
import type { LoadError, ScriptEngine } from '../../define/kemi.ts'
import { Budget } from '../../kemi/budget.ts'
import { createKsrObject, type Cell, type KsrObject } from '../../kemi/javascript/ksr-object.ts'
import { Runner } from '../../kemi/javascript/runner.ts'
import { loadScript, type Script } from '../../kemi/javascript/script.ts'
import { drawLoadError } from '../../kemi/load-error.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { toBytes } from '../../kemi/text.ts'

export interface JsdtParams {
  readonly load: string
  readonly loaddir: string
  readonly mode: number
  readonly time_limit: number
  readonly watch: number
}

const ORIGIN = 'app_jsdt'

export class JsdtEngine implements ScriptEngine {
  readonly name = 'jsdt'
  version = 0
  readonly #host: Host
  readonly #params: JsdtParams
  readonly #cell: Cell
  readonly #runner: Runner<Script>
  #ksr: KsrObject | undefined = undefined

  constructor(host: Host, params: JsdtParams) {
    this.#host = host
    this.#params = params
    this.#cell = { context: undefined, budget: new Budget(params.time_limit, () => performance.now()) }
    this.#runner = new Runner({ cell: this.#cell, log: host.log, origin: ORIGIN })
  }

  has(route: string): boolean {
    return this.#runner.has(route)
  }

  run(route: string, context: RouteContext, args: readonly (string | number)[]): number | Promise<number> {
    return this.#runner.run(route, context, args)
  }

  async start(): Promise<string | undefined> {
    const error = await this.reload()
    return error === undefined ? undefined : toBytes(`failed running: ${drawLoadError(error)}`)
  }

  /** Loads the script that `load` names; nothing to do without it. */
  async reload(): Promise<LoadError | undefined> {
    const { load } = this.#params
    return load === '' ? undefined : this.#load(this.#pathOf(load))
  }

  watch(): () => void {
    const { load, watch } = this.#params
    if (load === '' || watch === 0) return () => undefined
    return this.#host.files.watch([this.#pathOf(load)], () => void this.reloadAndTell())
  }

  /** What is wrong with the new script stands in the log; the old one goes on then. */
  async reloadAndTell(): Promise<LoadError | undefined> {
    const error = await this.reload()
    const { log } = this.#host
    if (error === undefined) log.notice(ORIGIN, `loaded ${this.#params.load} anew`)
    else log.error(ORIGIN, toBytes(`failed running: ${drawLoadError(error)}`))
    return error
  }

  #pathOf(path: string): string {
    if (isAbsolute(path)) return path
    const { loaddir } = this.#params
    return join(loaddir === '' ? dirname(this.#host.configFile) : loaddir, path)
  }

  #load(path: string): LoadError | undefined {
    const source = this.#read(path)
    if (source === undefined) return { file: path, line: 0, column: 0, reason: 'cannot open file' }
    const made = loadScript(source, path, { ksr: this.#object(), cell: this.#cell, table: this.#host.ksr })
    if ('reason' in made) return made
    for (const warning of made.warnings) this.#host.log.warning(ORIGIN, toBytes(drawLoadError(warning)))
    this.#runner.current = made
    return undefined
  }

  #read(path: string): string | undefined {
    const bytes = this.#host.files.read(path)
    return bytes === undefined ? undefined : Buffer.from(bytes, 'latin1').toString('utf8')
  }

  #object(): KsrObject {
    const { ksr, log } = this.#host
    return (this.#ksr ??= createKsrObject({ table: ksr, cell: this.#cell, log, origin: ORIGIN }))
  }

  /** jsdt_run(): a function by its name. */
  runFunction(context: RouteContext, name: string, args: readonly string[]): number | Promise<number> {
    return this.run(name, context, args)
  }

  /** jsdt_dofile(). */
  runFile(context: RouteContext, file: string): number | Promise<number> {
    const path = this.#pathOf(file)
    const source = this.#read(path)
    if (source !== undefined) return this.#evaluate(context, source, path)
    this.#host.log.error(ORIGIN, `error from JS: cannot open file ${file}`)
    return -1
  }

  /** jsdt_dostring() and jsdt_runstring(). */
  runText(context: RouteContext, text: string): number | Promise<number> {
    return this.#evaluate(context, Buffer.from(text, 'latin1').toString('utf8'), 'jsdt_dostring')
  }

  #evaluate(context: RouteContext, source: string, file: string): number | Promise<number> {
    let script = this.#runner.current
    if (script === undefined) {
      const empty = loadScript('', 'empty.js', { ksr: this.#object(), cell: this.#cell, table: this.#host.ksr })
      if ('reason' in empty) return -1
      this.#runner.current = script = empty
    }
    const own = script
    return this.#runner.call(file, () => own.evaluate(source, file), context, undefined, [])
  }
}
