import type { RouteContext } from '../runtime/context.ts'
import type { PrepareEnv, VariableHandle } from './arg.ts'
import type { PvValue } from './value.ts'

/** A parameter of a transformation as written: a number, a text, or a variable. */
export type TransformationParam =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'variable'; readonly value: VariableHandle }

/** Null when the transformation fails: it then prints as nothing and is undefined in expressions. */
export type Transform = (value: PvValue, context: RouteContext) => PvValue

/** `{class.name,param,...}` behind a variable. */
export interface TransformationDef {
  readonly summary: string
  /** The parameters' names; those in brackets may be left out: `['offset', '[length]']`. */
  readonly params: readonly string[]
  /**
   * The whole number that a resulting text counts as in expressions, where Kamailio prints the text and computes with
   * the number (`{s.int}`, `{uri.port}`).
   */
  readonly number?: (text: string) => number
  /** Whether it also takes `$null`; others fail then. */
  readonly takesNull?: boolean
  /**
   * Called once for each place in the script; a string answer is the error message. `raw` is the text behind the name
   * (from the first comma on) for those that parse it their own way.
   */
  readonly bind: (params: readonly TransformationParam[], env: PrepareEnv, raw: string) => Transform | string
}
