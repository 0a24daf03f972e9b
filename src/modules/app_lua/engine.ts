/** Scripts of app_lua: loaded, loaded again, and called. */
import { dirname, isAbsolute, join } from 'node:path'
import type { LoadError, ScriptEngine } from '../../define/kemi.ts'
import { drawLoadError } from '../../kemi/load-error.ts'
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { EXIT, putKsr, WAITING } from './ksr.ts'
import { PRELUDE } from './prelude.ts'
import { loadLua, type LuaFunctions } from './runtime.ts'
import { LuaState, type Outcome } from './state.ts'

export interface LuaParams {
  readonly load: readonly (string | number)[]
  readonly reload: readonly (string | number)[]
  readonly log_mode: number
  readonly time_limit: number
  readonly watch: number
}

const ORIGIN = 'app_lua'
const LUA_FOLDERS = ['/usr/local/share/lua/5.4', '/usr/local/share/lua/5.1', '/usr/share/lua/5.4', '/usr/share/lua/5.1']

export class LuaEngine implements ScriptEngine {
  readonly name = 'lua'
  /** Scripts, the last one named first: so Kamailio numbers them. */
  readonly scripts: readonly string[]
  readonly #host: Host
  readonly #params: LuaParams
  /** What lua_run() and the routes use, and what lua_dofile() and lua_dostring() do. */
  #state: LuaState | undefined = undefined
  #other: LuaState | undefined = undefined

  constructor(host: Host, params: LuaParams) {
    this.#host = host
    this.#params = params
    this.scripts = params.load.map(String).reverse()
  }

