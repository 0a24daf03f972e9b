import type { RouteContext } from '../../runtime/context.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'

function find(context: RouteContext, text: string, isName: boolean): ListenSocket | undefined {
  const { network, log } = context.host
  const named = isName ? undefined : parseSocketName(text)
  const socket = isName ? network.socketNamed(text) : named && network.socketOf(named.host, named.port, named.transport)
  if (socket === undefined) log.warning('corex', `ki_set_socket_helper(): no socket found to match [${text}]`)
  return socket
}

/** True even when there is no such socket, as in Kamailio; the log tells. */
export function setSendingSocket(context: RouteContext, text: string, isName = false): number {
  const socket = find(context, text, isName)
  if (socket !== undefined) context.message.forceSocket = socket
  return 1
}

export function setReceivingSocket(context: RouteContext, text: string, isName = false): number {
  const socket = find(context, text, isName)
  if (socket !== undefined) context.message.received = { ...context.message.received, socket }
  return 1
}

/** -1 when the text is no numeric address with a port. */
export function setSource(context: RouteContext, text: string): number {
  const named = parseSocketName(text)
  if (named === undefined || named.port === 0) {
    context.host.log.error('corex', `set_source_address(): '${text}' is no proto:address:port`)
    return -1
  }
  context.message.received = { ...context.message.received, sourceAddress: named.host, sourcePort: named.port }
  return 1
}
