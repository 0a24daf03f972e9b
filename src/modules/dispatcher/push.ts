/** Sending a message to a destination. */
import { ParseError } from '../../sip/parse-error.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { URI_BYTES_MAX } from '../../sip/rewrite-uri.ts'
import { parseUri } from '../../sip/uri.ts'
import { fail, type Dispatcher } from './state.ts'

/** Where a destination goes: the destination URI, host and everything behind it in the Request-URI, or the XAVP alone. */
export const Push = { destination: 0, domain: 1, xavp: 2 } as const

/** False, with a line in the log, when the Request-URI cannot be changed. */
export function push(state: Dispatcher, context: RouteContext, uri: string, socket: ListenSocket | undefined, mode: number): boolean {
  const { message } = context
  if (mode === Push.xavp) return true
  if (mode === Push.domain) {
    const changed = withRest(context, uri)
    if (changed === undefined) {
      fail(state, `error while setting r-uri domain with: ${uri}`)
      return false
    }
    message.setUri(changed)
  } else message.setDestination(uri)
  if (socket !== undefined) message.forceSocket = socket
  return true
}

/** The scheme and the user of the Request-URI, and all that follows the scheme (and the user) in a destination's URI. */
function withRest({ message, host }: RouteContext, uri: string): string | undefined {
  const own = message.parsedUri()
  const target = parseUri(uri)
  if (own instanceof ParseError || target instanceof ParseError) {
    host.log.error('<core>', `bad uri <${message.uri}>, dropping packet`)
    return undefined
  }
  const user = own.password === '' ? own.user : `${own.user}:${own.password}`
  const rest = uri.slice(own.hasUser ? target.hostStart : target.scheme.length + 1)
  const changed = `${own.scheme}:${own.hasUser ? `${user}@` : ''}${rest}`
  return changed.length > URI_BYTES_MAX ? undefined : changed
}
