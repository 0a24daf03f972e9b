/**
 * Argument kinds: how a text in the script becomes the value a function gets. They are Kamailio's fixups:
 * what is constant is prepared once, what holds variables is evaluated for each call.
 */
import type { RouteContext } from '../runtime/context.ts'
import type { PvValue } from './value.ts'
import type { BoundVariable } from './variable.ts'

/** A variable as an argument: read and, for `writable`, written by the function. */
export interface VariableHandle {
  /** As written, with its dollar sign. */
  readonly text: string
  get(context: RouteContext): PvValue
  /** False when the variable refuses the value. */
  set(context: RouteContext, value: PvValue): boolean
}

/** A text with variables in it, evaluated when the function asks for it. */
export interface FormatText {
  readonly source: string
  /** The text; empty, with a line in the log, when it is longer than `pv_buffer_size`. */
  evaluate(context: RouteContext): string
  /** The text; null, with a line in the log, when it has `limit` bytes or more. */
  evaluateWithin(context: RouteContext, limit: number): string | null
}

/** What preparing an argument may ask for; implemented by the runtime. */
export interface PrepareEnv {
  /** Parses `$name...`; the answer is a message when it is no variable. */
  variable(text: string): VariableHandle | string
  /** Parses a text with variables in it. */
  format(text: string): FormatText | string
  /** Compiles a POSIX extended regular expression, as `=~` does unless told otherwise. */
  regex(pattern: string, options?: { ignoreCase?: boolean; newline?: boolean }): TextMatcher | string
  /** Texts come from a script in another language: nothing that looks like a variable is replaced in them. */
  readonly isPlain?: boolean
  /** Finds what reads a select such as `to.uri.user`; absent where there are no selects. */
  select?(text: string): ((context: RouteContext) => PvValue) | string
}

/** A compiled regular expression over byte strings. Offsets are in bytes. */
export interface TextMatcher {
  readonly source: string
  test(text: string): boolean
  /** The first match at or after `from`: start, end of the whole match and of each group (-1 when unmatched). */
  exec(text: string, from?: number): readonly number[] | null
}

export interface ArgKinds {
  /** A text in which variables are replaced (Kamailio: spve). */
  str: string
  /** An integer, or a variable or text that gives one (igp). */
  int: number
  /** A text taken as it is written. */
  literal: string
  /** An integer written in the script. */
  constant: number
  /** A variable to read. */
  variable: VariableHandle
  /** A variable to write. */
  writable: VariableHandle
  /** A text with variables, evaluated when the function wants it. */
  format: FormatText
  /** A fixed regular expression. */
  regex: TextMatcher
  /** The name of a route. */
  route: string
}

export type ArgKind = keyof ArgKinds | 'custom'

export interface Arg<T = unknown> {
  readonly kind: ArgKind
  readonly name: string
  readonly summary: string
  readonly optional: boolean
  /** For whole numbers: what the checker refuses when it is written in the script. */
  readonly min?: number
  readonly max?: number
  /**
   * For `custom`: the function's own fixup; a string answer is the error message. `state` is the module's, undefined while a file is
   * only checked and for a text that is known at run time only.
   */
  readonly prepare?: (text: string, env: PrepareEnv, state: unknown) => Prepared<T> | string
}

/** An argument ready for calls: fixed, or evaluated for each message. */
export type Prepared<T> = { readonly fixed: T } | { readonly evaluate: (context: RouteContext) => T }

/** What `run` gets for an argument. */
export type ArgValue<A> = A extends Arg<infer T> ? T : never

type Options = { readonly min?: number; readonly max?: number }

function make<T>(kind: ArgKind, name: string, summary: string, options?: Options): Arg<T> {
  return { kind, name, summary, optional: false, ...options }
}

export const arg = {
  str: (name: string, summary: string): Arg<string> => make('str', name, summary),
  int: (name: string, summary: string, options?: Options): Arg<number> => make('int', name, summary, options),
  literal: (name: string, summary: string): Arg<string> => make('literal', name, summary),
  constant: (name: string, summary: string, options?: Options): Arg<number> => make('constant', name, summary, options),
  variable: (name: string, summary: string): Arg<VariableHandle> => make('variable', name, summary),
  writable: (name: string, summary: string): Arg<VariableHandle> => make('writable', name, summary),
  format: (name: string, summary: string): Arg<FormatText> => make('format', name, summary),
  regex: (name: string, summary: string): Arg<TextMatcher> => make('regex', name, summary),
  route: (name: string, summary: string): Arg<string> => make('route', name, summary),
  custom: <T>(
    name: string,
    summary: string,
    prepare: (text: string, env: PrepareEnv, state: unknown) => Prepared<T> | string,
  ): Arg<T> => ({ kind: 'custom', name, summary, optional: false, prepare }),
  /** The same argument, left out at will: `run` gets `undefined`. Only the last ones may be optional. */
  optional: <T>(inner: Arg<T>): Arg<T | undefined> => ({ ...inner, optional: true }) as Arg<T | undefined>,
}

/** A handle on a bound variable whose module state is known. */
export function handleOf<S>(text: string, bound: BoundVariable<S>, state: S): VariableHandle {
  return {
    text,
    get: (context) => bound.get(context, state),
    set: (context, value) => (bound.set ? bound.set(context, state, value) : false),
  }
}
