/** Sockets and peers: the vocabulary that messages, transports and routes share. */

export type TransportName = 'udp' | 'tcp' | 'tls' | 'sctp' | 'ws' | 'wss'

/** Kamailio's numbers of transports, as they stand in flow tokens and in `received` with path's received_format 1. */
export const TRANSPORT_NUMBERS: readonly (TransportName | undefined)[] = [undefined, 'udp', 'tcp', 'tls', 'sctp', 'ws', 'wss']

/** An address this server listens on (Kamailio's socket_info). */
export interface ListenSocket {
  /** Position in the list of sockets, in the order they were opened. */
  readonly index: number
  readonly transport: TransportName
  /** Numeric address in canonical form, IPv6 without brackets. */
  readonly address: string
  readonly port: number
  readonly family: 4 | 6
  /** The name of `listen=... name "x"`. */
  readonly name: string | undefined
  /** The address told to others in Via and Record-Route (`advertise`); host may be a name, IPv6 without brackets. */
  readonly advertise: { readonly host: string; readonly port: number } | undefined
  readonly isVirtual: boolean
}

/** Where a message came from and by which socket. */
export interface ReceivedFrom {
  readonly socket: ListenSocket
  /** Numeric source address, IPv6 without brackets. */
  readonly sourceAddress: string
  readonly sourcePort: number
  /** 0 for datagrams. Connection identifiers are never used twice in the life of a process. */
  readonly connectionId: number
}

/** Where a message is to go. */
export interface Target {
  readonly transport: TransportName
  /** Numeric address, IPv6 without brackets. */
  readonly address: string
  readonly port: number
  /** The socket to send from; the transport chooses one of the right family when absent. */
  readonly socket: ListenSocket | undefined
  /** A connection to use when it still stands (replies go back on the one their request came on); 0 for none. */
  readonly connectionId: number
  /** Fail rather than open a new connection (`set_forward_no_connect`). */
  readonly noConnect?: boolean
  /** The script chose the socket: a new connection comes from its address. */
  readonly isSocketForced?: boolean
  /** Close the connection once the message is out (`set_forward_close`, `set_reply_close`). */
  readonly closeAfter?: boolean
}

export function isStream(transport: TransportName): boolean {
  return transport !== 'udp' && transport !== 'sctp'
}

/** RFC 3261 §19.1.2. */
export function defaultPort(transport: TransportName): number {
  return transport === 'tls' || transport === 'wss' ? 5061 : 5060
}
