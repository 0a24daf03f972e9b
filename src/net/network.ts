/** The network as the server sees it: listening sockets, messages in, messages out. */
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { isStream, type ListenSocket, type ReceivedFrom, type Target, type TransportName } from '../sip/endpoint.ts'
import { addressFamily, endpointText } from '../base/address.ts'
import type { Scan } from '../sip/scan.ts'
import { ConnectionTable } from './connection-table.ts'
import { tosByte, type NetworkSettings } from './network-settings.ts'
import type { SocketFactory, TcpStream } from './socket-factory.ts'
import { StreamConnection } from './stream-connection.ts'
import { isTcpError, type TcpListener } from './tcp.ts'
import { isUdpError, type UdpCounters, type UdpError, type UdpSocket } from './udp.ts'

/** Datagrams shorter than this are keep-alives or probes (Kamailio's figure); they are counted and dropped. */
const DATAGRAM_BYTES_MIN = 32

export interface NetworkError {
  /** `EADDRINUSE` and the like. */
  readonly code: string
  readonly reason: string
}

export type SendOutcome = true | NetworkError

/** A socket to open; port 0 lets the system choose. */
export type ListenSpec = Omit<ListenSocket, 'index'>

export interface NetworkHandlers {
  /** A message (one character a byte). `from` may be kept; `scan` holds during the call. */
  onMessage(text: string, from: ReceivedFrom, scan?: Scan): void
  /** A connection is gone; `connection.closeReason` says why, `detail` is the system's code where there was an error. */
  onConnectionClosed?(connection: StreamConnection, detail: string): void
  /** What was taken for sending could not be sent after all (no such host, connection refused, nobody reads). */
  onSendFailure?(transport: TransportName, address: string, port: number, reason: string): void
}

export interface NetworkParts {
  readonly clock: Clock
  readonly log: Log
  readonly settings: NetworkSettings
  readonly sockets: SocketFactory
  readonly handlers: NetworkHandlers
}

/** A socket whose place and port are known once it is open. */
type OpeningSocket = { -readonly [K in keyof ListenSocket]: ListenSocket[K] }

interface OpenSocket {
  readonly listen: OpeningSocket
  readonly udp: UdpSocket | undefined
  readonly tcp: TcpListener | undefined
}

export function isNetworkError(value: ListenSocket | NetworkError): value is NetworkError {
  return 'reason' in value
}

export class Network {
  readonly sockets: ListenSocket[] = []
  readonly connections: ConnectionTable
  /** What was dropped or refused, and why. */
  readonly counters = { shortDatagrams: 0, sendRefused: 0, sendFailed: 0, acceptFailed: 0 }
  readonly #open: OpenSocket[] = []
  readonly #parts: NetworkParts
  #isClosing = false

  constructor(parts: NetworkParts) {
    this.#parts = parts
    const { clock, log, settings, handlers } = parts
    this.connections = new ConnectionTable({
      clock,
      log,
      settings,
      events: {
        onMessage: (text, from) => handlers.onMessage(text, from),
        onClosed: (connection, detail) => handlers.onConnectionClosed?.(connection, detail),
        onSendFailure: ({ transport, remoteAddress, remotePort }, reason) => {
          this.counters.sendFailed++
          handlers.onSendFailure?.(transport, remoteAddress, remotePort, reason)
        },
      },
    })
  }

  /** What moves UDP packets. */
  get udpBody(): UdpSocket['body'] {
    return this.#parts.sockets.udpBody
  }

  /** Opens a socket to listen on. */
  async open(spec: ListenSpec): Promise<ListenSocket | NetworkError> {
    if (spec.transport === 'udp') return this.#openUdp(spec)
    if (spec.transport === 'tcp') return this.#openTcp(spec)
    return { code: 'EPROTONOSUPPORT', reason: `cannot listen on ${spec.transport}: there are udp and tcp` }
  }

