import { TRANSPORT_NUMBERS, type ListenSocket } from '../sip/endpoint.ts'

/** Sockets as Kamailio lists them: UDP, TCP, TLS, and each in the order they were opened. */
export function byTransport(sockets: readonly ListenSocket[]): readonly ListenSocket[] {
  return [...sockets].sort((one, two) => TRANSPORT_NUMBERS.indexOf(one.transport) - TRANSPORT_NUMBERS.indexOf(two.transport))
}
