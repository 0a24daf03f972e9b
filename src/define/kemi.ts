/** KEMI: what scripts in other languages call (`KSR.module.name`), and what runs such scripts. */
import type { VariableHandle } from './arg.ts'
import type { RouteContext } from '../runtime/context.ts'

/** What a function answers: `xval` is a text, a number or nothing. */
export type KemiReturn = 'int' | 'bool' | 'str' | 'xval' | 'none'

/** Texts are byte strings; null is nothing. A few functions give lists and objects. */
export type KemiValue = string | number | boolean | null | undefined | readonly KemiValue[] | { readonly [name: string]: KemiValue }

/** `name` takes a text, `name:int` a whole number. */
export type KemiArg = string

type ValueOf<A> = A extends `${string}:int` ? number : string
type ValuesOf<A extends readonly KemiArg[]> = { [K in keyof A]: ValueOf<A[K]> }

/** A function of KSR that is no function of the native script, or differs from it. */
export interface KemiDef<S = unknown> {
  readonly summary: string
  readonly args: readonly KemiArg[]
  readonly returns: KemiReturn
  readonly mayWait: boolean
  readonly mayWaitIn?: (state: S) => boolean
  readonly run: (context: RouteContext, state: S, ...args: never[]) => KemiValue | Promise<KemiValue>
}

interface KemiOptions<S, A extends readonly KemiArg[]> {
  readonly summary: string
  readonly args: A
  /** `int` when left out. */
  readonly returns?: KemiReturn
  readonly mayWait?: boolean
  /** For those that may wait: false where the module, as it is set up, never lets them. */
  readonly mayWaitIn?: (state: S) => boolean
  readonly run: (context: RouteContext, state: S, ...args: ValuesOf<A>) => KemiValue | Promise<KemiValue>
}

/** One function of KSR; `run`'s arguments get their types from `args`. */
export function kemi<S, const A extends readonly KemiArg[]>(options: KemiOptions<S, A>): KemiDef<S> {
  return { ...options, returns: options.returns ?? 'int', mayWait: options.mayWait ?? false, run: options.run as KemiDef<S>['run'] }
}

export interface KsrArgument {
  readonly name: string
  readonly type: 'str' | 'int'
}

/** A function of KSR as scripts find it. */
export interface KsrFunction {
  /** Under which name it stands in KSR; empty for KSR itself. */
  readonly module: string
  readonly name: string
  readonly args: readonly KsrArgument[]
  readonly returns: KemiReturn
  /** Whether it may give a promise. */
  readonly mayWait: boolean
  readonly summary: string
  /** Arguments are of the types of `args`, texts as byte strings. Leaves a `ScriptExit` where it ends the script. */
  readonly call: (context: RouteContext, ...args: readonly (string | number)[]) => KemiValue | Promise<KemiValue>
}

/** KSR: the functions of the loaded modules. */
export interface KsrTable {
  readonly functions: readonly KsrFunction[]
  /** A variable of the native script by its text; undefined, with a line in the log, where it is none. */
  variable(context: RouteContext, text: string): VariableHandle | undefined
  find(module: string, name: string): KsrFunction | undefined
  /** KSR.x.modf(): a function of the native script by its name. */
  modf(context: RouteContext, name: string, args: readonly (string | number)[]): number | Promise<number>
}

/** Thrown by KSR.x.exit() and KSR.x.drop(): ends the script, no error. */
export class ScriptExit {
  readonly isDrop: boolean
  constructor(isDrop: boolean) {
    this.isDrop = isDrop
  }
}

/** Why a script cannot be loaded. */
export interface LoadError {
  readonly file: string
  /** From 1; 0 where it is not known. */
  readonly line: number
  readonly column: number
  readonly reason: string
  /** The line itself, for people to see. */
  readonly text?: string
}

/** Runs the routes of a script in one language. */
export interface ScriptEngine {
  /** As `cfgengine` names it. */
  readonly name: string
  /** Kamailio's other names for it. */
  readonly aliases?: readonly string[]
  /** A route that it has not is known to be missing, as in a native file. Kamailio's engines find that out when the route is to run. */
  readonly knowsItsRoutes?: boolean
  has(route: string): boolean
  /**
   * Calls a function of the script. Nothing is thrown: errors are in the log as Kamailio's engine writes them. The answer is above 0 when
   * the function ended well (by KSR.x.exit() too), below 0 when it failed or is not there.
   */
  run(route: string, context: RouteContext, args: readonly (string | number)[]): number | Promise<number>
  /** Reads the script anew; what is wrong with it changes nothing. */
  reload(): Promise<LoadError | undefined>
}
