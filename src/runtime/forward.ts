/** Forwarding without state: requests to where the script says, replies along their Vias. */
import { buildForwardedReply, nextReplyHop, type ReplyHop } from '../sip/build-reply.ts'
import { buildForwardedRequest } from '../sip/build-request.ts'
import { defaultPort, isStream, type ListenSocket, type Target, type TransportName } from '../sip/endpoint.ts'
import type { SipMessage } from '../sip/message.ts'
import { MessageFlag } from '../sip/message-flag.ts'
import { ParseError } from '../sip/parse-error.ts'
import { addressFamily, withoutBrackets } from '../base/address.ts'
import { parseUri, uriParam, type SipUri } from '../sip/uri.ts'
import { RouteMask } from '../define/route-kind.ts'
import { Flow, type RouteContext } from './context.ts'
import type { Host, LocateQuery, Location } from './host.ts'
import { serializeFields, xavpChild } from './xavp.ts'

/** Kamailio's error numbers that forwarding gives, as negative results of forward(). */
export const ForwardError = { badRequest: -400, send: -477, badAddress: -478, badUri: -479, noSocket: -7 } as const

/** Sends the request to a host; names are looked up first. 1 when it left, else a `ForwardError`. */
export function forwardTo(context: RouteContext, query: LocateQuery): number | Promise<number> {
  // A numeric host needs no search: nearly every request of a proxy goes to one.
  const address = withoutBrackets(query.host)
  const family = addressFamily(address)
  if (family !== 0) {
    const transport = query.transport ?? (query.isSips ? 'tls' : 'udp')
    const result = sendRequest(context, transport, address, family, query.port || defaultPort(transport))
    if (result < 0) context.errorCode = result
    else context.host.statistics.forwardedRequests.increment()
    return result
  }
  const found = context.host.network.locate(query)
  if (found instanceof Promise) return found.then((location) => sendToFirst(context, query, location))
  return sendToFirst(context, query, found)
}

/** Where a URI leads: its host, and the transport it names. Like Kamailio's forward(), maddr is left alone. */
export function queryOfUri(uri: SipUri): LocateQuery {
  const transport = uriParam(uri, 'transport')?.toLowerCase()
  return {
    host: withoutBrackets(uri.host),
    port: uri.port,
    transport: isTransport(transport) ? transport : undefined,
    isSips: uri.scheme === 'sips',
  }
}

/** Sends the request to its destination URI, or else to its Request-URI. */
export function forwardToUri(context: RouteContext): number | Promise<number> {
  const { message } = context
  const uri = message.dstUri === undefined ? message.parsedUri() : parseUri(message.dstUri)
  if (uri instanceof ParseError) {
    context.host.log.error('<core>', `forward(): bad uri <${message.dstUri ?? message.uri}>, dropping packet: ${uri.reason}`)
    return ForwardError.badUri
  }
  return forwardTo(context, queryOfUri(uri))
}

export function isTransport(name: string | undefined): name is TransportName {
  return name === 'udp' || name === 'tcp' || name === 'tls' || name === 'sctp' || name === 'ws' || name === 'wss'
}

function sendToFirst(context: RouteContext, query: LocateQuery, location: Location): number {
  const { host } = context
  if (location.targets.length === 0) {
    host.log.error('<core>', `forward(): cannot resolve '${query.host}': ${location.reason}`)
    context.errorCode = ForwardError.badAddress
    return ForwardError.badAddress
  }
  const isFailoverOn = host.settings.use_dns_failover !== 0
  let result = 0
  for (const target of location.targets) {
    result = sendRequest(context, target.transport, target.address, familyOf(target.address), target.port)
    if (result > 0 || !isFailoverOn) break
  }
  if (result < 0) context.errorCode = result
  else host.statistics.forwardedRequests.increment()
  return result
}

/**
 * Runs onsend_route for a message about to leave; false when the script drops it. What it would wait for is not waited
 * for: the message leaves when the route's first part says so.
 */
