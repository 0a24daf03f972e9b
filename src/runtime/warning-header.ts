import { endpointText } from '../base/address.ts'
import type { SipMessage } from '../sip/message.ts'
import type { Host } from './host.ts'

/** What sip_warning adds: where the request came from, as a Warning (RFC 3261 §20.43). */
export function warningHeader(host: Host, message: SipMessage): string {
  const { socket, sourceAddress, sourcePort } = message.received
  const vias = message.vias()
  const told =
    `Noisy feedback tells:  pid=${host.identity.pid} req_src_ip=${sourceAddress} req_src_port=${sourcePort} ` +
    `in_uri=${message.requestUri} out_uri=${message.uri} via_cnt==${vias.length}`
  return `Warning: 392 ${endpointText(socket.address, socket.port)} "${told}"\r\n`
}
