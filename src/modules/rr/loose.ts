/** Following Route (RFC 3261 §16.4, §16.6 step 6, §16.12). */
import type { RouteContext } from '../../runtime/context.ts'
import type { ListenSocket, TransportName } from '../../sip/endpoint.ts'
import { headersEnd } from '../../sip/build-request.ts'
import { isTransport } from '../../runtime/forward.ts'
import { endpointText, withoutBrackets } from '../../base/address.ts'
import type { Header } from '../../sip/header.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseNameAddrList, type NameAddr } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { uriParam, type SipUri } from '../../sip/uri.ts'
import { outboundApi } from '../outbound/api.ts'
import { recordedOf, toTag, type Rr } from './state.ts'

/** One value of a Route header. */
interface RouteValue {
  readonly header: Header
  readonly address: NameAddr
  readonly uri: SipUri
}

/** Where a flow token leads. */
interface FlowOut {
  readonly socket: ListenSocket
  readonly uri: string
}

/** A request without a dialog had own Routes only: it was to come here, and where it goes on is for the script to say. */
const PRELOADED = -3
/** The own Route has the token of a flow, and the request goes by it (RFC 5626 §5.3.1). */
const BY_FLOW = 2
/** It has a token that is not ours, or of a socket that is not there. */
const FORGED = -2

/**
 * 1 when a Route drives the request, 2 when the flow of the own Route does, -1 when there is none or it cannot be read, -2 when
 * its flow token is forged, -3 for an initial request whose Routes were all our own. Mode 1, and no dialog, leave the
 * Request-URI alone: nobody can have put us there as a strict router.
 */
export function looseRoute(rr: Rr, context: RouteContext, mode: number): number {
  const { message } = context
  const routes = readRoutes(message)
  if (routes === undefined) {
    rr.host.log.error('rr', 'failed to parse Route HF')
    return -1
  }
  const first = routes[0]
  if (first === undefined) return -1
  const uri = message.parsedUri()
  const isForUs = mode !== 1 && toTag(message) !== '' && !(uri instanceof ParseError) && isMyself(rr, uri)
  return isForUs ? behindStrictRouter(rr, context, uri, routes, first) : behindLooseRouter(rr, context, routes, first)
}

/** loose_route_preloaded(): 1 for an initial request whose Routes were all our own. */
export function looseRoutePreloaded(rr: Rr, context: RouteContext): number {
  return looseRoute(rr, context, 0) === PRELOADED ? 1 : -1
}

/** The topmost Route's URI; undefined for none. */
export function topRoute(message: SipMessage): string | undefined {
  return topRouteAddress(message)?.uri
}

/** The user in it; empty for none. */
export function topRouteUser(message: SipMessage): string {
  const uri = topRouteAddress(message)?.parsedUri()
  return uri === undefined || uri instanceof ParseError ? '' : uri.user
}

function topRouteAddress(message: SipMessage): NameAddr | undefined {
  const header = message.header(HeaderType.route)
  if (header === undefined) return undefined
  const list = parseNameAddrList(message.text, header.bodyStart, header.bodyEnd)
  return list instanceof ParseError ? undefined : list[0]
}

function readRoutes(message: SipMessage): readonly RouteValue[] | undefined {
  const all: RouteValue[] = []
  for (let header = message.header(HeaderType.route); header !== undefined; header = message.headerAfter(header)) {
    const list = parseNameAddrList(message.text, header.bodyStart, header.bodyEnd)
    if (list instanceof ParseError) return undefined
    for (const address of list) {
      const uri = address.parsedUri()
      if (uri instanceof ParseError) return undefined
      all.push({ header, address, uri })
    }
  }
  return all
}

export function isMyself(rr: Rr, uri: SipUri): boolean {
  return rr.host.network.isMyself(withoutBrackets(uri.host), uri.port || 5060)
}

function transportOf(uri: SipUri): TransportName | undefined {
  const name = uriParam(uri, 'transport')?.toLowerCase()
  return isTransport(name) ? name : undefined
}

function isLoose(uri: SipUri): boolean {
  return uriParam(uri, 'lr') !== undefined
}