  async #openUdp(spec: ListenSpec): Promise<ListenSocket | NetworkError> {
    const { settings, sockets, handlers } = this.#parts
    const listen: OpeningSocket = { ...spec, index: -1 }
    const udp = await sockets.openUdp(
      {
        address: spec.address,
        port: spec.port,
        family: spec.family,
        receiveBufferBytes: settings.maxbuffer,
        sendBufferBytes: settings.maxsndbuffer,
        freeBind: settings.ip_free_bind !== 0,
        tos: tosByte(settings.tos),
        pmtuDiscovery: settings.pmtu_discovery !== 0,
      },
      {
        onDatagram: (text, sourceAddress, sourcePort, scan) => {
          if (text.length < DATAGRAM_BYTES_MIN) this.counters.shortDatagrams++
          else handlers.onMessage(text, { socket: listen, sourceAddress, sourcePort, connectionId: 0 }, scan)
        },
        onError: (error, address, port) => this.#onUdpError(error, address, port),
      },
    )
    if (isUdpError(udp)) return udp
    listen.port = udp.port
    return this.#add({ listen, udp, tcp: undefined })
  }

  #onUdpError(error: UdpError, address: string, port: number): void {
    if (address === '') {
      this.#parts.log.error('<core>', `udp socket: ${error.reason}`)
      return
    }
    this.counters.sendFailed++
    this.#parts.log.error('<core>', `sending to udp ${endpointText(address, port)} failed: ${error.reason}`)
    this.#parts.handlers.onSendFailure?.('udp', address, port, error.reason)
  }

  async #openTcp(spec: ListenSpec): Promise<ListenSocket | NetworkError> {
    const listen: OpeningSocket = { ...spec, index: -1 }
    const onError = (reason: string): void => {
      this.counters.acceptFailed++
      const own = endpointText(listen.address, listen.port)
      this.#parts.log.error('<core>', `cannot accept a connection on ${own}: ${reason}`)
    }
    const tcp = await this.#parts.sockets.listenTcp(spec, this.#parts.settings, (stream) => this.#accept(stream, listen), onError)
    if (isTcpError(tcp)) return tcp
    listen.port = tcp.port
    return this.#add({ listen, udp: undefined, tcp })
  }

  #add(opened: OpenSocket): ListenSocket {
    opened.listen.index = this.sockets.length
    this.#open.push(opened)
    this.sockets.push(opened.listen)
    return opened.listen
  }

  #accept(stream: TcpStream, socket: ListenSocket): void {
    const { remoteAddress, remotePort } = stream
    // A peer that has already gone has no address any more.
    if (this.#isClosing || remoteAddress === undefined || remotePort === undefined) {
      stream.on('error', () => undefined)
      stream.destroy()
      return
    }
    this.connections.accept({
      transport: socket.transport,
      stream,
      socket,
      remoteAddress,
      remotePort,
      localAddress: stream.localAddress ?? socket.address,
      localPort: stream.localPort ?? socket.port,
    })
  }

  /** Takes a message for sending (one character a byte); true, or why not. */
  send(text: string, target: Target): SendOutcome {
    const outcome = isStream(target.transport) ? this.#sendStream(text, target) : this.#sendUdp(text, target)
    if (outcome !== true) this.#noteRefusal(outcome, target)
    return outcome
  }

  #noteRefusal(error: NetworkError, { transport, address, port }: Target): void {
    this.counters.sendRefused++
    this.#parts.log.error('<core>', `sending to ${transport} ${endpointText(address, port)} failed: ${error.reason}`)
  }

  #sendUdp(text: string, target: Target): SendOutcome {
    const listen = this.#sourceOf(target)
    const udp = listen && this.#open[listen.index]?.udp
    return udp ? udp.send(text, target.address, target.port) : noSocket(target.transport)
  }

  #sendStream(text: string, target: Target): SendOutcome {
    const connection = this.#connectionTo(target)
    if (!(connection instanceof StreamConnection)) return connection
    const result = this.connections.send(connection, text, target.closeAfter === true)
    return result === true ? true : { code: 'EPIPE', reason: result }
  }

  /** The connection a message came on, else one to the same peer, else a new one. */
  #connectionTo(target: Target): StreamConnection | NetworkError {
    const { connections } = this
    const { transport, address, port } = target
    const named = target.connectionId === 0 ? undefined : connections.byId(target.connectionId)
    if (named?.takesMessages) return named
    const from = target.isSocketForced === true ? this.#sourceOf(target)?.address : undefined
    const known = connections.find(transport, address, port, target.socket, from)
    if (known) return known
    if (target.noConnect === true || this.#parts.settings.tcp_no_connect !== 0) {
      return { code: 'ENOTCONN', reason: 'no connection to it, and none may be made' }
    }
    return this.#connect(target)
  }

  #connect(target: Target): StreamConnection | NetworkError {
    const { transport, address, port } = target
    const socket = this.#sourceOf(target)
    if (transport !== 'tcp' || socket === undefined) return noSocket(transport)
    if (this.#isClosing) return { code: 'EBADF', reason: 'the server is closing' }
    const family = addressFamily(address)
    if (family === 0 || port < 1 || port > 65535) return { code: 'EINVAL', reason: 'invalid address or port' }
    if (this.connections.isFull(transport)) {
      return { code: 'EMFILE', reason: `maximum number of connections exceeded (${this.connections.size})` }
    }
    const stream = this.#parts.sockets.connectTcp(address, port, socket, this.#parts.settings, target.isSocketForced === true)
    if (isTcpError(stream)) {
      this.connections.counters.connectFailures++
      return stream
    }
    const connection = this.connections.open({
      transport, stream, socket, remoteAddress: address, remotePort: port, localAddress: '', localPort: 0,
    }, stream.connecting !== false)
    if (connection.state === 'open') this.#nameLocalEnd(stream, connection)
    else stream.once('connect', () => this.#nameLocalEnd(stream, connection))
    return connection
  }

  /** What comes on a connection made here came to the listening socket of its own address, where there is one. */
  #nameLocalEnd(stream: TcpStream, connection: StreamConnection): void {
    connection.localAddress = stream.localAddress ?? ''
    connection.localPort = stream.localPort ?? 0
    const own = this.socketOf(connection.localAddress, 0, connection.transport)
    if (own) connection.received = { ...connection.received, socket: own }
  }

  /**
   * The socket a target names; one of another transport stands for that of the right transport on the same address
   * (`force_send_socket` on UDP, then a URI with transport=tcp).
   */
  #sourceOf({ socket, transport, address }: Target): ListenSocket | undefined {
    if (socket?.transport === transport) return socket
    const beside = socket === undefined ? undefined : this.socketOf(socket.address, 0, transport)
    return beside ?? this.#socketTo(transport, address)
  }

  #socketTo(transport: TransportName, address: string): ListenSocket | undefined {
    const family = addressFamily(address)
    return family === 0 ? undefined : this.findSocket(transport, family, address)
  }

  /**
   * The socket to send from when nothing names one: the first of that transport and family. With `mhomed`, UDP takes
   * the one on the address that the routing table names, and none when there is none.
   */
  findSocket(transport: TransportName, family: 4 | 6, toAddress: string): ListenSocket | undefined {
    if (transport === 'udp' && this.#parts.settings.mhomed !== 0) {
      const local = this.#parts.sockets.localAddressFor(toAddress)
      return local === undefined ? undefined : this.socketOf(local, 0, transport)
    }
    for (const socket of this.sockets) if (socket.transport === transport && socket.family === family) return socket
    return undefined
  }

  /** Whether anything can be sent to that family by that transport. */
  hasSocket(transport: TransportName, family: 4 | 6): boolean {
    for (const socket of this.sockets) if (socket.transport === transport && socket.family === family) return true
    return false
  }

  /** The listening socket of that address or advertised address; port 0 and no transport match any. */
  socketOf(host: string, port: number, transport?: TransportName): ListenSocket | undefined {
    for (const socket of this.sockets) {
      if (transport !== undefined && socket.transport !== transport) continue
      if (socket.address === host && (port === 0 || socket.port === port)) return socket
      const { advertise } = socket
      if (advertise?.host === host && (port === 0 || (advertise.port || socket.port) === port)) return socket
    }
    return undefined
  }

  socketNamed(name: string): ListenSocket | undefined {
    for (const socket of this.sockets) if (socket.name === name) return socket
    return undefined
  }

  isListening(host: string, port: number, transport?: TransportName): boolean {
    return this.socketOf(host, port, transport) !== undefined
  }

  /** Lets requests to another port of its peer go over a connection (`force_tcp_alias`); false when it is gone. */
  addAlias(connectionId: number, port: number): boolean {
    return this.connections.addAlias(connectionId, port)
  }

  /** Sends what waits on a connection, then closes it; false when it is gone. */
  closeConnection(connectionId: number): boolean {
    return this.connections.close(connectionId)
  }

  interfaceAddresses(): readonly string[] {
    return Object.values(this.#parts.sockets.interfaces()).flatMap((entries) => entries ?? []).map((entry) => entry.address)
  }

  /** Figures of each UDP socket, by its place in `sockets`. */
  udpCounters(): readonly { readonly socket: ListenSocket; readonly counters: UdpCounters }[] {
    return this.#open.flatMap(({ listen, udp }) => (udp ? [{ socket: listen, counters: udp.counters() }] : []))
  }

  /** Sends what waits and closes everything. */
  async close(): Promise<void> {
    if (this.#isClosing) return
    this.#isClosing = true
    const closed = this.#open.map(({ udp, tcp }) => udp?.close() ?? tcp?.close())
    this.connections.closeAll()
    await Promise.all(closed)
  }
}

function noSocket(transport: TransportName): NetworkError {
  return { code: 'EPROTONOSUPPORT', reason: `no ${transport} socket of that address family to send from` }
}