export function isSendingAllowed(context: RouteContext, text: string, socket: ListenSocket, address: string, port: number): boolean {
  const onsend = context.routes.onsend('')
  if (onsend === undefined) return true
  const { routeType, flow } = context
  context.routeType = RouteMask.onsend
  context.flow = 0
  context.sending = { text, socket, address, port }
  const result = onsend(context)
  const isDropped = (context.flow & Flow.drop) !== 0 || result === 0
  context.routeType = routeType
  context.flow = flow
  if (isDropped) context.returnCode = 0
  context.sending = undefined
  return !isDropped
}

/** A request ready to leave. */
export interface Outgoing {
  readonly text: string
  readonly target: Target
}

/** Why a request cannot be built, with the number that scripts get. */
export interface BuildFailure {
  readonly code: number
  readonly reason: string
}

/** Builds the request for one address; over `udp_mtu` bytes by another transport. `branch` is that of a transaction. */
export function buildOutgoing(
  context: RouteContext, wanted: TransportName, address: string, family: 4 | 6, port: number, branch?: string,
): Outgoing | BuildFailure {
  const { host, message } = context
  let transport = wanted
  let socket = outgoingSocket(host, message, transport, address, family)
  let text = buildFor(context, transport, socket, address, branch)
  const { udp_mtu } = host.settings
  if (transport === 'udp' && udp_mtu > 0 && typeof text === 'string' && text.length > udp_mtu) {
    const other = message.mtuTransport ?? host.settings.udp_mtu_try_proto.toLowerCase()
    if (isTransport(other) && other !== 'udp') {
      const otherSocket = outgoingSocket(host, message, other, address, family)
      const larger = buildFor(context, other, otherSocket, address, branch)
      if (typeof larger === 'string') {
        transport = other
        socket = otherSocket
        text = larger
      }
    }
  }
  if (typeof text !== 'string') {
    return { code: text.code === 'socket' ? ForwardError.noSocket : ForwardError.badRequest, reason: text.reason }
  }
  const flags = message.msgFlags
  const target: Target = {
    transport,
    address,
    port,
    socket,
    connectionId: 0,
    isSocketForced: message.forceSocket !== undefined,
    noConnect: (flags & MessageFlag.forwardNoConnect) !== 0,
    closeAfter: (flags & MessageFlag.forwardClose) !== 0,
  }
  return { text, target }
}

function sendRequest(context: RouteContext, wanted: TransportName, address: string, family: 4 | 6, port: number): number {
  const { host } = context
  const outgoing = buildOutgoing(context, wanted, address, family, port)
  if ('code' in outgoing) {
    host.log.error('<core>', `forward(): ${outgoing.reason}`)
    return outgoing.code
  }
  const { text, target } = outgoing
  if (host.blocklist.has(target)) {
    host.log.info('<core>', `forward(): ${target.transport}:${address}:${port} is on the blocklist`)
    return ForwardError.send
  }
  if (target.socket !== undefined && !isSendingAllowed(context, text, target.socket, address, port)) return ForwardError.send
  const sent = host.network.send(text, target)
  if (sent === true) return 1
  host.log.error('<core>', `forward(): sending to ${target.transport}:${address}:${port} failed: ${sent.reason}`)
  return ForwardError.send
}

function buildFor(
  context: RouteContext, transport: TransportName, socket: ListenSocket | undefined, address: string, branch: string | undefined,
): string | ParseError {
  const { host, message } = context
  if (socket === undefined) return new ParseError('socket', `no ${transport} socket to send to ${address} from`)
  const asksRport = host.settings.local_rport !== 0
  const path = branch === undefined ? undefined : message.pathVector
  if ((message.msgFlags & VIA_EXTRAS) === 0) return buildForwardedRequest(message, { transport, socket, asksRport, branch, path })
  const sentBy = viaFields(context)
  return buildForwardedRequest(message, {
    transport,
    socket: sentBy ? { ...socket, advertise: sentBy } : socket,
    asksRport,
    branch,
    path,
    viaParams: viaParams(context),
  })
}

const VIA_EXTRAS = MessageFlag.viaServerId | MessageFlag.viaXavpParams | MessageFlag.viaXavpFields

