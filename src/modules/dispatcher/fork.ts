/** Algorithm 12: all destinations of a set at once. */
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { DestinationSet } from './destination-set.ts'
import { Push } from './push.ts'
import { fail, type Dispatcher } from './state.ts'

/** What Kamailio gives when there are too many branches. */
const TOO_MANY = 2

/** Adds a branch for each destination behind the chosen one, and for that too when the request itself does not go there. */
export function forkToRest(state: Dispatcher, context: RouteContext, set: DestinationSet, chosen: number, mode: number): number {
  const { message, branches, host } = context
  const isDomain = mode === Push.domain
  const start = mode === Push.xavp ? chosen : chosen + 1
  for (const { uri, socket } of set.destinations.slice(start)) {
    const isAdded = branches.append({
      uri: isDomain ? withUserOf(context, uri) : message.uri,
      dstUri: isDomain ? '' : uri,
      path: '', q: -1, socket, flags: 0, instance: '', regId: 0, ruid: '', locationUserAgent: '',
    }, host.settings.max_branches)
    if (isAdded) continue
    fail(state, `failed to add branch with ${isDomain ? 'user ruri' : 'duri'}`)
    fail(state, 'failed to add additional branches')
    return TOO_MANY
  }
  return 1
}

/** A destination's URI with the user of the Request-URI. */
function withUserOf({ message }: RouteContext, text: string): string {
  const own = message.parsedUri()
  const target = parseUri(text)
  if (own instanceof ParseError || target instanceof ParseError || !own.hasUser) return text
  return `${target.scheme}:${own.user}@${text.slice(target.hostStart)}`
}
