/**
 * Variables as scripts write them: `$name`, `$name(inner)`, `$(name(inner)[index]{class.name,param}...)`. Parsed once
 * for each place in the script, with the rules of Kamailio's core about where a name ends.
 */
import type { PrepareEnv, VariableHandle } from '../define/arg.ts'
import { valueToText } from '../define/coerce.ts'
import type { Transform, TransformationDef, TransformationParam } from '../define/transformation.ts'
import { toText, type PvValue } from '../define/value.ts'
import type { BoundVariable, PvIndex, VariableDef } from '../define/variable.ts'
import type { RouteContext } from './context.ts'

/** Where names come from: the loaded modules. */
export interface VariableLookup {
  variable(name: string): { readonly def: VariableDef; readonly state: unknown } | undefined
  /** By full name in lower case behind the class: `s.len`. */
  transformation(name: string): TransformationDef | undefined
  /** A select such as `to.uri.user`, for `$sel(...)`; a text is the error message. */
  select?(text: string): SelectHandle | string
  /** Told of each variable that is read without transformations, as it is found. */
  noted?(variable: ScriptVariable): void
}

/** What reads a select, with its module's state. */
export interface SelectHandle {
  get(context: RouteContext, state: unknown): PvValue
  readonly state: unknown
}

/** A variable of the script, ready to be read and written. */
export interface ScriptVariable extends VariableHandle {
  /** Without dollar sign, inner name and index. */
  readonly name: string
  readonly writable: boolean
  /** The value as a whole number: texts have none unless the variable keeps one beside (`$rm`, `$proto`). */
  int(context: RouteContext): number | null
  /** The value as format strings show it: `$null` is `<null>`, a transformation of `$null` is an error and empty. */
  print(context: RouteContext): string
  /** What stands behind a variable without transformations, for generated code that calls it directly. */
  readonly direct: { readonly bound: BoundVariable<unknown>; readonly state: unknown } | undefined
}

export interface ParsedVariable {
  readonly variable: ScriptVariable
  /** Offset of the first character behind. */
  readonly end: number
}

function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f || // _
    code === 0x2e || // .
    code === 0x3f // ?
  )
}

/** Where the variable that starts at `start` ends in a text: the offset behind it, -1 when a parenthesis stays open. */
export function locateVariable(text: string, start: number): number {
  const next = text.charAt(start + 1)
  if (next === '') return -1
  if (next === '$') return start + 2
  if (next === '(') return closing(text, start + 1, '(', ')') + 1 || -1
  let at = start + 1
  while (at < text.length && isNameCode(text.charCodeAt(at))) at++
  if (text.charAt(at) !== '(') return at
  return closing(text, at, '(', ')') + 1 || -1
}

/** The offset of the bracket that closes the one at `open`; -1 when there is none. */
function closing(text: string, open: number, left: string, right: string): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === left) depth++
    else if (char === right && --depth === 0) return at
  }
  return -1
}

/** Reads the pieces of one variable. `at` is the offset reached; an error ends the reading. */
interface Pieces {
  readonly name: string
  readonly inner: string | undefined
  readonly index: string | undefined
  /** From the first `{` to the last `}`. */
  readonly transformations: string
  readonly end: number
}

function readPieces(text: string, start: number): Pieces | string {
  const enclosed = text.charAt(start + 1) === '('
  let at = start + (enclosed ? 2 : 1)
  const nameStart = at
  if (text.charAt(at) === '$') {
    if (enclosed && text.charAt(at + 1) !== ')') return wrongCharacter(text, at + 1)
    return { name: '$', inner: undefined, index: undefined, transformations: '', end: at + (enclosed ? 2 : 1) }
  }
  while (at < text.length && isNameCode(text.charCodeAt(at))) at++
  const name = text.slice(nameStart, at)
  let inner: string | undefined
  let index: string | undefined
  let transformations = ''
  if (text.charAt(at) === '(') {
    const close = closing(text, at, '(', ')')
    if (close < 0) return `the parenthesis at ${at + 1} is not closed`
    inner = text.slice(at + 1, close)
    if (inner === '') return `$${name} needs a name between its parentheses`
    at = close + 1
  }
  if (!enclosed) return { name, inner, index, transformations, end: at }
  if (text.charAt(at) === '[') {
    const close = closing(text, at, '[', ']')
    if (close < 0) return `the bracket at ${at + 1} is not closed`
    index = text.slice(at + 1, close)
    if (index === '') return `$${name} needs an index between its brackets`
    at = close + 1
  }
  if (text.charAt(at) === '{') {
    const from = at
    for (;;) {
      const close = closing(text, at, '{', '}')
      if (close < 0) return `the brace at ${at + 1} is not closed`
      at = close + 1
      let next = at
      while (text.charAt(next) === ' ' || text.charAt(next) === '\t') next++
      if (text.charAt(next) !== '{') break
      at = next
    }
    transformations = text.slice(from, at)
  }
  if (text.charAt(at) !== ')') return wrongCharacter(text, at)
  return { name, inner, index, transformations, end: at + 1 }
}

