/** Addresses the message came from and goes to: `@src.ip`, `@next_hop.src_ip`. */
import type { RouteContext } from '../../../runtime/context.ts'
import { ParseError } from '../../../sip/parse-error.ts'
import { withBrackets, withoutBrackets } from '../../../base/address.ts'
import { parseUri, uriParam } from '../../../sip/uri.ts'
import { branches, leaf, type Reader, type Resolver } from './path.ts'
import { uriSelect } from './uri.ts'

const sourceIp: Reader = ({ message }) => message.received.sourceAddress
const sourcePort: Reader = ({ message }) => String(message.received.sourcePort)
const ownIp: Reader = ({ message }) => message.received.socket.address
const ownPort: Reader = ({ message }) => String(message.received.socket.port)
const transport: Reader = ({ message }) => message.received.socket.transport

const joined =
  (ip: Reader, port: Reader): Reader =>
  (context) =>
    `${withBrackets(String(ip(context)))}:${port(context)}`

export const sourceSelect: Resolver = branches({
  ip: leaf(sourceIp),
  port: leaf(sourcePort),
  ip_port: leaf(joined(sourceIp, sourcePort)),
})

export const destinationSelect: Resolver = branches({
  ip: leaf(ownIp),
  port: leaf(ownPort),
  ip_port: leaf(joined(ownIp, ownPort)),
})

const own = joined(ownIp, ownPort)

export const receivedSelect: Resolver = branches({
  proto: leaf(transport),
  ip: leaf(ownIp),
  port: leaf(ownPort),
  ip_port: leaf(own),
  proto_ip_port: leaf((context) => `${transport(context)}:${own(context)}`),
})

const requestUri: Reader = ({ message }) => (message.isRequest ? message.uri : null)
const destinationUri: Reader = ({ message }) => message.dstUri ?? null
const nextHop: Reader = (context) => destinationUri(context) ?? requestUri(context)

export const requestUriSelect: Resolver = uriSelect(requestUri)
export const destinationUriSelect: Resolver = uriSelect(destinationUri)

/** The own address that a message to the next hop would have; undefined for hosts that are names. */
function ownAddressTowards(context: RouteContext): string | null {
  const uri = parseUri(String(nextHop(context)))
  if (uri instanceof ParseError) return null
  const host = withoutBrackets(uri.host)
  const family = host.includes(':') ? 6 : /^[0-9.]+$/.test(host) ? 4 : undefined
  if (family === undefined) return null
  const name = uriParam(uri, 'transport')?.toLowerCase() ?? (uri.scheme === 'sips' ? 'tls' : 'udp')
  if (name !== 'udp' && name !== 'tcp' && name !== 'tls' && name !== 'ws' && name !== 'wss' && name !== 'sctp') return null
  return context.message.forceSocket?.address ?? context.host.network.findSocket(name, family, host)?.address ?? null
}

export const nextHopSelect: Resolver = (rest) =>
  rest.length === 1 && String(rest[0]).toLowerCase() === 'src_ip' ? ownAddressTowards : uriSelect(nextHop)(rest)
