/** cfgtrace: a line of the log for each action of the script. */
import { LogLevel } from '../../base/log.ts'
import type { VariableHandle } from '../../define/define.ts'
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { ScriptAction, ScriptTracer } from '../../runtime/script-trace.ts'
import { Watch, type Debugger } from './state.ts'

/** cfgtrace_format. */
const WITHOUT_FILE = 1

const ROUTE_KINDS: ReadonlyMap<number, string> = new Map([
  [RouteMask.request, 'request_route'], [RouteMask.failure, 'failure_route'], [RouteMask.onreply, 'onreply_route'],
  [RouteMask.coreReply, 'onreply_route'], [RouteMask.branch, 'branch_route'], [RouteMask.onsend, 'onsend_route'],
  [RouteMask.local, 'local_route'], [RouteMask.branchFailure, 'branch_failure_route'],
])

export function tracerOf(state: Debugger): ScriptTracer {
  const { host, params } = state
  return {
    action(context, action) {
      if ((state.watches & Watch.trace) !== 0 && host.log.isEnabled(state.level)) writeAction(state, context, action)
    },
    assigned(context, variable) {
      if (params.log_assign > 0 && host.log.isEnabled(LogLevel.dbg)) writeAssigned(state, context, variable)
    },
    variable(handle) {
      if (!state.variables.has(handle.text)) state.variables.set(handle.text, handle)
    },
  }
}

function writeAction({ host, params, level }: Debugger, context: RouteContext, { type, name, line, routeName }: ScriptAction): void {
  const kind = ROUTE_KINDS.get(context.routeType) ?? 'unknown_route'
  const file = (params.cfgtrace_format & WITHOUT_FILE) !== 0 ? '' : ` c=[${line === 0 ? '' : context.file}]`
  host.log.write({
    level, origin: `${params.log_prefix}dbg_cfg_trace(): `, text: `${kind}=[${routeName}]${file} l=${line} a=${type} n=${name}`,
    ...(params.log_facility === '' ? {} : { facility: params.log_facility }),
    ...(params.log_level_name === '' ? {} : { levelName: params.log_level_name }),
  })
}

/** log_assign: what a variable holds behind an assignment. */
function writeAssigned({ host }: Debugger, context: RouteContext, variable: VariableHandle): void {
  const value = variable.get(context)
  const text = value === null ? ': $null' : typeof value === 'number' ? `:${value}` : `:"${value}"`
  host.log.debug('debugger', `${variable.text}${text}`)
}
