/** What a module that follows the script gets to know. */
import type { VariableHandle } from '../define/arg.ts'
import type { RouteContext } from './context.ts'

/** One thing that a script does, as Kamailio numbers and names it. */
export interface ScriptAction {
  readonly type: number
  readonly name: string
  /** 0 for what a statement does beside. */
  readonly line: number
  /** Of the route; empty for what a statement does beside. */
  readonly routeName: string
}

export interface ScriptTracer {
  /** Something is about to be done. */
  action(context: RouteContext, action: ScriptAction): void
  /** A variable was assigned to. */
  assigned(context: RouteContext, variable: VariableHandle): void
  /** The script names that variable; told before the routes run, for each place. */
  variable(handle: VariableHandle): void
}
