/** The script of app_python3: loaded, loaded again, and its methods called. */
import { basename, dirname, isAbsolute, join } from 'node:path'
import { LogLevel } from '../../base/log.ts'
import { RouteMask } from '../../define/route-kind.ts'
import type { KemiValue, KsrFunction, LoadError, ScriptEngine } from '../../define/kemi.ts'
import { fromBytes, toBytes } from '../../kemi/text.ts'
import { Flow, RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { placeholderFrom, placeholderRequest } from '../../runtime/placeholder-request.ts'
import { BOOTSTRAP } from './bootstrap.ts'
import { isFunction, loadPython, type Interrupts, type Pyodide, type PythonFunction } from './interpreter.ts'
import { REWRITE } from './rewrite.ts'

export interface PythonParams {
  readonly load: string
  readonly script_name: string
  readonly mod_init_function: string
  readonly child_init_method: string
  readonly time_limit: number
  readonly watch: number
}

const ORIGIN = 'app_python3'
/** Loading imports packages, which takes longer than a route may. */
const LOAD_FACTOR = 10
/** How often Python looks until somebody looks at the clock. */
const LOOKS = 50

interface Functions {
  readonly run: PythonFunction
  readonly goOn: PythonFunction
  readonly has: PythonFunction
  readonly load: PythonFunction
  readonly toPy: (value: object) => unknown
}

/** A list or an object, its texts as Unicode. */
function unicode(value: object): object {
  if (Array.isArray(value)) return value.map(unicodePart)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [fromBytes(name), unicodePart(each)]))
}

function unicodePart(value: unknown): unknown {
  if (typeof value === 'string') return fromBytes(value)
  return typeof value === 'object' && value !== null ? unicode(value) : value
}

export class PythonEngine implements ScriptEngine {
  readonly name = 'python'
  version = 0
  readonly #host: Host
  readonly #params: PythonParams
  readonly #path: string
  #python: Functions | undefined = undefined
  /** The message whose function runs now. */
  #context: RouteContext | undefined = undefined
  /** What a function waits for that has just been called. */
  #waiting: Promise<KemiValue> | undefined = undefined
  /** When the script began to run without a pause; Infinity while it does not run. */
  #since = Infinity
  #factor = 1

  constructor(host: Host, params: PythonParams) {
    this.#host = host
    this.#params = params
    const file = params.load === '' ? params.script_name : params.load
    this.#path = isAbsolute(file) ? file : join(dirname(host.configFile), file)
  }

  /** Starts Python and loads the script; the text says why that did not work. */
  async start(): Promise<string | undefined> {
    const { log, environment } = this.#host
    const python = await loadPython(environment, {
      stdout: (line) => log.info(ORIGIN, toBytes(line)),
      stderr: (line) => log.warning(ORIGIN, toBytes(line)),
    })
    if (typeof python === 'string') return python
    try {
      this.#mount(python)
      this.#python = this.#prepare(python)
    } catch (error) {
      return `Python cannot be prepared: ${error instanceof Error ? error.message : String(error)}`
    }
    const error = this.#load()
    return error === undefined ? undefined : 'failed to load python script'
  }

