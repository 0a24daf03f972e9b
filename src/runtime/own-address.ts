import type { NetworkPort } from './host.ts'
import type { TransportName } from '../sip/endpoint.ts'
import { ParseError } from '../sip/parse-error.ts'
import { withoutBrackets } from '../base/address.ts'
import { parseUri, uriParam } from '../sip/uri.ts'

/** True for a SIP URI whose host, port and transport are this server's, and for a bare host that is. */
export function isOwnAddress(network: NetworkPort, text: string, ignoresPort = false): boolean {
  const lower = text.slice(0, 5).toLowerCase()
  if (!lower.startsWith('sip:') && lower !== 'sips:') return network.isMyself(withoutBrackets(text), 0)
  const uri = parseUri(text)
  if (uri instanceof ParseError) return false
  const host = withoutBrackets(uri.host)
  if (ignoresPort) return network.isMyself(host, 0)
  const named = uriParam(uri, 'transport')?.toLowerCase()
  const transport = TRANSPORTS.find((known) => known === named)
  if (named !== undefined && transport === undefined) return false
  const port = uri.port || (uri.scheme === 'sips' || transport === 'tls' ? 5061 : 5060)
  return network.isMyself(host, port, transport)
}

const TRANSPORTS: readonly TransportName[] = ['udp', 'tcp', 'tls', 'sctp', 'ws', 'wss']
