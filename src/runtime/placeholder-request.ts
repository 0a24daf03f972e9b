/** The request that routes see which no message caused: as Kamailio's. */
import type { ReceivedFrom } from '../sip/endpoint.ts'
import type { SipMessage } from '../sip/message.ts'
import { MessageFlag } from '../sip/message-flag.ts'
import { ParseError } from '../sip/parse-error.ts'
import { parseMessage } from '../sip/parse-message.ts'
import type { Host } from './host.ts'

const TEXT =
  'OPTIONS sip:you@kamailio.org SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nFrom: <sip:you@kamailio.org>;tag=123\r\n' +
  'To: <sip:you@kamailio.org>;tag=123\r\nCall-ID: 123\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'

/** As if it had come from there; `id` is its number (`$mi`). */
export function placeholderFrom(received: ReceivedFrom, id: number): SipMessage | undefined {
  const message = parseMessage(TEXT, received, id)
  return message instanceof ParseError ? undefined : message
}

/** As if it had come from the first socket itself; undefined while there is none. */
export function placeholderRequest(host: Host): SipMessage | undefined {
  const [socket] = host.network.sockets
  if (socket === undefined) return undefined
  const message = placeholderFrom({ socket, sourceAddress: socket.address, sourcePort: socket.port, connectionId: 0 }, 0)
  if (message !== undefined) message.msgFlags |= MessageFlag.faked
  return message
}
