/** One Lua state: its globals, KSR, and the threads that its functions run in. */
import type { KemiValue } from '../../define/kemi.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { LuaMemory, MASK_COUNT, REGISTRY, Status, Type, type LuaFunctions } from './runtime.ts'

/** What a call ended with; a text says what Lua has against it. */
export type Outcome = 'done' | 'missing' | { readonly error: string | undefined }

export interface StateOptions {
  readonly limitMs: number
  /** Milliseconds that only grow. */
  readonly now: () => number
}

/** Instructions between two looks at the clock. */
const HOOK_INSTRUCTIONS = 100_000
const IDLE_THREADS_MAX = 100
const NAMES_MAX = 2000

export class LuaState {
  readonly memory: LuaMemory
  /** The message whose function runs now; undefined while a script is loaded. */
  context: RouteContext | undefined = undefined
  /** What a function waits for that has just been called. */
  waiting: Promise<KemiValue> | undefined = undefined
  readonly #lua: LuaFunctions
  readonly #main: number
  readonly #options: StateOptions
  readonly #results: number
  readonly #hook: number
  readonly #names = new Map<string, number>()
  readonly #idle: number[] = []
  /** Threads whose time is up. */
  readonly #hurried = new Set<number>()
  #running: number
  #since = 0

  constructor(lua: LuaFunctions, options: StateOptions) {
    this.#lua = lua
    this.#options = options
    this.memory = new LuaMemory(lua)
    this.#main = this.#running = lua._luaL_newstate()
    lua._luaL_openlibs(this.#main)
    this.#results = lua._malloc(8)
    this.#hook = lua.addFunction((L = 0) => this.#count(L), 'vii')
  }

  get main(): number {
    return this.#main
  }

  /** Ends a script that has run for too long. */
  #count(L: number): void {
    const { limitMs, now } = this.#options
    if (now() - this.#since <= limitMs) return
    // From here on at each instruction, until the function has ended: pcall() catches it only once.
    this.#lua._lua_sethook(L, this.#hook, MASK_COUNT, 1)
    this.#hurried.add(L)
    this.#lua._luaL_where(L, 0)
    this.memory.push(L, `the script ran for more than ${limitMs} ms without a pause (a loop without an end?)`)
    this.#lua._lua_concat(L, 2)
    this.#lua._lua_error(L)
  }

  /** A name for Lua's C functions. */
  #name(text: string): number {
    let pointer = this.#names.get(text)
    if (pointer === undefined) {
      pointer = this.memory.name(text)
      if (this.#names.size >= NAMES_MAX) {
        for (const old of this.#names.values()) this.#lua._free(old)
        this.#names.clear()
      }
      this.#names.set(text, pointer)
    }
    return pointer
  }

  hasFunction(name: string): boolean {
    const is = this.#lua._lua_getglobal(this.#main, this.#name(name)) === Type.function
    this.#lua._lua_settop(this.#main, -2)
    return is
  }

  #thread(): number {
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    const thread = this.#lua._lua_newthread(this.#main)
    // Kept from the collector until the state ends.
    this.#lua._luaL_ref(this.#main, REGISTRY)
    this.#lua._lua_sethook(thread, this.#hook, MASK_COUNT, HOOK_INSTRUCTIONS)
    return thread
  }

  #release(thread: number): void {
    this.#lua._lua_settop(thread, 0)
    if (this.#hurried.delete(thread)) this.#lua._lua_sethook(thread, this.#hook, MASK_COUNT, HOOK_INSTRUCTIONS)
    if (this.#idle.length < IDLE_THREADS_MAX) this.#idle.push(thread)
  }

  /** Calls a global function. */
  call(name: string, context: RouteContext | undefined, args: readonly (string | number)[]): Outcome | Promise<Outcome> {
    const thread = this.#thread()
    if (this.#lua._lua_getglobal(thread, this.#name(name)) !== Type.function) {
      this.#release(thread)
      return 'missing'
    }
    for (const arg of args) this.memory.push(thread, arg)
    return this.#resume(thread, context, args.length)
  }

  /** Runs a text; `chunk` is what errors call it (`@file`, or the text itself). */
  run(
    text: string, chunk: string, context: RouteContext | undefined, args: readonly (KemiValue | ((thread: number) => void))[] = [],
  ): Outcome | Promise<Outcome> {
    const thread = this.#thread()
    const problem = this.#load(thread, text, chunk)
    if (problem !== undefined) return problem
    for (const arg of args) {
      if (typeof arg === 'function') arg(thread)
      else this.memory.push(thread, arg)
    }
    return this.#resume(thread, context, args.length)
  }

  /** Whether a text can be compiled. */
  check(text: string, chunk: string): Outcome {
    const thread = this.#thread()
    const problem = this.#load(thread, text, chunk)
    if (problem !== undefined) return problem
    this.#release(thread)
    return 'done'
  }

  #load(thread: number, text: string, chunk: string): Outcome | undefined {
    const status = this.memory.with(text, (pointer) =>
      this.memory.with(chunk, (name) => this.#lua._luaL_loadbufferx(thread, pointer, text.length, name, 0)))
    return status === Status.ok ? undefined : this.#failed(thread)
  }

  #resume(thread: number, context: RouteContext | undefined, count: number): Outcome | Promise<Outcome> {
    const outerContext = this.context
    const outerThread = this.#running
    this.context = context
    this.#running = thread
    // A function of the script that runs within another one has no time of its own.
    if (outerThread === this.#main) this.#since = this.#options.now()
    const status = this.#lua._lua_resume(thread, outerThread, count, this.#results)
    this.context = outerContext
    this.#running = outerThread
    const { waiting } = this
    this.waiting = undefined
    if (status === Status.ok) {
      this.#release(thread)
      return 'done'
    }
    if (status !== Status.yield) return this.#failed(thread)
    if (waiting !== undefined) return this.#continue(thread, context, waiting)
    this.memory.push(thread, 'attempt to yield from outside a coroutine')
    return this.#failed(thread)
  }

  async #continue(thread: number, context: RouteContext | undefined, waiting: Promise<KemiValue>): Promise<Outcome> {
    const value = await waiting
    this.#lua._lua_settop(thread, 0)
    this.memory.push(thread, value)
    return this.#resume(thread, context, 1)
  }

  #failed(thread: number): Outcome {
    const error = this.memory.text(thread, -1)
    this.#lua._lua_resetthread(thread)
    this.#release(thread)
    return { error }
  }
}
