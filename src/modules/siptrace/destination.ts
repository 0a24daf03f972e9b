/** Who gets copies: SIP URIs of capture servers, and the socket that copies are sent from. */
import { addressFamily, withoutBrackets } from '../../base/address.ts'
import { queryOfUri } from '../../runtime/forward.ts'
import type { Host, LocateQuery, Location } from '../../runtime/host.ts'
import type { ListenSocket, Target, TransportName } from '../../sip/endpoint.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import type { SipTrace } from './trace.ts'

export interface Destination {
  readonly uri: string
  readonly query: LocateQuery & { readonly transport: TransportName }
}

const SIP_PORT = 5060
const AF_INET = 2
const AF_INET6 = 10
const PROTOCOL_NUMBERS: readonly string[] = ['', 'udp', 'tcp', 'tls', 'sctp', 'ws', 'wss']

/** Reads a URI; undefined for what is none. Without a transport it is UDP, without a port 5060, whatever DNS says of the name. */
export function parseDestination(uri: string): Destination | undefined {
  const parsed = parseUri(uri)
  if (parsed instanceof ParseError || parsed.host === '') return undefined
  const query = queryOfUri(parsed)
  return { uri, query: { ...query, port: query.port || SIP_PORT, transport: query.transport ?? (query.isSips ? 'tls' : 'udp') } }
}

/** What was sent, and from where to where: to be packed in HEP when the own socket is known. */
export type Packer = (socket: ListenSocket, target: Target) => string | undefined

/** Sends a copy, which no module sees. Names are looked up first, and nobody waits for that. */
export function sendCopy(state: SipTrace, { query }: Destination, pack: Packer): boolean {
  const address = withoutBrackets(query.host)
  if (addressFamily(address) !== 0) return sendTo(state, query.transport, address, query.port, pack)
  const found = state.host.network.locate(query)
  const goOn = (location: Location): boolean => {
    const [first] = location.targets
    if (first !== undefined) return sendTo(state, query.transport, first.address, first.port, pack)
    state.host.log.error('siptrace', 'bad host name in uri')
    return false
  }
  if (!(found instanceof Promise)) return goOn(found)
  void found.then(goOn)
  return true
}

function sendTo(state: SipTrace, transport: TransportName, address: string, port: number, pack: Packer): boolean {
  const { host } = state
  const family = addressFamily(address)
  const socket = family === 0 ? undefined : ownSocket(state) ?? host.network.findSocket(transport, family, address)
  if (socket === undefined) {
    const number = PROTOCOL_NUMBERS.indexOf(transport)
    host.log.error('siptrace',
      `can't forward to af ${family === 6 ? AF_INET6 : AF_INET}, proto ${number} no corresponding listening socket`)
    return false
  }
  const target = { transport, address, port, socket, connectionId: 0 }
  const text = pack(socket, target)
  if (text === undefined) return false
  const sent = host.network.sendUnseen(text, target)
  if (sent !== true) host.log.error('siptrace', `cannot send a duplicate message: ${sent.reason}`)
  return sent === true
}

/** The socket that send_sock_name or send_sock_addr names, if any. */
function ownSocket({ host, params }: SipTrace): ListenSocket | undefined {
  const address = params.send_sock_addr === '' ? params.force_send_sock : params.send_sock_addr
  if (params.send_sock_name === '' && address === '') return undefined
  const socket = params.send_sock_name === '' ? socketOfUri(host, address) : host.network.socketNamed(params.send_sock_name)
  if (socket === undefined) host.log.warning('siptrace', 'cannot find send socket info')
  return socket
}

function socketOfUri({ network }: Host, uri: string): ListenSocket | undefined {
  const named = parseDestination(uri)
  return named === undefined ? undefined : network.socketOf(withoutBrackets(named.query.host), named.query.port, named.query.transport)
}
