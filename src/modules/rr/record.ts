/** Writing Record-Route, so that requests of the dialog come back here (RFC 3261 §16.6 step 4). */
import type { RouteContext } from '../../runtime/context.ts'
import { outgoingInfo } from '../../sip/build-request.ts'
import type { Edits, OutgoingInfo } from '../../sip/edits.ts'
import { defaultPort, type ListenSocket, type TransportName } from '../../sip/endpoint.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { outboundApi } from '../outbound/api.ts'
import { topRouteUser } from './loose.ts'
import { directionOf } from './direction.ts'
import { fromTag, recordedOf, toTag, type Recorded, type Rr } from './state.ts'

/** Adds a Record-Route; two where the request leaves by another socket than it came (r2=on). -1 when there is one already. */
export function recordRoute(rr: Rr, context: RouteContext, extra: string): number {
  const { message } = context
  const recorded = begin(rr, message)
  if (recorded === undefined) return -1
  const { received } = message
  const user = userOf(rr, context)
  const scheme = schemeOf(rr, message)
  const tag = tagParam(rr, message)
  const lr = rr.params.enable_full_lr !== 0 ? ';lr=on' : ';lr'
  const line = (socket: OutgoingInfo, name: string | undefined, isDouble: boolean, params: string): string => {
    const address = `${hostPort(socket)}${transportParam(socket.transport)}${socketName(rr, name)}`
    return `Record-Route: <${scheme}:${user}${address}${isDouble ? ';r2=on' : ''}${lr}${tag}${extra}${params}>\r\n`
  }
  const inbound = outgoingInfo(received.socket, received.socket.transport)
  insert(message, recorded, (out, { recordParams }) => {
    const isDouble = rr.params.enable_double_rr !== 0 && !isSameSocket(out, received.socket)
    if (!isDouble) return line(inbound, received.socket.name, false, recordParams)
    return line(out, out.socket?.name, true, recordParams) + line(inbound, received.socket.name, true, recordParams)
  })
  return 1
}

/** Adds Record-Routes with texts of the script in place of addresses. */
export function recordPreset(rr: Rr, context: RouteContext, texts: readonly string[]): number {
  const { message } = context
  const recorded = begin(rr, message)
  if (recorded === undefined) return -1
  const user = userOf(rr, context)
  const scheme = schemeOf(rr, message)
  const tag = tagParam(rr, message)
  const lr = rr.params.enable_full_lr !== 0 ? ';lr=on' : ';lr'
  insert(message, recorded, (_out, { recordParams }) =>
    texts.map((text) => `Record-Route: <${scheme}:${user}${text}${tag}${lr}${recordParams}>\r\n`).join(''))
  return 1
}

export function removeRecordRoute(rr: Rr, { message }: RouteContext): number {
  const recorded = recordedOf(rr, message)
  if (recorded.edit !== undefined) message.edits.withdraw(recorded.edit)
  recorded.edit = undefined
  recorded.isRecorded = false
  message.edits.recordParams = ''
  return 1
}

function begin(rr: Rr, message: SipMessage): Recorded | undefined {
  const recorded = recordedOf(rr, message)
  if (recorded.isRecorded) {
    rr.host.log.error('rr', 'Double attempt to record-route')
    return undefined
  }
  recorded.isRecorded = true
  return recorded
}

/** In front of all headers. */
function insert(message: SipMessage, recorded: Recorded, text: (out: OutgoingInfo, edits: Edits) => string): void {
  recorded.edit = message.edits.insert(message.headersStart, text)
}

/** The way to the phone (RFC 5626 §5.3): the one the request came by, or what its Route says; empty for none. */
function flowToken(rr: Rr, message: SipMessage): string {
  const outbound = rr.host.api(outboundApi)
  const choice = outbound?.choose(message) ?? 'none'
  if (outbound === undefined || choice === 'none') return ''
  return choice === 'received' ? outbound.tokenOf(message.received) : topRouteUser(message)
}

function isSameSocket(out: OutgoingInfo, socket: ListenSocket): boolean {
  return out.socket === undefined || out.socket === socket
}

function hostPort({ host, port, transport }: OutgoingInfo): string {
  return port === 0 || port === defaultPort(transport) ? host : `${host}:${port}`
}

function transportParam(transport: TransportName): string {
  return transport === 'udp' ? '' : `;transport=${transport}`
}

function socketName(rr: Rr, name: string | undefined): string {
  return rr.params.sockname_mode === 0 || name === undefined ? '' : `;sn=${name}`
}

/** The tag of who sent the first request, whichever way this one goes. */
function tagParam(rr: Rr, message: SipMessage): string {
  if (rr.params.append_fromtag === 0) return ''
  const tag = directionOf(rr, message) === 'upstream' ? toTag(message) : fromTag(message)
  return tag === '' ? '' : `;ftag=${tag}`
}

function schemeOf(rr: Rr, message: SipMessage): 'sip' | 'sips' {
  const uri = message.parsedUri()
  return rr.params.ignore_sips === 0 && !(uri instanceof ParseError) && uri.scheme === 'sips' ? 'sips' : 'sip'
}

/** The user of the Record-Route, with its `@`: a flow token, that of the Request-URI with add_username, or what custom_user_avp holds. */
function userOf(rr: Rr, context: RouteContext): string {
  const token = flowToken(rr, context.message)
  if (token !== '') return `${token}@`
  if (rr.params.add_username === 0) return ''
  if (rr.userAvp !== undefined) {
    const value = context.avps.get(rr.userAvp)
    if (value !== null && value !== '') return `${value}@`
  }
  const uri = context.message.parsedUri()
  const user = uri instanceof ParseError ? undefined : uri.user
  return user === undefined || user === '' ? '' : `${user}@`
}
