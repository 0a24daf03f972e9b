/**
 * The definition of a module: the one place where its parameters, functions, variables, transformations, RPC commands,
 * event routes and statistics are declared. The checker, the compiler, the RPC table and the reference pages read it.
 */
import type { Host } from '../runtime/host.ts'
import type { RouteContext } from '../runtime/context.ts'
import type { Arg, ArgValue } from './arg.ts'
import type { KemiDef } from './kemi.ts'
import type { Param, ParamValue } from './param.ts'
import type { RouteName } from './route-kind.ts'
import type { RpcDef } from './rpc.ts'
import type { SelectDef } from './select.ts'
import type { TransformationDef } from './transformation.ts'
import type { VariableDef } from './variable.ts'

/**
 * What a function returns to the script: above 0 is true, below 0 is false, 0 ends the script.
 * A promise lets other messages go on meanwhile; only functions marked `mayWait` may give one.
 */
export type FunctionResult = number | Promise<number>

type ArgValues<A extends readonly Arg[]> = { [K in keyof A]: ArgValue<A[K]> }

/** One way to call a function. Functions with several arities of different meaning have several forms. */
export interface FunctionForm<S = unknown> {
  readonly args: readonly Arg[]
  readonly routes: 'any' | readonly RouteName[]
  /** KEMI's name where it differs from the script's. */
  readonly kemi?: string
  readonly mayWait: boolean
  readonly mayWaitWith?: (...fixed: readonly unknown[]) => boolean
  readonly atStart?: (state: S, ...fixed: readonly unknown[]) => void
  readonly mayWaitIn?: (state: S) => boolean
  readonly readsError?: boolean
  readonly run: (context: RouteContext, state: S, ...args: never[]) => FunctionResult
}

export interface FunctionDef<S = unknown> {
  readonly summary: string
  /** What the results mean, where more than true and false: `{ 1: 'found', [-2]: 'expired' }`. */
  readonly returns?: Readonly<Record<number, string>>
  readonly aliases?: readonly string[]
  readonly forms: readonly FunctionForm<S>[]
  readonly examples?: readonly { readonly title: string; readonly cfg: string; readonly want: number }[]
}

type FormOptions<S, A extends readonly Arg[]> = {
  readonly args: A
  readonly routes: 'any' | readonly RouteName[]
  readonly kemi?: string
  readonly mayWait?: boolean
  /**
   * For forms that may wait: false where the arguments written in the script show that this call never will (a variable
   * or an absent argument is given as undefined). A route without waiting calls stays a plain function.
   */
  readonly mayWaitWith?: (...fixed: readonly unknown[]) => boolean
  /** Gets to know each call in the script when the server starts: files that are named there are read then. Variables are undefined. */
  readonly atStart?: (state: S, ...fixed: readonly unknown[]) => void
  /** For forms that may wait: false where the module, as it is set up, never lets them. */
  readonly mayWaitIn?: (state: S) => boolean
  /** It looks at `context.errorCode`: what the statement before it left there. */
  readonly readsError?: boolean
  readonly run: (context: RouteContext, state: S, ...args: ArgValues<A>) => FunctionResult
}

/** One form of a function; `run`'s arguments get their types from `args`. */
export function form<S, const A extends readonly Arg[]>(options: FormOptions<S, A>): FunctionForm<S> {
  return { ...options, mayWait: options.mayWait ?? false, run: options.run as FunctionForm<S>['run'] }
}

/** A function with a single form. */
export function fn<S, const A extends readonly Arg[]>(
  options: Omit<FunctionDef<S>, 'forms'> & FormOptions<S, A>,
): FunctionDef<S> {
  const { summary, returns, aliases, examples, ...rest } = options
  return { summary, returns, aliases, examples, forms: [form<S, A>(rest)] }
}

export type ParamValues<P extends Readonly<Record<string, Param>>> = { [K in keyof P]: ParamValue<P[K]> }

/** A message for the log when a module cannot start. */
export class SetupError {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

export interface ModuleDef<P extends Readonly<Record<string, Param>> = Readonly<Record<string, Param>>, S = unknown> {
  readonly name: string
  readonly summary: string
  /** Sorts the reference pages. */
  readonly area: 'core' | 'routing' | 'text' | 'logging' | 'operations' | 'network' | 'media' | 'data' | 'security'
  readonly params?: P
  /** The group of its reloadable parameters, where that is not its name. */
  readonly cfgGroup?: string
  /** Makes the module's state. All modules are set up before the first route is compiled. */
  readonly setup: (host: Host, params: ParamValues<P>) => S | SetupError | Promise<S | SetupError>
  /**
   * Runs when every module is set up and the routes are compiled, before the first message. Databases are opened here: their
   * drivers are modules as well.
   */
  readonly start?: (state: S, host: Host) => void | SetupError | Promise<void | SetupError>
  /** Runs when every module has started, before the first message. */
  readonly ready?: (state: S, host: Host) => void | Promise<void>
  /** Runs when the script has been read anew: what `start` found in `host.routes` is looked up again. */
  readonly reloaded?: (state: S, host: Host) => void
  readonly stop?: (state: S) => void | Promise<void>
  readonly functions?: Readonly<Record<string, FunctionDef<S>>>
  /** Functions of KSR that are none of the native script, or differ: `name`, or `other.name` for those not below the module's own name. */
  readonly kemi?: Readonly<Record<string, KemiDef<S>>>
  /** Parameters that name a KEMI function, with the event routes in whose place it runs (`tcp:*` for all that begin so). */
  readonly eventCallbacks?: Readonly<Record<string, readonly string[]>>
  readonly variables?: Readonly<Record<string, VariableDef<S>>>
  /** By full name: `s.len`. */
  readonly transformations?: Readonly<Record<string, TransformationDef>>
  readonly selects?: readonly SelectDef<S>[]
  readonly rpc?: Readonly<Record<string, RpcDef<S>>>
  /** False where the module, as it is set up, has no commands. */
  readonly hasRpc?: (state: S) => boolean
  /** Event routes the module runs, with what makes it run them. */
  readonly events?: Readonly<Record<string, string>>
  readonly statistics?: Readonly<Record<string, string>>
}

/** A module seen from outside: its state's type is nobody else's business. */
export type AnyModule = Omit<ModuleDef<Readonly<Record<string, Param>>, never>, 'setup'> & {
  readonly setup: (host: Host, params: never) => unknown
}

/** Declares a module. */
export function defineModule<const P extends Readonly<Record<string, Param>>, S>(
  definition: ModuleDef<P, S>,
): ModuleDef<P, S> {
  return definition
}
