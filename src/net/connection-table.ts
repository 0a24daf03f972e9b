/** All connections: limits, timeouts, who is found under which address. */
import type { Duplex } from 'node:stream'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { ListenSocket, ReceivedFrom, TransportName } from '../sip/endpoint.ts'
import { endpointText } from '../base/address.ts'
import { newConnectionCounters, reportClosed, type ConnectionCounters } from './connection-report.ts'
import { StreamConnection, type CloseReason, type ConnectionOwner } from './stream-connection.ts'
import type { StreamSettings } from './stream-settings.ts'

/** Aliases that one connection may have, its own port included. */
const ALIASES_MAX = 12
const SWEEP_MS = 1000

export interface ConnectionEvents {
  onMessage(text: string, from: ReceivedFrom): void
  /** `detail` is the system's code where there was an error. */
  onClosed(connection: StreamConnection, detail: string): void
  /** Something that was taken for sending could not be sent. */
  onSendFailure(connection: StreamConnection, reason: string): void
}

export interface NewConnection {
  readonly transport: TransportName
  readonly stream: Duplex
  readonly socket: ListenSocket
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress: string
  readonly localPort: number
}

export interface ConnectionTableParts {
  readonly clock: Clock
  readonly log: Log
  readonly settings: StreamSettings
  readonly events: ConnectionEvents
}

export class ConnectionTable implements ConnectionOwner {
  readonly counters: ConnectionCounters = newConnectionCounters()
  readonly limits
  readonly #clock: Clock
  readonly #log: Log
  readonly #settings: StreamSettings
  readonly #events: ConnectionEvents
  readonly #byId = new Map<number, StreamConnection>()
  /** Connections by `transport|address|port` of the peer, aliases included; the newest stands first. */
  readonly #byPeer = new Map<string, StreamConnection[]>()
  readonly #perAddress = new Map<string, number>()
  #lastId = 0
  #tlsCount = 0
  #queuedBytes = 0
  #cancelSweep: (() => void) | undefined

  constructor({ clock, log, settings, events }: ConnectionTableParts) {
    this.#clock = clock
    this.#log = log
    this.#settings = settings
    this.#events = events
    this.limits = {
      get messageBytes() { return settings.tcp_rd_buf_size },
      get acceptNoContentLength() { return settings.tcp_accept_no_cl !== 0 },
    }
  }

  get size(): number {
    return this.#byId.size
  }

  get tlsSize(): number {
    return this.#tlsCount
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  all(): IterableIterator<StreamConnection> {
    return this.#byId.values()
  }

  byId(id: number): StreamConnection | undefined {
    return this.#byId.get(id)
  }

  /**
   * The connection to a peer; `local` narrows it to one of that listening socket (`tcp_connection_match`), `localAddress` to one from that
   * address (a socket that the script chose).
   */
  find(
    transport: TransportName, address: string, port: number, local?: ListenSocket, localAddress?: string,
  ): StreamConnection | undefined {
    const found = this.#byPeer.get(peerKey(transport, address, port))
    if (!found) return undefined
    for (const connection of found) {
      if (!connection.takesMessages) continue
      if (local && this.#settings.tcp_connection_match !== 0 && connection.received.socket !== local) continue
      if (localAddress !== undefined && connection.localAddress !== '' && connection.localAddress !== localAddress) continue
      return connection
    }
    return undefined
  }

  /** Takes a connection that came in; undefined when it was refused (and closed). */
  accept(incoming: NewConnection): StreamConnection | undefined {
    const { transport, remoteAddress, remotePort } = incoming
    const refusal = this.#refusalOf(incoming)
    if (refusal !== undefined) {
      this.#log.error('<core>', `${refusal}: refused ${transport} ${endpointText(remoteAddress, remotePort)}`)
      incoming.stream.on('error', () => undefined)
      incoming.stream.destroy()
      return undefined
    }
    this.counters.accepted++
    return this.#add(incoming, false, false)
  }

  /** Keeps a connection that is being made to a peer, or was; ask `isFull` first. */
  open(outgoing: NewConnection, isConnecting: boolean): StreamConnection {
    this.counters.opened++
    return this.#add(outgoing, true, isConnecting)
  }

  /** True when no connection of that kind may be added. Counts. */
  isFull(transport: TransportName): boolean {
    const { tcp_max_connections: most, tls_max_connections: mostTls } = this.#settings
    const isFull = this.#byId.size >= most || (isTls(transport) && this.#tlsCount >= mostTls)
    if (isFull) this.counters.refusedTotal++
    return isFull
  }

  #refusalOf({ transport, remoteAddress, remotePort }: NewConnection): string | undefined {
    const settings = this.#settings
    if (this.isFull(transport)) {
      return `maximum number of connections exceeded: ${this.#byId.size}/${settings.tcp_max_connections}`
    }
    const limit = settings.tcp_accept_iplimit
    if (limit > 0 && (this.#perAddress.get(remoteAddress) ?? 0) >= limit) {
      this.counters.refusedPerAddress++
      return `maximum number of connections from one address exceeded: ${limit}`
    }
    if (settings.tcp_accept_unique !== 0 && this.find(transport, remoteAddress, remotePort)) {
      this.counters.refusedUnique++
      return 'there is a connection from this address and port'
    }
    return undefined
  }

  #add(start: NewConnection, isOutgoing: boolean, isConnecting: boolean): StreamConnection {
    const connection = new StreamConnection({
      ...start,
      id: ++this.#lastId,
      isOutgoing,
      isConnecting,
      hasProxyHeader: !isOutgoing && this.#settings.tcp_accept_haproxy !== 0,
      nowMs: this.nowMs(),
    }, this)
    this.#byId.set(connection.id, connection)
    if (isTls(connection.transport)) this.#tlsCount++
    this.#enter(connection)
    this.#cancelSweep ??= this.#clock.after(SWEEP_MS, () => this.#sweep())
    return connection
  }

  #enter(connection: StreamConnection): void {
    this.#enterPeer(connection, connection.remotePort)
    this.#perAddress.set(connection.remoteAddress, (this.#perAddress.get(connection.remoteAddress) ?? 0) + 1)
  }