/** The usual way: the own Routes go, and the next one is the destination. */
function behindLooseRouter(rr: Rr, context: RouteContext, routes: readonly RouteValue[], first: RouteValue): number {
  const { message } = context
  let next: RouteValue | undefined = first
  let flow: FlowOut | 'unused' = 'unused'
  const taken: RouteValue[] = []
  if (isMyself(rr, first.uri)) {
    const found = flowOut(rr, message, first.uri)
    if (found === 'refused') {
      rr.host.log.info('rr', 'failed to process outbound flow-token')
      recordedOf(rr, message).routeParams = first.uri.params
      return FORGED
    }
    flow = found
    taken.push(first)
    next = routes[1]
    const isDouble = rr.params.enable_double_rr !== 0 && uriParam(first.uri, 'r2') !== undefined
    if (isDouble && next !== undefined && isMyself(rr, next.uri)) {
      forceSocket(rr, message, next.uri)
      taken.push(next)
      next = routes[2]
    } else if (rr.params.force_send_socket !== 0) forceSocket(rr, message, first.uri)
  }
  recordedOf(rr, message).isNextHopRoute = next !== undefined && taken.length > 0
  if (next === undefined) message.setDestination(undefined)
  else if (isLoose(next.uri)) message.setDestination(next.address.uri)
  else {
    toStrictRouter(message, next)
    taken.push(next)
  }
  if (flow !== 'unused') {
    message.setDestination(flow.uri)
    message.forceSocket = flow.socket
  }
  removeRoutes(message, routes, taken)
  tellListeners(rr, context, first.uri)
  if (flow !== 'unused') return BY_FLOW
  return next === undefined && toTag(message) === '' ? PRELOADED : 1
}

/** The flow that the own Route's token names; `unused` for none, and for a request of the phone at its other end. */
function flowOut({ host }: Rr, message: SipMessage, route: SipUri): FlowOut | 'unused' | 'refused' {
  const flow = host.api(outboundApi)?.flowOf(route.user) ?? 'absent'
  if (flow === 'absent') return 'unused'
  if (flow === 'forged') {
    host.log.info('rr', 'failed to decode flow token')
    return 'refused'
  }
  const { sourceAddress, sourcePort } = message.received
  if (flow.peerAddress === sourceAddress && flow.peerPort === sourcePort) return 'unused'
  const socket = host.network.socketOf(flow.localAddress, flow.localPort, flow.transport)
  if (socket === undefined) {
    host.log.info('rr', 'cannot find socket from flow-token')
    return 'refused'
  }
  return { socket, uri: `sip:${endpointText(flow.peerAddress, flow.peerPort)};transport=${flow.transport}` }
}

/** The next router puts the Request-URI of its own choice (RFC 2543): it becomes that, and ours goes behind all Routes. */
function toStrictRouter(message: SipMessage, next: RouteValue): void {
  message.edits.insert(headersEnd(message), `Route: <${message.uri}>\r\n`)
  message.setDestination(undefined)
  message.setUri(next.address.uri)
}

/** A strict router sent this: the Request-URI is ours, and the real one stands in the last Route (RFC 3261 §16.4). */
function behindStrictRouter(rr: Rr, context: RouteContext, own: SipUri, routes: readonly RouteValue[], first: RouteValue): number {
  const { message } = context
  const isNextLoose = isLoose(first.uri)
  const last = isNextLoose ? routes.at(-1) ?? first : first
  message.setUri(last.address.uri)
  message.setDestination(isNextLoose ? first.address.uri : undefined)
  removeRoutes(message, routes, [last])
  tellListeners(rr, context, own.params === '' ? first.uri : own)
  return 1
}

/** The socket that the inner Route of a pair names sends the request. */
function forceSocket(rr: Rr, message: SipMessage, uri: SipUri): void {
  const socket = socketOf(rr, uri)
  if (socket !== undefined) message.forceSocket = socket
  else if (rr.params.enable_socket_mismatch_warning !== 0) {
    rr.host.log.warning('rr', `no socket found for match second RR (${uri.host})`)
  }
}

function socketOf(rr: Rr, uri: SipUri): ListenSocket | undefined {
  const { network } = rr.host
  const name = rr.params.sockname_mode === 0 ? undefined : uriParam(uri, 'sn')
  if (name !== undefined) return network.socketNamed(name)
  return network.socketOf(withoutBrackets(uri.host), uri.port || 5060, transportOf(uri) ?? 'udp')
}

/** Takes values out: the whole header where none is left in it. */
function removeRoutes(message: SipMessage, routes: readonly RouteValue[], taken: readonly RouteValue[]): void {
  for (const header of new Set(taken.map((value) => value.header))) {
    const here = routes.filter((value) => value.header === header)
    const left = here.filter((value) => !taken.includes(value))
    if (left.length === 0) {
      message.edits.remove(header.start, header.end)
      continue
    }
    for (const value of here) {
      if (!taken.includes(value)) continue
      const index = here.indexOf(value)
      const following = here[index + 1]
      const previous = here[index - 1]
      if (following !== undefined) message.edits.remove(value.address.start, following.address.start)
      else message.edits.remove(previous?.address.end ?? value.address.start, value.address.end)
    }
  }
}

function tellListeners(rr: Rr, context: RouteContext, uri: SipUri): void {
  const params = isMyself(rr, uri) ? uri.params : ''
  recordedOf(rr, context.message).routeParams = params
  for (const listener of rr.listeners) listener(context, params)
}