  /** The script's folder, and those of PYTHONPATH, stand for themselves: files and packages are the machine's. */
  #mount(python: Pyodide): void {
    const folders = [dirname(this.#path), ...(this.#host.environment.PYTHONPATH ?? '').split(':')].filter(isAbsolute)
    for (const folder of new Set(folders)) {
      if ([...new Set(folders)].some((other) => folder !== other && folder.startsWith(`${other}/`))) continue
      python.FS.mkdirTree(folder)
      python.mountNodeFS(folder, folder)
    }
  }

  #prepare(python: Pyodide): Functions {
    const { functions } = this.#host.ksr
    python.registerJsModule('_kahea_server', this.#server())
    python.runPython(REWRITE, { filename: '<kahea>' })
    python.runPython(BOOTSTRAP, { filename: '<kahea>' })
    const named = (name: string): PythonFunction => {
      const found = python.runPython(name)
      if (!isFunction(found)) throw new Error(`${name} is not there`)
      return found
    }
    named('lambda text: prepare(__import__("json").loads(text))')(
      JSON.stringify(functions.map(({ module, name, args, mayWait }) => [module, name, args.map(({ type }) => type), mayWait])),
    )
    python.setInterruptBuffer(this.#interrupts())
    return {
      toPy: (value) => python.toPy(value), run: named('run'), goOn: named('go_on'), has: named('has'),
      load: named('lambda path, init, child: __import__("json").dumps(load(path, init, child))'),
    }
  }

  /** What Python looks at while it runs: 2 when the time is up. */
  #interrupts(): Interrupts {
    const isLate = (): boolean => this.#host.clock.monotonic() - this.#since > this.#params.time_limit * this.#factor
    let left = LOOKS
    return {
      get 0(): number {
        if (--left > 0) return 0
        left = isLate() ? 1 : LOOKS
        return left === 1 ? 2 : 0
      },
      set 0(_seen: number) {
        // Python clears it; it stays 2 until the function has ended, so that nothing catches it for good.
      },
    }
  }

  /** What Python calls. */
  #server(): object {
    const { ksr, log } = this.#host
    return {
      function: (module: string, name: string) => {
        const found = ksr.find(module, name)
        return found === undefined ? undefined : this.#callable(found)
      },
      modf: (name: string, ...args: string[]) =>
        this.#given('x.modf', (context) => ksr.modf(context, toBytes(name), args.map(toBytes))),
      drop: () => {
        if (this.#context !== undefined) this.#context.flow |= Flow.drop
      },
      error: (text: string) => log.error(ORIGIN, toBytes(text)),
      log: (level: number, text: string) => this.#logAt(level, text),
      failed: (name: string, arg: string | undefined, text: string) =>
        log.error(ORIGIN, toBytes(`apy_exec: ${name}(${arg ?? '(null)'}): Unhandled exception in the Python code:\n${text}`)),
      calm: () => {
        this.#since = Infinity
      },
      overrun: () => `the script ran for more than ${this.#params.time_limit * this.#factor} ms without a pause (a loop without an end?)`,
      message: (what: string) => this.#messagePart(what),
      header: (name: string) => {
        const body = this.#context?.message.headersNamed(toBytes(name))[0]?.body
        return body === undefined ? undefined : fromBytes(body)
      },
      setUri: (variable: string, uri: string) => {
        const context = this.#context
        if (context !== undefined) ksr.variable(context, variable)?.set(context, toBytes(uri))
      },
    }
  }

  #logAt(level: number, text: string): void {
    const known = Object.values(LogLevel).find((each) => each === level) ?? LogLevel.err
    this.#host.log.write({ level: known, origin: `${ORIGIN}: `, text: toBytes(text), isVerbatim: true })
  }

