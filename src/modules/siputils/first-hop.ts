import type { NetworkPort } from '../../runtime/host.ts'
import type { TransportName } from '../../sip/endpoint.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseNameAddrList } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { withoutBrackets } from '../../base/address.ts'
import { parseUri, uriParam } from '../../sip/uri.ts'
import { isIP } from 'node:net'

const TRANSPORTS: readonly TransportName[] = ['udp', 'tcp', 'tls', 'sctp', 'ws', 'wss']

/**
 * Whether the sender is this server's neighbour. A request has a single Via then. A reply's topmost Record-Route is
 * this server's own; with mode 0 it must be an address, and not the one that the reply came from (a loop).
 */
export function isFirstHop(network: NetworkPort, message: SipMessage, mode: number): boolean {
  if (message.isRequest) {
    const second = message.secondVia()
    return second === undefined || second instanceof ParseError
  }
  const header = message.header(HeaderType.recordRoute)
  if (header === undefined) return true
  const routes = parseNameAddrList(message.text, header.bodyStart, header.bodyEnd)
  const top = routes instanceof ParseError ? undefined : routes[0]
  const uri = top && parseUri(top.uri)
  if (uri === undefined || uri instanceof ParseError) return false
  const host = withoutBrackets(uri.host)
  if (mode === 0 && isIP(host) === 0) return false
  const named = uriParam(uri, 'transport')?.toLowerCase()
  const transport = TRANSPORTS.find((known) => known === named)
  if (!network.isMyself(host, uri.port, transport)) return false
  if (mode !== 0) return true
  const { sourceAddress, sourcePort, socket } = message.received
  const isLoop =
    host === sourceAddress && (uri.port || 5060) === sourcePort && (transport ?? 'udp') === socket.transport
  return !isLoop
}