  get reloads(): boolean {
    return Number(this.#params.reload.at(-1) ?? 1) !== 0
  }

  /** Starts Lua and loads the scripts. */
  async start(): Promise<string | undefined> {
    const lua = await loadLua()
    if (typeof lua === 'string') return lua
    const state = this.#newState(lua)
    const other = this.#newState(lua)
    if (typeof state === 'string') return state
    if (typeof other === 'string') return other
    this.#state = state
    this.#other = other
    for (const script of this.scripts) {
      const error = await this.#load(script)
      if (error !== undefined) return drawLoadError(error)
    }
    return undefined
  }

  #newState(lua: LuaFunctions): LuaState | string {
    const { clock, ksr, log } = this.#host
    const state = new LuaState(lua, { limitMs: this.#params.time_limit, now: () => clock.monotonic() })
    putKsr(state, lua, { host: this.#host, table: ksr, isTraced: (this.#params.log_mode & 1) !== 0 })
    const outcome = state.run(PRELUDE, '=kahea', undefined, [...this.#files(state, lua), this.#path(), WAITING])
    if (outcome === 'done') return state
    log.error(ORIGIN, 'Lua cannot be prepared')
    return typeof outcome === 'object' && 'error' in outcome ? String(outcome.error) : 'Lua cannot be prepared'
  }

  /** `read` and `write` of the prelude, each pushed on the stack of the thread that gets them. */
  #files(state: LuaState, lua: LuaFunctions): readonly [read: (thread: number) => void, write: (thread: number) => void] {
    const { files } = this.#host
    const { memory } = state
    const closure = (run: (L: number) => void): ((thread: number) => void) => {
      const pointer = lua.addFunction((L = 0) => {
        run(L)
        return 1
      }, 'ii')
      return (thread) => lua._lua_pushcclosure(thread, pointer, 0)
    }
    return [
      closure((L) => memory.push(L, files.read(this.#pathOf(memory.text(L, 1) ?? '')))),
      closure((L) => {
        const path = this.#pathOf(memory.text(L, 1) ?? '')
        memory.push(L, files.write(path, memory.text(L, 2) ?? '', lua._lua_toboolean(L, 3) !== 0))
      }),
    ]
  }

  /** Where `require` looks: beside the scripts, and where Lua's own modules are. */
  #path(): string {
    const folders = [...new Set(this.scripts.map((script) => dirname(this.#pathOf(script))))]
    const usual = [...folders, ...LUA_FOLDERS].flatMap((folder) => [join(folder, '?.lua'), join(folder, '?', 'init.lua')]).join(';')
    const wanted = this.#host.environment.LUA_PATH
    return wanted === undefined ? usual : wanted.replace(';;', `;${usual};`)
  }

  #pathOf(path: string): string {
    return isAbsolute(path) ? path : join(dirname(this.#host.configFile), path)
  }

  has(route: string): boolean {
    return this.#state?.hasFunction(route) ?? false
  }

  run(route: string, context: RouteContext, args: readonly (string | number)[]): number | Promise<number> {
    const outcome = this.#state?.call(route, context, args) ?? 'missing'
    // Only what starts a message's way is missed when it is not there.
    if (outcome === 'missing' && context.routeType !== RouteMask.request) return 1
    // As in Kamailio: a message whose function failed goes its way as if it had ended there.
    const ended = this.#ended(outcome, route, context)
    return ended instanceof Promise ? ended.then(always) : 1
  }

  /** lua_run(). */
  runFunction(context: RouteContext, name: string, args: readonly string[]): number | Promise<number> {
    const flow = context.flow
    const ended = this.#ended(this.#state?.call(name, context, args) ?? 'missing', name, context)
    return keepingFlow(context, flow, ended)
  }

  /** lua_runstring(): among the functions of the scripts; lua_dostring(): apart from them. */
  runText(context: RouteContext, text: string, isApart: boolean): number | Promise<number> {
    return this.#evaluate(isApart ? this.#other : this.#state, text, text, context)
  }

  /** lua_dofile(). */
  runFile(context: RouteContext, file: string): number | Promise<number> {
    const text = this.#host.files.read(this.#pathOf(file))
    if (text !== undefined) return this.#evaluate(this.#other, text, `@${file}`, context)
    this.#host.log.error(ORIGIN, `error from Lua: cannot open ${file}: No such file or directory`)
    return -1
  }

  #evaluate(state: LuaState | undefined, text: string, chunk: string, context: RouteContext): number | Promise<number> {
    const flow = context.flow
    const ended = (outcome: Outcome): number => {
      if (outcome === 'done') return 1
      this.#host.log.error(ORIGIN, `error from Lua: ${outcome === 'missing' ? 'unknown' : (outcome.error ?? 'unknown')}`)
      return -1
    }
    const outcome = state?.run(text, chunk, context) ?? 'missing'
    return keepingFlow(context, flow, outcome instanceof Promise ? outcome.then(ended) : ended(outcome))
  }

  #ended(outcome: Outcome | Promise<Outcome>, name: string, context: RouteContext): number | Promise<number> {
    if (outcome === 'done') return 1
    if (outcome instanceof Promise) return outcome.then((later) => this.#ended(later, name, context))
    const { log } = this.#host
    if (outcome === 'missing') {
      log.error(ORIGIN, `no such function [${name}] in lua scripts`)
      log.error(ORIGIN, 'top stack type [0 - nil]')
      log.error(ORIGIN, 'error from Lua: unknown')
      return -1
    }
    if (outcome.error === EXIT) return 1
    log.error(ORIGIN, `error from Lua: ${outcome.error ?? 'unknown'}`)
    log.error(ORIGIN, `error executing: ${name} (err: 2)`)
    return -1
  }

  async reload(): Promise<LoadError | undefined> {
    for (const script of this.scripts) {
      const error = await this.#load(script)
      if (error !== undefined) return error
    }
    return undefined
  }

  /** Loads all scripts anew, or one by its number. The answer is what was wrong; the log has it. */
  async reloadAndTell(index?: number): Promise<LoadError | undefined> {
    const script = index === undefined ? undefined : this.scripts[index]
    const error = script === undefined ? await this.reload() : await this.#load(script)
    const { log } = this.#host
    if (error === undefined) log.notice(ORIGIN, `loaded ${script ?? this.scripts.join(', ')} anew`)
    else log.error(ORIGIN, `failed to load: ${drawLoadError(error)}`)
    return error
  }

  watch(): () => void {
    if (this.#params.watch === 0 || this.scripts.length === 0) return () => undefined
    return this.#host.files.watch(this.scripts.map((script) => this.#pathOf(script)), () => void this.reloadAndTell())
  }

  /**
   * Runs a script for its functions. They take the place of the old ones in the same state, so that its other variables live on; where the
   * script fails, the globals are as before.
   */
  async #load(script: string): Promise<LoadError | undefined> {
    const text = this.#host.files.read(this.#pathOf(script))
    if (text === undefined) return { file: script, line: 0, column: 0, reason: 'cannot open file' }
    const state = this.#state
    if (state === undefined) return { file: script, line: 0, column: 0, reason: 'Lua is not started' }
    const source = text.startsWith('#') ? `--${text}` : text
    const checked = state.check(source, `@${script}`)
    if (checked !== 'done') return luaError(script, text, checked)
    await state.run('__kahea_keep()', '=kahea', undefined)
    const outcome = await state.run(source, `@${script}`, undefined)
    await state.run(`__kahea_kept(${outcome === 'done'})`, '=kahea', undefined)
    return outcome === 'done' ? undefined : luaError(script, text, outcome)
  }
}

const always = (): number => 1

/** What lua_run() calls may not end the native script: Kamailio's goes on as well. */
function keepingFlow(context: RouteContext, flow: number, result: number | Promise<number>): number | Promise<number> {
  if (result instanceof Promise) return result.then((value) => keepingFlow(context, flow, value))
  context.flow = flow
  return result
}

/** `file.lua:12: reason`, as Lua tells it, in its parts. */
function luaError(script: string, text: string, outcome: Outcome): LoadError {
  const message = (typeof outcome === 'object' ? outcome.error : undefined) ?? 'unknown'
  const [, line, reason] = /^.*?:(\d+): (.*)$/s.exec(message) ?? []
  const isOwn = message.startsWith(`${script}:`)
  if (line === undefined || reason === undefined || !isOwn) return { file: script, line: 0, column: 0, reason: message }
  return { file: script, line: Number(line), column: 1, reason, text: text.split('\n')[Number(line) - 1] }
}
