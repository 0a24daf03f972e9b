import { isIP } from 'node:net'
import type { Prepared } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ForwardError, forwardTo, forwardToUri, queryOfUri } from '../../runtime/forward.ts'
import type { TransportName } from '../../sip/endpoint.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { withoutBrackets } from '../../base/address.ts'
import { parseUri } from '../../sip/uri.ts'

/** `uri:host` means the host of the destination or Request-URI. */
export function prepareForwardHost(text: string): Prepared<string> | string {
  if (text === '') return 'the host is empty'
  if (text === 'uri:host') return { fixed: text }
  const host = withoutBrackets(text)
  if (host.includes(':') && isIP(host) === 0) return `${text} is no host: the port is an argument of its own, forward("host", 5060)`
  return { fixed: host }
}

export function prepareForwardPort(text: string): Prepared<number | 'uri:port'> | string {
  if (text === 'uri:port') return { fixed: 'uri:port' }
  const port = Number(text)
  return Number.isInteger(port) && port >= 0 && port <= 65535 ? { fixed: port } : `${text} is no port`
}

/** Only a name is looked up: a numeric address in the script is where it says. */
export function mayForwardWait(host: unknown): boolean {
  return typeof host !== 'string' || isIP(host) === 0
}

/** forward() in all its forms. */
export function forwardBy(
  context: RouteContext,
  transport: TransportName | undefined,
  host: string | undefined,
  port: number | 'uri:port' | undefined,
): number | Promise<number> {
  if (host === undefined) return forwardToUri(context)
  if (host !== 'uri:host') {
    const given = typeof port === 'number' ? port : 0
    // Without a transport in the function's name, the request goes on by the one it came by.
    return forwardTo(context, { host, port: given, transport: transport ?? context.message.received.socket.transport, isSips: false })
  }
  const { message } = context
  const uri = message.dstUri === undefined ? message.parsedUri() : parseUri(message.dstUri)
  if (uri instanceof ParseError) {
    context.host.log.error('<core>', `do_action(): bad_uri <${message.uri}>, dropping packet`)
    return ForwardError.badUri
  }
  const query = queryOfUri(uri)
  const chosen = typeof port === 'number' ? port : port === 'uri:port' ? query.port : 0
  return forwardTo(context, { ...query, port: chosen, transport: transport ?? query.transport })
}
