import type { RouteContext } from '../../runtime/context.ts'
import { queryOfUri } from '../../runtime/forward.ts'
import type { LocateQuery, Location } from '../../runtime/host.ts'
import type { ListenSocket, TransportName } from '../../sip/endpoint.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'

/** Sends the message as it came: to host[:port], or to its destination or Request-URI. */
export function sendOriginal(context: RouteContext, transport: 'udp' | 'tcp', target: string | undefined): number | Promise<number> {
  const { message, host } = context
  if (target !== undefined && target !== '') {
    const named = parseSocketName(target)
    if (named === undefined) {
      host.log.error('corex', `send_${transport}(): '${target}' is no host or host:port`)
      return -1
    }
    return deliver(context, { host: named.host, port: named.port, transport, isSips: false }, undefined, message.text)
  }
  const uri = message.dstUri === undefined ? message.parsedUri() : parseUri(message.dstUri)
  if (uri instanceof ParseError) return refuseUri(context, message.dstUri ?? message.uri)
  return deliver(context, { ...queryOfUri(uri), transport }, undefined, message.text)
}

/** Sends any text to the address of a URI, from the named socket or the usual one. */
export function sendData(context: RouteContext, target: string, from: string | undefined, data: string): number | Promise<number> {
  const uri = parseUri(target)
  if (uri instanceof ParseError) return refuseUri(context, target)
  const query = queryOfUri(uri)
  if (from === undefined) return deliver(context, query, undefined, data)
  const named = parseSocketName(from)
  const socket = named && context.host.network.socketOf(named.host, named.port, named.transport)
  if (socket === undefined) {
    context.host.log.error('corex', `sendx(): ${from} is no socket this server listens on`)
    return -1
  }
  return deliver(context, query, socket, data)
}

function refuseUri(context: RouteContext, uri: string): number {
  context.host.log.error('corex', `bad uri <${uri}>`)
  return -1
}

function deliver(context: RouteContext, query: LocateQuery, socket: ListenSocket | undefined, data: string): number | Promise<number> {
  const found = context.host.network.locate(query)
  return found instanceof Promise ? found.then((location) => hand(context, location, socket, data)) : hand(context, found, socket, data)
}

function hand(context: RouteContext, location: Location, socket: ListenSocket | undefined, data: string): number {
  const { network } = context.host
  const target = location.targets[0]
  if (target === undefined) return -1
  const family = target.address.includes(':') ? 6 : 4
  const transport: TransportName = socket?.transport ?? target.transport
  const from = socket ?? network.findSocket(transport, family, target.address)
  return network.send(data, { ...target, transport, socket: from, connectionId: 0 }) === true ? 1 : -1
}