/** What the script adds to the own Via: srvid, and the fields of xavp_via_params. */
function viaParams(context: RouteContext): string {
  const { host, message } = context
  const { server_id, xavp_via_params } = host.settings
  let params = ''
  if ((message.msgFlags & MessageFlag.viaServerId) !== 0 && server_id !== 0) params += `;srvid=${server_id}`
  if ((message.msgFlags & MessageFlag.viaXavpParams) !== 0 && xavp_via_params !== '') {
    const fields = serializeFields(context.xavps.xavp, xavp_via_params)
    if (fields !== '') params += `;${fields.slice(0, -1)}`
  }
  return params
}

/** Address and port of xavp_via_fields, which stand in the own Via in place of the socket's. */
function viaFields(context: RouteContext): { readonly host: string; readonly port: number } | undefined {
  const { host, message, xavps } = context
  const { xavp_via_fields } = host.settings
  if ((message.msgFlags & MessageFlag.viaXavpFields) === 0 || xavp_via_fields === '') return undefined
  const address = xavpChild(xavps.xavp, xavp_via_fields, 'address')?.value
  const port = Number(xavpChild(xavps.xavp, xavp_via_fields, 'port')?.value ?? 0)
  return typeof address === 'string' ? { host: address, port: Number.isInteger(port) ? port : 0 } : undefined
}

/** The socket the script forced where it fits, else (for UDP) the one the message came to, else the network's choice. */
function outgoingSocket(host: Host, message: SipMessage, transport: TransportName, address: string, family: 4 | 6) {
  const forced = message.forceSocket
  if (forced !== undefined && forced.family === family) {
    if (forced.transport === transport) return forced
    const twin = host.network.socketOf(forced.address, 0, transport)
    if (twin !== undefined) return twin
  }
  const { socket } = message.arrival
  if (transport === 'udp' && host.settings.mhomed === 0 && socket.transport === transport && socket.family === family) return socket
  return host.network.findSocket(transport, family, address)
}

export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4
}

/** Passes a reply on to where its second Via says; names there are looked up. The answer is why it was not sent. */
export function forwardReply(context: RouteContext): undefined | string | Promise<undefined | string> {
  const { host, message } = context
  const hop = nextReplyHop(message)
  if (hop instanceof ParseError) return hop.reason
  const family = addressFamily(hop.host)
  if (family !== 0) return sendReply(context, hop, hop.host, family)
  const found = host.network.locate({ host: hop.host, port: hop.port, transport: hop.transport, isSips: false })
  return found instanceof Promise ? found.then((location) => sendReplyTo(context, hop, location)) : sendReplyTo(context, hop, found)
}

function sendReplyTo(context: RouteContext, hop: ReplyHop, location: Location): undefined | string {
  const target = location.targets[0]
  if (target === undefined) return `cannot resolve '${hop.host}' in Via: ${location.reason}`
  return sendReply(context, hop, target.address, familyOf(target.address))
}

function sendReply(context: RouteContext, hop: ReplyHop, address: string, family: 4 | 6): undefined | string {
  const { host, message } = context
  const socket = replySocket(host, message, hop.transport, address, family)
  if (socket === undefined) return `no ${hop.transport} socket to send to ${address} from`
  const text = buildForwardedReply(message, socket, hop.transport)
  if (typeof text !== 'string') return text.reason
  const isSeen = host.settings.onsend_route_reply !== 0
  if (isSeen && !isSendingAllowed(context, text, socket, address, hop.port)) return undefined
  const sent = host.network.send(text, {
    transport: hop.transport,
    address,
    port: hop.port,
    socket,
    connectionId: isStream(hop.transport) ? hop.connectionId : 0,
    noConnect: (message.msgFlags & MessageFlag.replyNoConnect) !== 0,
    closeAfter: (message.msgFlags & MessageFlag.replyClose) !== 0,
  })
  return sent === true ? undefined : sent.reason
}

/** The forced socket where it fits, else the one the reply came to, else the network's choice. */
function replySocket(host: Host, message: SipMessage, transport: TransportName, address: string, family: 4 | 6): ListenSocket | undefined {
  const forced = message.forceSocket
  if (forced !== undefined && forced.transport === transport && forced.family === family) return forced
  const { socket } = message.received
  return socket.transport === transport && socket.family === family ? socket : host.network.findSocket(transport, family, address)
}
