/** Where a message came from, in the forms that functions write it. */
import { withBrackets } from '../../base/address.ts'
import { TRANSPORT_NUMBERS } from '../../sip/endpoint.ts'
import type { SipMessage } from '../../sip/message.ts'

/** `192.0.2.1:5060`. */
export function sourceHostPort({ received }: SipMessage): string {
  return `${withBrackets(received.sourceAddress)}:${received.sourcePort}`
}

/** `sip:192.0.2.1:5060;transport=tcp`, without the parameter for UDP. */
export function sourceUri(message: SipMessage): string {
  const { transport } = message.received.socket
  return `sip:${sourceHostPort(message)}${transport === 'udp' ? '' : `;transport=${transport}`}`
}

/** `192.0.2.1~5060~1`. */
export function sourceAlias({ received }: SipMessage): string {
  return `${withBrackets(received.sourceAddress)}~${received.sourcePort}~${TRANSPORT_NUMBERS.indexOf(received.socket.transport)}`
}