function wrongCharacter(text: string, at: number): string {
  return at >= text.length ? 'the variable ends too early' : `wrong character ${text.charAt(at)} at ${at + 1} in ${text}`
}

/** `$$` is a dollar sign. */
const dollar: BoundVariable<unknown> = { get: () => '$', int: () => 0x24 }

/**
 * Parses the variable at `start`, which must be a dollar sign. A text answer is the error message. What follows the
 * variable is left alone.
 */
export function parseVariable(
  text: string,
  lookup: VariableLookup,
  env: PrepareEnv,
  start = 0,
): ParsedVariable | string {
  if (text.charAt(start) !== '$') return `${text} is no variable`
  const pieces = readPieces(text, start)
  if (typeof pieces === 'string') return pieces
  const source = text.slice(start, pieces.end)
  if (pieces.name === '$') return { variable: plain(source, '$', dollar, undefined, false), end: pieces.end }

  const known = lookup.variable(pieces.name)
  if (!known) return `unknown variable $${pieces.name}`
  const { def, state } = known
  if (pieces.inner === undefined && def.inner === 'required') return `$${pieces.name} needs a name: $${pieces.name}(...)`
  if (pieces.inner !== undefined && def.inner === 'none') return `$${pieces.name} takes no name in parentheses`
  if (pieces.index !== undefined && !def.index) return `$${pieces.name} takes no index`
  const index = parseIndex(pieces.index, env)
  if (typeof index === 'string') return index
  const bound = def.bind(pieces.inner, index, env, state)
  if (typeof bound === 'string') return bound

  const writable = bound.set !== undefined
  const variable = plain(source, pieces.name, bound, state, writable)
  if (pieces.transformations === '') {
    lookup.noted?.(variable)
    return { variable, end: pieces.end }
  }
  const steps = parseTransformations(pieces.transformations, lookup, env)
  if (typeof steps === 'string') return steps
  return { variable: transformed(variable, steps), end: pieces.end }
}

function plain(
  text: string,
  name: string,
  bound: BoundVariable<unknown>,
  state: unknown,
  writable: boolean,
): ScriptVariable {
  return {
    text,
    name,
    writable,
    direct: { bound, state },
    get: (context) => bound.get(context, state),
    set: (context, value) => (bound.set ? bound.set(context, state, value) : false),
    print: (context) => (bound.print ? bound.print(context, state) : toText(bound.get(context, state))),
    ...(bound.fetch === undefined ? {} : { fetch: async (context: RouteContext) => bound.fetch?.(context, state) }),
    int(context) {
      if (bound.int) {
        const number = bound.int(context, state)
        return Number.isNaN(number) ? null : number
      }
      const value = bound.get(context, state)
      return typeof value === 'number' ? value : null
    },
  }
}

/** A transformation bound to its parameters. */
interface BoundTransformation {
  readonly def: TransformationDef
  readonly transform: Transform
}

function transformed(variable: ScriptVariable, steps: readonly BoundTransformation[]): ScriptVariable {
  const number = steps[steps.length - 1]?.def.number
  /** Null when a transformation failed, or met a `$null` that it does not take. */
  const run = (context: RouteContext): PvValue => {
    let value = variable.get(context)
    for (let index = 0; index < steps.length; index++) {
      const step = steps[index]
      if (step === undefined) continue
      if (value === null && step.def.takesNull !== true) return null
      value = step.transform(value, context)
    }
    return value
  }
  const get = (context: RouteContext): PvValue => {
    const value = run(context)
    return number !== undefined && typeof value === 'string' ? number(value) : value
  }
  return {
    text: variable.text,
    name: variable.name,
    writable: variable.writable,
    direct: undefined,
    get,
    set: (context, value) => variable.set(context, value),
    ...(variable.fetch === undefined ? {} : { fetch: variable.fetch }),
    // A failed transformation prints as nothing, not as `<null>`.
    print: (context) => valueToText(run(context)),
    int(context) {
      const value = get(context)
      return typeof value === 'number' ? value : null
    },
  }
}

