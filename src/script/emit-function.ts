/** The code of one function while it is written, and what all functions of a program share. */
import type { BoundVariable } from '../define/variable.ts'
import type { VariableHandle } from '../define/arg.ts'
import type { ScriptSupport } from '../runtime/script-support.ts'
import type { AvpRef, Expression, Span, Variable } from './ast.ts'
import type { Program } from './compile-plan.ts'
import { Facts } from './emit-facts.ts'
import type { Waiting } from './emit-waiting.ts'

export interface EmittedLine {
  readonly text: string
  readonly span: Span | undefined
}

type ConstantPrefix = 'action' | 'text' | 'run' | 'state' | 'arg' | 'pv' | 'regex' | 'computed' | 'net' | 'select' | 'fetch'

/** What all functions of a program share. */
export class Emission {
  readonly program: Program
  readonly support: ScriptSupport
  readonly waiting: Waiting
  /** Whether each statement calls `support.trace`. */
  readonly isTraced: boolean
  /** Whether a function looks at what the statement before it left in `context.errorCode`. */
  readonly keepsErrors: boolean
  readonly recursionMax: number
  /** Handed to the code beside it: no text of the configuration ever stands in the code itself. */
  readonly constants: unknown[] = []
  /** The functions of the routes, by kind and name. */
  readonly routes = new Map<string, { readonly name: string; readonly isAsync: boolean }>()
  readonly facts = new Facts()
  /** Functions that are written already, in order. */
  readonly functions: EmittedLine[][] = []
  /** Pieces of expressions that became functions of their own, by expression and what is wanted of it. */
  readonly pieces = new Map<Expression, Map<string, string>>()
  readonly #names = new Map<unknown, string>()
  readonly #taken = new Set<string>()

  constructor(options: {
    readonly program: Program
    readonly support: ScriptSupport
    readonly waiting: Waiting
    readonly isTraced: boolean
    readonly recursionMax: number
  }) {
    this.program = options.program
    this.support = options.support
    this.waiting = options.waiting
    this.isTraced = options.isTraced
    this.recursionMax = options.recursionMax
    this.keepsErrors = [...options.program.calls.values()].some((plan) => plan.form.readsError === true)
  }

  /** The name under which the code finds a value. The prefix is for whoever reads the code. */
  constant(value: unknown, prefix: ConstantPrefix): string {
    const known = this.#names.get(value)
    if (known !== undefined) return known
    const name = `${prefix}${this.constants.push(value) - 1}`
    this.#names.set(value, name)
    return name
  }

  /** The names of all constants, in their order. */
  constantNames(): readonly string[] {
    return [...this.#names.values()]
  }

  /** A name for a function that no other has, made of letters, digits and underscores. */
  functionName(wanted: string): string {
    const safe = wanted.replace(/[^A-Za-z0-9_]/g, '_')
    let name = safe
    for (let count = 2; this.#taken.has(name); count++) name = `${safe}_${count}`
    this.#taken.add(name)
    return name
  }

  /** A place as the log shows it. */
  place(span: Span, note = ''): string {
    const last = span.endLine === span.line || span.endColumn > 1 ? span.endColumn - 1 : span.endColumn
    return this.constant(`(${span.line},${span.column}-${span.endLine},${last})${note}`, 'text')
  }
}

/** One function on its way. */
export class FunctionCode {
  readonly emission: Emission
  readonly name: string
  readonly isAsync: boolean
  readonly lines: EmittedLine[] = []
  /** The expression that this function was made for, when it is a piece of one. */
  root: Expression | undefined = undefined
  /** Enclosing blocks, counted as Kamailio counts levels. */
  nesting = 0
  /** The line that ends the block around, or that stands behind the `if` around. */
  lineBehind = 0
  /** Labels of the loops and switches around, the innermost last. */
  readonly labels: string[] = []
  /** Name and file that `$cfg(route)` and `$cfg(file)` give here. */
  readonly routeName: string
  file: string
  span: Span | undefined = undefined
  #indent = 1
  #temps = 0
  #labels = 0

  constructor(emission: Emission, name: string, isAsync: boolean, routeName: string, file: string) {
    this.emission = emission
    this.name = name
    this.isAsync = isAsync
    this.routeName = routeName
    this.file = file
  }

  get facts(): Facts {
    return this.emission.facts
  }

  /** A constant with the place of an expression, for the log. */
  place(e: Expression): string {
    return this.emission.place(e.span)
  }

  /** A function for a part of this one. */
  nested(name: string, isAsync: boolean): FunctionCode {
    const part = new FunctionCode(this.emission, name, isAsync, this.routeName, this.file)
    part.nesting = this.nesting
    return part
  }

  temp(): string {
    return `t${++this.#temps}`
  }

  label(): string {
    return `L${++this.#labels}`
  }

  line(text: string): void {
    if (text.startsWith('}')) this.#indent--
    this.lines.push({ text: '  '.repeat(this.#indent) + text, span: this.span })
    if (text.endsWith('{') || text.endsWith(':')) this.#indent++
  }

  /** Ends the lines of a `case`. */
  outdent(): void {
    this.#indent--
  }

  /** Puts the head and the end around the lines and hands the function over. */
  finish(result: string | undefined, span: Span | undefined): void {
    const temps = Array.from({ length: this.#temps }, (_, index) => `, t${index + 1}`).join('')
    const head: EmittedLine[] = [
      { text: `${this.isAsync ? 'async ' : ''}function ${this.name}(context) {`, span },
      { text: `  let r = -1${temps}`, span: undefined },
    ]
    const end: EmittedLine[] = result === undefined ? [] : [{ text: `  return ${result}`, span: undefined }]
    this.emission.functions.push([...head, ...this.lines, ...end, { text: '}', span: undefined }])
  }
}

/** How the code reads and writes a variable: directly where nothing stands between. */
export interface VariableCode {
  readonly get: string
  /** Its own whole number, where it has one beside its text. */
  readonly int: string | undefined
  readonly set: (value: string) => string
}

interface Direct {
  readonly bound: BoundVariable<unknown>
  readonly state: unknown
}

export function variableCode(emission: Emission, e: Variable | AvpRef): VariableCode {
  const handle = emission.program.variables.get(e)
  if (handle === undefined) throw new Error(`${e.text} has not been checked`)
  const direct = directOf(handle)
  const { fetch } = handle
  if (fetch !== undefined) {
    const name = emission.constant(handle, 'pv')
    return {
      get: `(await ${emission.constant(fetch, 'fetch')}(context), ${name}.get(context))`,
      int: undefined,
      set: (value) => `${name}.set(context, ${value})`,
    }
  }
  if (direct === undefined) {
    const name = emission.constant(handle, 'pv')
    return { get: `${name}.get(context)`, int: undefined, set: (value) => `${name}.set(context, ${value})` }
  }
  const name = emission.constant(direct.bound, 'pv')
  const state = stateCode(emission, direct.state)
  return {
    get: `${name}.get(context, ${state})`,
    int: direct.bound.int === undefined ? undefined : `(${name}.int(context, ${state}) | 0)`,
    set: (value) => `${name}.set(context, ${state}, ${value})`,
  }
}

export function stateCode(emission: Emission, state: unknown): string {
  return state === undefined ? 'undefined' : emission.constant(state, 'state')
}

function directOf(handle: VariableHandle): Direct | undefined {
  return isDirect(handle) ? handle.direct : undefined
}

function isDirect(handle: VariableHandle): handle is VariableHandle & { readonly direct: Direct | undefined } {
  return 'direct' in handle
}