  #messagePart(what: string): string | number | undefined {
    const message = this.#context?.message
    if (message === undefined) return undefined
    const { received } = message
    switch (what) {
      case 'Type': return message.isRequest ? 'SIP_REQUEST' : 'SIP_REPLY'
      case 'Method': return message.isRequest ? fromBytes(message.method) : undefined
      case 'Status': return message.isRequest ? undefined : String(message.status)
      case 'RURI': return message.isRequest ? fromBytes(message.uri) : undefined
      case 'source': return received.sourceAddress
      case 'sourcePort': return received.sourcePort
      case 'own': return received.socket.address
      default: return received.socket.port
    }
  }

  /** A function as Python calls it. Texts are Unicode there; NaN stands for an answer to be waited for. */
  #callable({ module, name, args, returns, call: plain }: KsrFunction): (...given: (string | number)[]) => unknown {
    // A function that gives nothing gives 0, as in Kamailio.
    const call: KsrFunction['call'] = returns === 'none' ? (context, ...given) => plain(context, ...given) ?? 0 : plain
    const full = module === '' ? name : `${module}.${name}`
    const texts = args.map(({ type }) => type === 'str')
    const at = (value: string | number | undefined): string | number => (typeof value === 'string' ? toBytes(value) : (value ?? 0))
    if (texts.length === 0) return () => this.#given(full, (context) => call(context))
    if (texts.length === 1) return (a) => this.#given(full, (context) => call(context, at(a)))
    if (texts.length === 2) return (a, b) => this.#given(full, (context) => call(context, at(a), at(b)))
    return (...given) => this.#given(full, (context) => call(context, ...given.map(at)))
  }

  #given(name: string, call: (context: RouteContext) => KemiValue | Promise<KemiValue>): unknown {
    let result: KemiValue | Promise<KemiValue>
    try {
      result = call(this.#context ?? this.#placeholder())
    } catch (error) {
      result = this.#broken(name, error)
    }
    if (typeof result === 'string') return fromBytes(result)
    if (!(result instanceof Promise)) return this.#toPython(result)
    this.#waiting = result.catch((error: unknown) => this.#broken(name, error))
    return NaN
  }

  /** Undefined is None there. */
  #toPython(value: KemiValue): unknown {
    if (typeof value === 'string') return fromBytes(value)
    return typeof value === 'object' && value !== null ? this.#python?.toPy(unicode(value)) : (value ?? undefined)
  }

  #broken(name: string, error: unknown): number {
    this.#host.log.error(ORIGIN, `KSR.${name} failed: ${error instanceof Error ? error.message : String(error)}`)
    return -1
  }

  /** The message while a script is loaded. */
  #placeholder(): RouteContext {
    const socket = {
      index: 0, transport: 'udp', address: '127.0.0.1', port: 5060, family: 4, name: undefined, advertise: undefined, isVirtual: false,
    } as const
    const message = placeholderRequest(this.#host)
      ?? placeholderFrom({ socket, sourceAddress: socket.address, sourcePort: socket.port, connectionId: 0 }, 0)
    if (message === undefined) throw new Error('there is no message')
    const context = new RouteContext(this.#host, { index: 0, variables: [] }, message)
    context.routeType = RouteMask.event
    return context
  }

  /** Runs something of Python's for a message, whose time begins where it is the outermost. */
  #within<T>(context: RouteContext | undefined, run: () => T): T {
    const outer = this.#context
    const since = this.#since
    this.#context = context
    if (since === Infinity) this.#since = this.#host.clock.monotonic()
    try {
      return run()
    } finally {
      this.#context = outer
      this.#since = since
    }
  }

  has(route: string): boolean {
    return this.#python?.has(route) === true
  }

  run(route: string, context: RouteContext, args: readonly (string | number)[]): number | Promise<number> {
    const result = this.runFunction(context, route, args.map(String), false)
    return result instanceof Promise ? result.then(() => 1) : 1
  }

  /** python_exec(): what the method gave, -1 where it failed. */
  runFunction(context: RouteContext, name: string, args: readonly string[], isTold = true): number | Promise<number> {
    const { flow } = context
    const result = this.#settled(context, this.#within(context, () => this.#python?.run(fromBytes(name), ...args.map(fromBytes))))
    if (!isTold) return result ?? this.#missing(context, name)
    const kept = (value: number | undefined): number => {
      context.flow = flow
      return value ?? this.#told(name)
    }
    return result instanceof Promise ? result.then(kept) : kept(result)
  }

  /** A route that the script does not have; only the one where messages begin is missed. */
  #missing(context: RouteContext, name: string): number {
    return context.routeType === RouteMask.request ? this.#told(name) : -1
  }

  #told(name: string): number {
    this.#host.log.error(ORIGIN, `${name} not found or is not callable`)
    return -1
  }

  #settled(context: RouteContext, result: unknown): number | undefined | Promise<number> {
    if (typeof result === 'number') return result
    if (typeof result === 'string') return this.#continue(context, result)
    return undefined
  }

  async #continue(context: RouteContext, number: string): Promise<number> {
    const value = await this.#waiting
    return (await this.#settled(context, this.#within(context, () => this.#python?.goOn(number, this.#toPython(value))))) ?? -1
  }

  async reload(): Promise<LoadError | undefined> {
    return this.#load()
  }

  async reloadAndTell(): Promise<LoadError | undefined> {
    const error = this.#load()
    if (error === undefined) this.#host.log.notice(ORIGIN, `loaded ${basename(this.#path)} anew`)
    return error
  }

  watch(): () => void {
    return this.#params.watch === 0 ? () => undefined : this.#host.files.watch([this.#path], () => void this.reloadAndTell())
  }

  /** The log has Python's own words for what is wrong. */
  #load(): LoadError | undefined {
    const { mod_init_function: init, child_init_method: child } = this.#params
    this.#factor = LOAD_FACTOR
    const answer: unknown = JSON.parse(String(this.#within(undefined, () => this.#python?.load(this.#path, init, child))))
    this.#factor = 1
    if (!Array.isArray(answer) || answer.length === 0) return undefined
    const [line, column, text, reason] = answer
    this.#host.log.error(ORIGIN, toBytes(`mod_init: Unhandled exception in the Python code:\n${String(text)}`))
    return { file: this.#path, line: Number(line), column: Number(column), reason: String(reason) }
  }
}
