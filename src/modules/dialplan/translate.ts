/** What the functions do: match, replace, and put results into variables. */
import { RouteMask } from '../../define/route-kind.ts'
import type { VariableHandle } from '../../define/define.ts'
import { ownBranch } from '../../runtime/branches.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { findRule, loadRules } from './rules.ts'
import { translate } from './rule.ts'
import type { Dialplan } from './state.ts'

const NO_MATCH = -1
const NO_DIALPLAN = -2

export function fail({ host }: Dialplan, problem: string): -1 {
  host.log.error('dialplan', problem)
  return -1
}

/**
 * Looks for a rule, sets the attributes and, where there is one, the destination. `builds`: what the rule makes of the text is wanted,
 * and it fails when there is nothing to be had.
 */
export function apply(
  state: Dialplan, context: RouteContext, dpid: number, input: string, builds: boolean, destination: VariableHandle | undefined,
): number {
  const lengths = state.rules.get(dpid)
  if (lengths === undefined) return NO_DIALPLAN
  if (input === '') {
    state.host.log.warning('dialplan', 'invalid or empty input string to be matched')
    return NO_MATCH
  }
  const rule = findRule(lengths, input, context)
  if (rule === undefined) return NO_MATCH
  const output = builds ? translate(rule, input, context) : ''
  if (output === undefined) return fail(state, 'could not build the output')
  if (state.attributes !== undefined) state.attributes.set(context, rule.attrs)
  if (destination === undefined || output === '') return 1
  if (!destination.set(context, output)) return fail(state, 'setting dst pseudo-variable failed')
  if (isRequestUri(destination)) appendBranch(state, context)
  return 1
}

const NAME = /^\$\(?\s*([A-Za-z_.]+)/

export const nameOf = ({ text }: VariableHandle): string => NAME.exec(text)?.[1] ?? ''

const REQUEST_URI: readonly string[] = ['ru', 'rU', 'ruri', 'ruri.user']

export const isRequestUri = (variable: VariableHandle): boolean => REQUEST_URI.includes(nameOf(variable))

/** In a failure route the request goes out to the new Request-URI as a further branch. */
function appendBranch({ params, host }: Dialplan, context: RouteContext): void {
  if (context.routeType !== RouteMask.failure || params.append_branch === 0) return
  if (!context.branches.append(ownBranch(context), host.settings.max_branches)) host.log.error('dialplan', 'append_branch failed')
}

/** Reads the table again, unless that was done a moment ago; a text says why not. */
export async function reload(state: Dialplan): Promise<string | undefined> {
  const now = Math.floor(state.host.clock.now() / 1000)
  const { reload_delta } = state.params
  const delta = reload_delta < 0 ? 5 : reload_delta
  if (state.reloadedAt > now - delta) return 'ongoing reload'
  state.reloadedAt = now
  return loadRules(state)
}