const NO_INDEX: PvIndex = { kind: 'none' }
const ALL: PvIndex = { kind: 'all' }
/** `[+]`, a position that Kamailio accepts and finds nothing at. */
const NOWHERE: PvIndex = { kind: 'computed', evaluate: () => Number.NaN }

/** Parses what stands between brackets: a whole number, `*`, or a variable. */
export function parseIndex(text: string | undefined, env: PrepareEnv): PvIndex | string {
  if (text === undefined) return NO_INDEX
  if (text === '*') return ALL
  if (text === '+') return NOWHERE
  if (text.startsWith('$')) {
    const variable = env.variable(text)
    if (typeof variable === 'string') return `invalid index ${text}: ${variable}`
    return { kind: 'computed', evaluate: (context) => intOf(variable, context) ?? Number.NaN }
  }
  return /^-?[0-9]+$/.test(text) ? { kind: 'fixed', value: Number(text) } : `invalid index ${text}`
}

/** The whole number that a handle holds; null when it has none. */
export function intOf(variable: VariableHandle, context: RouteContext): number | null {
  if (isScriptVariable(variable)) return variable.int(context)
  const value = variable.get(context)
  return typeof value === 'number' ? value : null
}

function isScriptVariable(variable: VariableHandle): variable is ScriptVariable {
  return 'int' in variable
}

/**
 * The index for a message: 0 without brackets, NaN when a computed one is no number. `[*]` is for the caller to see
 * before.
 */
export function indexValue(index: PvIndex, context: RouteContext): number {
  if (index.kind === 'fixed') return index.value
  return index.kind === 'computed' ? index.evaluate(context) : 0
}

function parseTransformations(text: string, lookup: VariableLookup, env: PrepareEnv): BoundTransformation[] | string {
  const steps: BoundTransformation[] = []
  let at = 0
  while (at < text.length) {
    if (text.charAt(at) !== '{') {
      at++
      continue
    }
    const close = closing(text, at, '{', '}')
    const step = parseTransformation(text.slice(at + 1, close), lookup, env)
    if (typeof step === 'string') return step
    steps.push(step)
    at = close + 1
  }
  return steps
}

/** Blanks may stand behind the dot and behind the name, nowhere else. */
function parseTransformation(body: string, lookup: VariableLookup, env: PrepareEnv): BoundTransformation | string {
  const comma = body.indexOf(',')
  const written = (comma < 0 ? body : body.slice(0, comma)).trimEnd()
  const dot = written.indexOf('.')
  if (dot < 0) return `{${body}} is no transformation: write {class.name}`
  const name = `${written.slice(0, dot)}.${written.slice(dot + 1).trimStart().toLowerCase()}`
  const def = lookup.transformation(name)
  if (!def) return `unknown transformation {${written}}`
  const raw = comma < 0 ? '' : body.slice(comma)
  const params = parseParams(raw, env)
  if (typeof params === 'string') return `{${body}}: ${params}`
  const transform = def.bind(params, env, raw)
  return typeof transform === 'string' ? `{${body}}: ${transform}` : { def, transform }
}

/** Splits `,a,$var(b),3`: commas inside variables do not count. */
function parseParams(raw: string, env: PrepareEnv): TransformationParam[] | string {
  const params: TransformationParam[] = []
  let at = 0
  while (at < raw.length) {
    at++
    while (at < raw.length && ' \t\n'.includes(raw.charAt(at))) at++
    let end = raw.charAt(at) === '$' ? locateVariable(raw, at) : -1
    const isVariable = end > at + 1
    const comma = raw.indexOf(',', isVariable ? end : at)
    end = comma < 0 ? raw.length : comma
    const text = raw.slice(at, end)
    if (isVariable) {
      const variable = env.variable(text.trimEnd())
      if (typeof variable === 'string') return variable
      params.push({ kind: 'variable', value: variable })
    } else if (/^[+-]?[0-9]+[ \t]*$/.test(text)) params.push({ kind: 'int', value: Number(text) })
    else params.push({ kind: 'text', value: text })
    at = end
  }
  return params
}
