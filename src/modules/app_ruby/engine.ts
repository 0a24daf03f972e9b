/** The script of app_ruby: loaded, loaded again, and its functions called. */
import { basename, dirname, isAbsolute, join } from 'node:path'
import { LogLevel } from '../../base/log.ts'
import { RouteMask } from '../../define/route-kind.ts'
import type { KemiValue, KsrFunction, LoadError, ScriptEngine } from '../../define/kemi.ts'
import { drawLoadError } from '../../kemi/load-error.ts'
import { Flow, type RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { BOOTSTRAP } from './bootstrap.ts'
import { loadRuby, type Ruby, type RubyValue } from './interpreter.ts'

export interface RubyParams {
  readonly load: string
  readonly xval_mode: number
  readonly time_limit: number
  readonly watch: number
}

const ORIGIN = 'app_ruby'
/** Loading reads libraries, which takes longer than a route may. */
const LOAD_FACTOR = 10
const NAMES_MAX = 10_000
/** Messages that may wait at one time: each holds a stack. */
const WAITING_MAX = 500

/** What Ruby calls besides functions of KSR, by the numbers that bootstrap.ts has for it. */
const Ask = { isLate: -1, drop: -2, modf: -3, log: -4, read: -5, write: -6 } as const
/** What an entry ended with. */
const End = { done: 0, exit: 1, error: 3, waits: 4 } as const
/** At which places of Ruby's list. */
const Place = { function: 0, more: 7, end: 8, waiting: 9, isText: 10, wait: 11, changes: 12 } as const
/** What stands at `Place.wait`. */
const Wait = { never: 0, may: 1, does: 2 } as const

type Result = KemiValue | Promise<KemiValue>
type Outcome = 'done' | 'missing' | 'failed'

export class RubyEngine implements ScriptEngine {
  readonly name = 'ruby'
  version = 0
  readonly #host: Host
  readonly #params: RubyParams
  readonly #path: string
  readonly #names = new Map<string, number>()
  #ruby: Ruby | undefined = undefined
  /** The message whose function runs now; undefined while a script is loaded. */
  #context: RouteContext | undefined = undefined
  /** When the script began to run without a pause. */
  #since = 0
  #limitMs: number
  #waiting = 0
  /** What the function that Ruby waits for will give. */
  #pending: Promise<KemiValue> | undefined = undefined
  /** True while a function runs that may wait: what it calls of the script begins once Ruby is left, and may wait as well. */
  #defers = false
  #deferred: (() => void)[] = []
  /** Which functions the script has, as long as no method came or went. */
  readonly #known = new Map<string, boolean>()
  #changes = -1

  constructor(host: Host, params: RubyParams) {
    this.#host = host
    this.#params = params
    this.#limitMs = params.time_limit
    this.#path = isAbsolute(params.load) ? params.load : join(dirname(host.configFile), params.load)
  }

  /** Starts Ruby and loads the script; the text says why that did not work. */
  async start(): Promise<string | undefined> {
    if (this.#params.load === '') return undefined
    const ruby = await this.#startRuby()
    if (typeof ruby === 'string') return ruby
    const error = await this.reload()
    if (error === undefined) return undefined
    this.#host.log.error(ORIGIN, `failed to load: ${drawLoadError(error)}`)
    return 'failed to load ruby script'
  }

  async #startRuby(): Promise<Ruby | string> {
    const ruby = await loadRuby({ bootstrap: BOOTSTRAP, signal: () => this.#signal() })
    if (typeof ruby === 'string') return ruby
    this.#names.clear()
    this.#known.clear()
    const lines = this.#host.ksr.functions.map(({ module, name, args, mayWait }, index) =>
      `${module === '' ? '-' : module} ${name} ${index} ${args.length} ${mayWait ? 1 : 0}`)
    const folders = [dirname(this.#path), ...(this.#host.environment.RUBYLIB ?? '').split(':').filter(isAbsolute)]
    ruby.eval(`Kahea.make(${quoted(lines.join('\n'))}); Kahea::FOLDERS.concat(${quoted(folders.join('\n'))}.lines(chomp: true));`
      + `Regexp.timeout = ${this.#params.time_limit / 1000}`)
    this.#ruby = ruby
    return ruby
  }

  /** Ruby asks for something. True tells it that the answer is a text. */
  #signal(): boolean {
    const ruby = this.#ruby
    if (ruby === undefined) return false
    const index = ruby.number(Place.function)
    try {
      if (index < 0 && index !== Ask.modf) return this.#serve(ruby, index)
      if (ruby.number(Place.wait) === Wait.may) return this.#giveOrWait(ruby, index)
      return this.#giveNow(ruby, index)
    } catch (error) {
      this.#broken(String(index), error)
      return ruby.give(-1)
    }
  }

  /** A function of KSR where nothing can wait, or that never does. */
  #giveNow(ruby: Ruby, index: number): boolean {
    const result = this.#resultOf(ruby, index, false)
    if (!(result instanceof Promise)) return ruby.give(result)
    this.#host.log.error(ORIGIN, `KSR.${this.#nameOf(index)} waits, which it cannot do here: its result is lost`)
    return ruby.give(-1)
  }

  /** A function that may wait. Where it does, Ruby is left; what it runs of the script meanwhile waits for that. */
  #giveOrWait(ruby: Ruby, index: number): boolean {
    // What runs within it asks for itself.
    ruby.putNumber(Place.wait, Wait.never)
    const result = this.#waiting < WAITING_MAX ? this.#resultOf(ruby, index, true) : this.#tooMany(index)
    if (!(result instanceof Promise)) return ruby.give(result)
    this.#pending = result
    ruby.putNumber(Place.wait, Wait.does)
    return false
  }

  /** What a function gives, which fails for the script alone. */
  #resultOf(ruby: Ruby, index: number, defers: boolean): Result {
    const before = this.#defers
    this.#defers = defers
    try {
      const result = this.#result(ruby, index)
      return result instanceof Promise ? result.catch((error: unknown) => this.#broken(this.#nameOf(index), error)) : result
    } catch (error) {
      return this.#broken(this.#nameOf(index), error)
    } finally {
      this.#defers = before
    }
  }

  #serve(ruby: Ruby, ask: number): boolean {
    const { files, log } = this.#host
    switch (ask) {
      case Ask.isLate: {
        if (this.#host.clock.monotonic() - this.#since <= this.#limitMs) return false
        return ruby.give(`the script ran for more than ${this.#limitMs} ms without a pause (a loop without an end?)`)
      }
      case Ask.drop:
        if (this.#context !== undefined) this.#context.flow |= Flow.drop
        return false
      case Ask.log: {
        const level = ruby.number(1) === 0 ? LogLevel.warn : LogLevel.info
        log.write({ level, origin: `${ORIGIN}: `, text: ruby.text(2), isVerbatim: false })
        return false
      }
      case Ask.read: return ruby.give(files.read(this.#pathOf(ruby.text(1))))
      default: return ruby.give(files.write(this.#pathOf(ruby.text(1)), ruby.text(2), ruby.number(3) === 1))
    }
  }

  #pathOf(path: string): string {
    return isAbsolute(path) ? path : join(dirname(this.#host.configFile), path)
  }

  #nameOf(index: number): string {
    const found = this.#host.ksr.functions[index]
    if (found === undefined) return 'x.modf'
    return found.module === '' ? found.name : `${found.module}.${found.name}`
  }

  /** Calls a function with what stands in Ruby's list. */
  #result(ruby: Ruby, index: number): Result {
    const context = this.#context
    const found = this.#host.ksr.functions[index]
    const { log } = this.#host
    const refuse = (text: string, value: KemiValue): KemiValue => {
      log.error(ORIGIN, text)
      return value
    }
    if (context === undefined) {
      return refuse('invalid ruby environment attributes or parameters', found?.module === 'pv' ? missingOf(found.name) : false)
    }
    if (found === undefined) return this.#modf(ruby, context)
    const { args, module, name } = found
    const given: (string | number)[] = []
    const values = args.map((_arg, at) => ruby.value(at + 1))
    if (module === 'pv' && ownVariableFunctions.has(name)) {
      if (ruby.number(Place.more) > 0 || values.includes(undefined)) {
        return refuse('invalid ruby environment attributes or parameters', missingOf(name))
      }
      const wrong = values.findIndex((value, at) => typeof value !== (args[at]?.type === 'int' ? 'number' : 'string'))
      if (wrong >= 0) {
        const what = args.length === 1 ? 'invalid parameter type'
          : wrong === 0 ? 'invalid pv name parameter type' : 'invalid pv val parameter type'
        return refuse(what, missingOf(name))
      }
    } else if (args.length === 0 && ruby.number(Place.more) > 0) return refuse(`invalid parameters for: ${name}`, false)
    else if (args.length > 0 && values[0] === undefined) return refuse(`invalid number of parameters for: ${module}.${name}`, false)
    for (const [at, { type }] of args.entries()) {
      const value = values[at]
      if (type === 'str' ? typeof value !== 'string' : typeof value !== 'number') {
        return refuse(`invalid ${type} parameter type ${type === 'str' ? 2 : 1} (${at})`, false)
      }
      given.push(type === 'str' ? String(value) : Number(value) | 0)
    }
    return this.#answer(found, found.call(context, ...given))
  }

  /** As Kamailio gives it: false for nothing, and no texts but those of variables where `xval_mode` is 1. */
  #answer(found: KsrFunction, result: Result): Result {
    if (result instanceof Promise) return result.then((value) => this.#answer(found, value))
    if (found.returns === 'none') return false
    if (result === '<null>' && found.module === 'pv' && found.name === 'getw') return '<<null>>'
    if (typeof result === 'string' && found.returns === 'xval' && this.#params.xval_mode === 1 && found.module !== 'pv') {
      this.#host.log.error(ORIGIN, 'attempt to return xval str - support disabled - returning null')
      return null
    }
    return result
  }

  #modf(ruby: Ruby, context: RouteContext): Result {
    const values: RubyValue[] = []
    for (let at = 1; at < Place.more && ruby.value(at) !== undefined; at++) values.push(ruby.value(at))
    const wrong = values.findIndex((value) => typeof value !== 'string')
    if (values.length > 0 && wrong < 0) return this.#host.ksr.modf(context, String(values[0]), values.slice(1).map(String))
    this.#host.log.error(ORIGIN, wrong < 0 ? 'name of module function not provided' : `invalid parameter type (${wrong})`)
    return -1
  }

  #broken(name: string, error: unknown): number {
    this.#host.log.error(ORIGIN, `KSR.${name} failed: ${error instanceof Error ? error.message : String(error)}`)
    return -1
  }

  /** Enters Ruby for a message, whose time begins where it is the outermost. False when Ruby itself broke. */
  #enter(ruby: Ruby, context: RouteContext | undefined, method: string): boolean {
    const outer = this.#context
    if (!ruby.isRunning) this.#since = this.#host.clock.monotonic()
    this.#context = context
    try {
      ruby.call(method)
      return true
    } catch (error) {
      this.#lost(ruby, error)
      return false
    } finally {
      this.#context = outer
      if (!ruby.isRunning && this.#deferred.length > 0) {
        const deferred = this.#deferred
        this.#deferred = []
        for (const begin of deferred) queueMicrotask(begin)
      }
    }
  }

  /** Ruby cannot go on: another one takes its place. */
  #lost(ruby: Ruby, error: unknown): void {
    if (this.#ruby !== ruby) return
    this.#ruby = undefined
    const { log } = this.#host
    log.error(ORIGIN, `Ruby broke and is started anew: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    void this.start().then((problem) => {
      if (problem !== undefined) log.error(ORIGIN, `Ruby cannot be started anew: ${problem}`)
    })
  }

  #nameIn(ruby: Ruby, name: string): number {
    const known = this.#names.get(name)
    if (known !== undefined) return known
    ruby.putNumber(1, ruby.putText(name))
    ruby.call('name')
    const made = this.#names.size
    this.#names.set(name, made)
    return made
  }

  has(route: string): boolean {
    const ruby = this.#ruby
    if (ruby === undefined || this.#names.size >= NAMES_MAX) return false
    const changes = ruby.number(Place.changes)
    if (changes !== this.#changes) this.#known.clear()
    this.#changes = changes
    const known = this.#known.get(route)
    if (known !== undefined) return known
    ruby.putNumber(0, this.#nameIn(ruby, route))
    const has = this.#enter(ruby, undefined, 'has') && ruby.value(0) === true
    this.#known.set(route, has)
    return has
  }

  run(route: string, context: RouteContext, args: readonly (string | number)[]): number | Promise<number> {
    const outcome = this.#call(route, context, args.map(String), context.routeType === RouteMask.onsend || isOptional(route))
    return outcome instanceof Promise ? outcome.then(() => 1) : 1
  }

  /** ruby_run(): what it calls may not end the native script. */
  runFunction(context: RouteContext, name: string, args: readonly string[]): number | Promise<number> {
    const { flow } = context
    const ended = (outcome: Outcome): number => {
      context.flow = flow
      return outcome === 'done' ? 1 : -1
    }
    const outcome = this.#call(name, context, args, false)
    return outcome instanceof Promise ? outcome.then(ended) : ended(outcome)
  }

  #call(name: string, context: RouteContext, args: readonly string[], isQuiet: boolean): Outcome | Promise<Outcome> {
    const ruby = this.#ruby
    if (ruby === undefined || this.#names.size >= NAMES_MAX) {
      this.#host.log.error(ORIGIN, `ruby is not there for: ${name}`)
      return 'failed'
    }
    if (ruby.isRunning && this.#defers && context.routeType !== RouteMask.onsend) {
      return new Promise<Outcome>((resolve) => {
        this.#deferred.push(() => resolve(this.#call(name, context, args, isQuiet)))
      })
    }
    if (!this.has(name)) {
      if (!isQuiet) {
        this.#host.log.error(ORIGIN, `exception: undefined method \`${name}' for Kernel:Module`)
        this.#host.log.error(ORIGIN, `ruby exception (6) on callback for: ${name} (res type: 17)`)
      }
      return 'missing'
    }
    const number = this.#nameIn(ruby, name)
    let at = 0
    for (const [index, arg] of args.entries()) {
      const length = ruby.putText(arg, at)
      ruby.putNumber(2 + index, length)
      at += length
    }
    ruby.putNumber(0, number)
    ruby.putNumber(1, args.length)
    return this.#ended(ruby, name, context, this.#enter(ruby, context, ruby.isRunning ? 'run_within' : 'run'))
  }

  #ended(ruby: Ruby, name: string, context: RouteContext, isWell: boolean): Outcome | Promise<Outcome> {
    const { log } = this.#host
    if (!isWell) return 'failed'
    switch (ruby.number(Place.end)) {
      case End.done:
      case End.exit: return 'done'
      case End.waits: return this.#wait(ruby, name, context)
      default: {
        const [words, place] = [ruby.text(1), ruby.text(2)]
        log.error(ORIGIN, `exception: ${words}`)
        log.error(ORIGIN, `ruby exception (6) on callback for: ${name} (res type: 17)`)
        if (place !== '') log.notice(ORIGIN, `raised at ${place}`)
        return 'failed'
      }
    }
  }

  /** Ruby was left by a function that waits, and goes on with what that gives. */
  #wait(ruby: Ruby, name: string, context: RouteContext): Outcome | Promise<Outcome> {
    const number = ruby.number(Place.waiting)
    const pending = this.#pending ?? Promise.resolve(-1)
    this.#pending = undefined
    this.#waiting++
    return pending.then((value) => {
      this.#waiting--
      if (this.#ruby !== ruby) return 'failed'
      const isText = ruby.give(value)
      ruby.putFlag(Place.isText, isText)
      ruby.putNumber(Place.waiting, number)
      return this.#ended(ruby, name, context, this.#enter(ruby, context, 'go_on'))
    })
  }

  #tooMany(index: number): number {
    this.#host.log.error(ORIGIN, `KSR.${this.#nameOf(index)} is refused: ${WAITING_MAX} messages wait in the script`)
    return -1
  }

  async reload(): Promise<LoadError | undefined> {
    const ruby = this.#ruby
    if (ruby === undefined) return { file: this.#path, line: 0, column: 0, reason: 'Ruby is not started' }
    ruby.putNumber(1, ruby.putText(this.#path))
    this.#limitMs = this.#params.time_limit * LOAD_FACTOR
    const isWell = this.#enter(ruby, undefined, 'load')
    this.#limitMs = this.#params.time_limit
    if (!isWell) return { file: this.#path, line: 0, column: 0, reason: 'Ruby broke' }
    if (ruby.number(Place.end) === End.done) return undefined
    const [line, column, reason] = [ruby.number(1), ruby.number(2), ruby.text(3)]
    const text = this.#host.files.read(this.#path)?.split('\n')[line - 1]
    return { file: this.#path, line, column, reason, ...(text === undefined ? {} : { text }) }
  }

  /** Loads the script anew. The answer is what was wrong; the log has it. */
  async reloadAndTell(): Promise<LoadError | undefined> {
    const error = await this.reload()
    const { log } = this.#host
    if (error === undefined) log.notice(ORIGIN, `loaded ${basename(this.#path)} anew`)
    else log.error(ORIGIN, `failed to load: ${drawLoadError(error)}`)
    return error
  }

  watch(): () => void {
    if (this.#params.watch === 0 || this.#params.load === '') return () => undefined
    return this.#host.files.watch([this.#path], () => void this.reloadAndTell())
  }
}

/** Functions of variables that Kamailio's module has of its own. */
const ownVariableFunctions = new Set(['get', 'gete', 'getvn', 'getvs', 'getw', 'is_null', 'seti', 'sets', 'unset'])

function missingOf(name: string): KemiValue {
  return name === 'get' ? null : name === 'gete' ? '' : name === 'getw' ? '<<null>>' : false
}

/** Routes that a script need not have. */
function isOptional(route: string): boolean {
  return route === 'ksr_onsend_route'
}

function quoted(text: string): string {
  return `"${text.replace(/["\\#]/g, '\\$&').replace(/\n/g, '\\n')}"`
}
