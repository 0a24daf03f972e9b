/** The Path header (RFC 3327): written when the request leaves, since it names the socket that it leaves by. */
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { headersEnd, outgoingInfo } from '../../sip/build-request.ts'
import type { OutgoingInfo } from '../../sip/edits.ts'
import { defaultPort, TRANSPORT_NUMBERS } from '../../sip/endpoint.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { withBrackets } from '../../base/address.ts'
import { outboundApi } from '../outbound/api.ts'

export interface PathState {
  readonly host: Host
  readonly params: {
    readonly use_received: number
    readonly received_format: number
    readonly received_name: string
    readonly enable_r2: number
    readonly sockname_mode: number
  }
}

export interface PathOptions {
  /** Empty for none; undefined leaves the choice to outbound. */
  readonly user: string | undefined
  readonly params: string
  /** Tell where the request came from. */
  readonly isReceived: boolean
  /** host:port in place of the own. */
  readonly address: string | undefined
}

/** In front of the Paths that are there, or behind all headers. */
export function addPath(state: PathState, { message }: RouteContext, options: PathOptions): number {
  const { received } = message
  const user = options.user ?? flowToken(state, message)
  const userPart = user === '' ? '' : `${user}@`
  const params = options.user === undefined && user !== '' && message.secondVia() === undefined ? 'ob' : options.params
  const tail = (options.isReceived ? receivedParam(state, message) : '') + (params === '' ? '' : `;${params}`)
  const isDouble = state.params.enable_r2 !== 0
  const line = (out: OutgoingInfo): string => {
    const transport = out.transport === 'udp' ? '' : `;transport=${out.transport}`
    const name = state.params.sockname_mode !== 0 && out.socket?.name !== undefined ? `;sn=${out.socket.name}` : ''
    return `Path: <sip:${userPart}${options.address ?? hostPort(out)}${transport}${name};lr${tail}${isDouble ? ';r2=on' : ''}>\r\n`
  }
  const inbound = outgoingInfo(received.socket, received.socket.transport)
  const first = message.header(HeaderType.path)
  message.edits.insert(first?.start ?? headersEnd(message), (out) => (isDouble ? line(out) + line(inbound) : line(out)))
  return 1
}

/** The flow that the request came by (RFC 5626 §5.1); empty when it asks for none, or there is no outbound. */
function flowToken({ host }: PathState, message: SipMessage): string {
  const outbound = host.api(outboundApi)
  return outbound === undefined || outbound.choose(message) === 'none' ? '' : outbound.tokenOf(message.received)
}

function hostPort({ host, port, transport }: OutgoingInfo): string {
  return port === 0 || port === defaultPort(transport) ? host : `${host}:${port}`
}

function receivedParam({ params }: PathState, { received }: SipMessage): string {
  const { transport } = received.socket
  const address = withBrackets(received.sourceAddress)
  if (params.received_format === 1) {
    return `;${params.received_name}=${address}~${received.sourcePort}~${TRANSPORT_NUMBERS.indexOf(transport)}`
  }
  const suffix = transport === 'udp' ? '' : `%3Btransport%3D${transport}`
  return `;${params.received_name}=sip:${address}:${received.sourcePort}${suffix}`
}

/** The URI that a `received` parameter tells, in the form of received_format. */
export function receivedUri({ params }: PathState, text: string): string {
  const parts = params.received_format === 1 ? /^([^~]+)~(\d+)~(\d)$/.exec(text) : null
  if (parts === null) return text.replace(/%3B/gi, ';').replace(/%3D/gi, '=')
  const transport = TRANSPORT_NUMBERS[Number(parts[3])]
  return `sip:${parts[1]}:${parts[2]}${transport === undefined || transport === 'udp' ? '' : `;transport=${transport}`}`
}