  #leave(connection: StreamConnection): void {
    for (const port of connection.aliasPorts) this.#leavePeer(connection, port)
    connection.aliasPorts.length = 0
    const left = (this.#perAddress.get(connection.remoteAddress) ?? 1) - 1
    if (left > 0) this.#perAddress.set(connection.remoteAddress, left)
    else this.#perAddress.delete(connection.remoteAddress)
  }

  #enterPeer(connection: StreamConnection, port: number): void {
    const key = peerKey(connection.transport, connection.remoteAddress, port)
    const found = this.#byPeer.get(key)
    if (found) found.unshift(connection)
    else this.#byPeer.set(key, [connection])
    connection.aliasPorts.push(port)
  }

  #leavePeer(connection: StreamConnection, port: number): void {
    const key = peerKey(connection.transport, connection.remoteAddress, port)
    const found = this.#byPeer.get(key)
    if (!found) return
    const place = found.indexOf(connection)
    if (place >= 0) found.splice(place, 1)
    if (found.length === 0) this.#byPeer.delete(key)
  }

  /** Lets requests to the peer's `port` go over this connection (RFC 5923; `force_tcp_alias`). False when it cannot. */
  addAlias(id: number, port: number): boolean {
    const connection = this.#byId.get(id)
    if (!connection || connection.state !== 'open' || port < 1 || port > 65535) return false
    if (connection.aliasPorts.includes(port)) return true
    if (connection.aliasPorts.length >= ALIASES_MAX) return false
    this.#enterPeer(connection, port)
    return true
  }

  /** Takes a message for sending over a connection; true, or why not. */
  send(connection: StreamConnection, text: string, closeAfter: boolean): true | string {
    const result = this.#write(connection, text)
    if (result !== true) return result
    this.counters.messagesSent++
    if (closeAfter) connection.end('closed here')
    return true
  }

  #write(connection: StreamConnection, text: string): true | string {
    if (!connection.takesMessages) return 'the connection is closing'
    this.#measure(connection)
    const waiting = connection.queuedBytes
    if (waiting > 0) {
      const isConnectionFull = waiting + text.length > this.#settings.tcp_conn_wq_max
      if (isConnectionFull || this.#queuedBytes + text.length > this.#settings.tcp_wq_max) {
        this.counters.queueFull++
        const peer = endpointText(connection.remoteAddress, connection.remotePort)
        this.#log.error('<core>', `write queue full: ${waiting} bytes wait for ${peer}, ${this.#queuedBytes} in all`)
        connection.destroy('write queue full', '')
        return 'write queue full'
      }
    }
    connection.stream.write(text, 'latin1')
    connection.lastActivityMs = this.nowMs()
    this.counters.bytesSent += text.length
    this.#measure(connection)
    return true
  }

  /** Keeps the sum of what waits up to date. */
  #measure(connection: StreamConnection): void {
    const waiting = connection.stream.writableLength
    const before = connection.queuedBytes
    if (waiting === before) return
    this.#queuedBytes += waiting - before
    connection.queuedBytes = waiting
    if (waiting === 0) connection.stuckSinceMs = 0
    else if (before === 0 || waiting < before) connection.stuckSinceMs = this.nowMs()
  }

  close(id: number): boolean {
    const connection = this.#byId.get(id)
    if (!connection) return false
    connection.end('closed here')
    return true
  }

  /** Closes them all at once. */
  closeAll(): void {
    for (const connection of this.#byId.values()) connection.destroy('closed here', '')
    this.#cancelSweep?.()
    this.#cancelSweep = undefined
  }

  /** Seconds until the connection is closed when nothing happens. */
  secondsLeft(connection: StreamConnection): number {
    const idleMs = this.nowMs() - connection.lastActivityMs
    return Math.max(0, Math.ceil(this.#lifetimeOf(connection) - idleMs / 1000))
  }

  #lifetimeOf(connection: StreamConnection): number {
    return connection.lifetimeSeconds ?? this.#settings.tcp_connection_lifetime
  }

  #sweep(): void {
    this.#cancelSweep = undefined
    const nowMs = this.nowMs()
    for (const connection of this.#byId.values()) {
      this.#measure(connection)
      const reason = this.#timeoutOf(connection, nowMs)
      if (reason !== undefined) connection.destroy(reason, '', this.#settings.tcp_close_rst !== 0)
    }
    if (this.#byId.size > 0) this.#cancelSweep = this.#clock.after(SWEEP_MS, () => this.#sweep())
  }

  #timeoutOf(connection: StreamConnection, nowMs: number): CloseReason | undefined {
    const settings = this.#settings
    const isOver = (sinceMs: number, seconds: number): boolean => seconds > 0 && nowMs - sinceMs >= seconds * 1000
    if (connection.state === 'connecting') {
      return isOver(connection.openedAtMs, settings.tcp_connect_timeout) ? 'connect timeout' : undefined
    }
    if (connection.stuckSinceMs > 0 && isOver(connection.stuckSinceMs, settings.tcp_send_timeout)) return 'send timeout'
    if (connection.state === 'closing') {
      return isOver(connection.closingSinceMs, Math.max(1, settings.tcp_send_timeout)) ? 'send timeout' : undefined
    }
    if (connection.messageStartedMs > 0 && isOver(connection.messageStartedMs, settings.tcp_msg_read_timeout)) {
      return 'message timeout'
    }
    const isSilent = !connection.isOutgoing && !connection.hasHadMessage
    if (isSilent && isOver(connection.openedAtMs, settings.tcp_msg_data_timeout)) return 'no first message'
    const lifetime = this.#lifetimeOf(connection)
    return lifetime >= 0 && nowMs - connection.lastActivityMs >= lifetime * 1000 ? 'idle' : undefined
  }

  nowMs(): number {
    return this.#clock.monotonic()
  }

  onMessage(connection: StreamConnection, text: string): void {
    this.counters.messagesReceived++
    this.#events.onMessage(text, connection.received)
  }

  onPing(connection: StreamConnection): void {
    this.counters.pings++
    if (this.#settings.tcp_crlf_ping !== 0) this.#write(connection, '\r\n')
  }

  onContinue(connection: StreamConnection): void {
    this.#write(connection, 'HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n')
  }

  onConnected(connection: StreamConnection): void {
    this.#measure(connection)
  }

  onAddressesChanged(connection: StreamConnection, change: () => void): void {
    this.#leave(connection)
    change()
    this.#enter(connection)
  }

  onClosed(connection: StreamConnection, detail: string): void {
    if (!this.#byId.delete(connection.id)) return
    this.#leave(connection)
    if (isTls(connection.transport)) this.#tlsCount--
    this.#queuedBytes -= connection.queuedBytes
    connection.queuedBytes = 0
    const failure = reportClosed(connection, detail, this.counters, this.#log)
    if (failure !== undefined) this.#events.onSendFailure(connection, failure)
    this.#events.onClosed(connection, detail)
  }
}

function peerKey(transport: TransportName, address: string, port: number): string {
  return `${transport}|${address}|${port}`
}

function isTls(transport: TransportName): boolean {
  return transport === 'tls' || transport === 'wss'
}
