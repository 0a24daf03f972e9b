/** The network as modules and routes see it: sockets and connections of `net`, own names, and where hosts are. */
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { loadAddon, type NativeAddon } from '../net/native-addon.ts'
import { isNetworkError, Network, type ListenSpec } from '../net/network.ts'
import type { SocketFactory } from '../net/socket-factory.ts'
import type { StreamConnection } from '../net/stream-connection.ts'
import type { ConnectionEnd, ConnectionFacts, ConnectionFigures, LocateQuery, Location, NetworkPort, SendError } from '../runtime/host.ts'
import type { Settings } from '../runtime/settings.ts'
import type { ListenSocket, ReceivedFrom, Target, TransportName } from '../sip/endpoint.ts'
import type { Scan } from '../sip/scan.ts'
import { HostFinder } from './host-finder.ts'
import { connectionFacts, connectionFigures, endOf, factsOf } from './connection-facts.ts'
import { OwnNames } from './own-names.ts'

export function loadNetworkAddon(): NativeAddon | undefined {
  const addon = loadAddon(process.env)
  return typeof addon === 'string' ? undefined : addon
}

export interface ServerNetworkParts {
  readonly clock: Clock
  readonly log: Log
  readonly settings: Settings
  readonly sockets: SocketFactory
  readonly hosts: HostFinder
}

/** Messages that may wait for the server's start. */
const EARLY_MAX = 1000

export class ServerNetwork implements NetworkPort {
  readonly net: Network
  readonly ownNames: OwnNames
  /** Every message that comes; set once modules have started. What comes before waits, so that a slow database loses no call. */
  onMessage: (text: string, from: ReceivedFrom, scan?: Scan) => void = (text, from) => {
    if (this.#early.length < EARLY_MAX) this.#early.push({ text, from })
  }
  readonly #early: { readonly text: string; readonly from: ReceivedFrom }[] = []
  readonly #hosts: HostFinder
  readonly #endListeners: ((received: ReceivedFrom, end: ConnectionEnd) => void)[] = []
  readonly #filters: Parameters<NetworkPort['intercept']>[0][] = []
  #observer: Parameters<NetworkPort['observe']>[0] | undefined = undefined

  constructor(parts: ServerNetworkParts) {
    this.#hosts = parts.hosts
    this.net = new Network({
      ...parts,
      handlers: {
        onMessage: (text, from, scan) => this.#take(text, from, scan),
        onConnectionClosed: (connection, detail) => this.#tellEnd(connection, detail),
      },
    })
    this.ownNames = new OwnNames(this.net.sockets)
  }

  /** From now on messages go there, first those that came while the server was starting. */
  serve(onMessage: (text: string, from: ReceivedFrom, scan?: Scan) => void): void {
    this.onMessage = onMessage
    for (const { text, from } of this.#early.splice(0)) onMessage(text, from)
  }

  #take(text: string, from: ReceivedFrom, scan: Scan | undefined): void {
    this.#observer?.incoming(text, from)
    if (this.#filters.length === 0) return this.onMessage(text, from, scan)
    let changed: string | undefined = text
    for (const filter of this.#filters) changed = changed === undefined ? undefined : filter.incoming(changed, from)
    if (changed !== undefined) this.onMessage(changed, from)
  }

  get sockets(): readonly ListenSocket[] {
    return this.net.sockets
  }

  get udpBody(): string {
    return this.net.udpBody
  }

  /** Opens a socket; the answer is why not. */
  async open(spec: ListenSpec): Promise<string | undefined> {
    const opened = await this.net.open(spec)
    return isNetworkError(opened) ? opened.reason : undefined
  }

  send(text: string, target: Target): true | SendError {
    let changed: string | undefined = text
    for (const filter of this.#filters) changed = changed === undefined ? undefined : filter.outgoing(changed, target)
    if (changed === undefined) return true
    const sent = this.net.send(changed, target)
    if (sent === true) this.#observer?.outgoing(changed, target)
    return sent
  }

  sendUnseen(text: string, target: Target): true | SendError {
    return this.net.send(text, target)
  }

  findSocket(transport: TransportName, family: 4 | 6, toAddress: string): ListenSocket | undefined {
    return this.net.findSocket(transport, family, toAddress)
  }

  socketOf(host: string, port: number, transport?: TransportName): ListenSocket | undefined {
    return this.net.socketOf(host, port, transport)
  }

  hasSocket(transport: TransportName, family: 4 | 6): boolean {
    return this.net.hasSocket(transport, family)
  }

  socketNamed(name: string): ListenSocket | undefined {
    return this.net.socketNamed(name)
  }

  isMyself(host: string, port: number, transport?: TransportName): boolean {
    return this.ownNames.has(host, port, transport)
  }

  addOwnDomain(domain: string, port: number, transport?: TransportName): void {
    this.ownNames.addDomain(domain, port, transport)
  }

  addOwnNameCheck(check: (host: string) => boolean): void {
    this.ownNames.addCheck(check)
  }

  ownNameTexts(): readonly string[] {
    return this.ownNames.texts()
  }

  addDnsRecord(name: string, address: string): void {
    this.#hosts.addRecord(name, address)
  }

  intercept(io: Parameters<NetworkPort['intercept']>[0]): void {
    this.#filters.push(io)
  }

  observe(io: Parameters<NetworkPort['observe']>[0]): void {
    this.#observer = io
  }

  addAlias(connectionId: number, port: number): boolean {
    return this.net.addAlias(connectionId, port)
  }

  hasConnection(connectionId: number): boolean {
    return this.net.connections.byId(connectionId) !== undefined
  }

  closeConnection(connectionId: number): boolean {
    return this.net.connections.close(connectionId)
  }

  locate(query: LocateQuery): Location | Promise<Location> {
    return this.#hosts.locate(query)
  }

  interfaceAddresses(): readonly string[] {
    return this.net.interfaceAddresses()
  }

  connections(): readonly ConnectionFacts[] {
    return connectionFacts(this.net.connections)
  }

  connection(id: number): ConnectionFacts | undefined {
    const connection = this.net.connections.byId(id)
    return connection && factsOf(this.net.connections, connection)
  }

  connectionTo(address: string, port: number): ConnectionFacts | undefined {
    const connection = this.net.connections.find('tcp', address, port)
    return connection && factsOf(this.net.connections, connection)
  }

  setConnectionLifetime(id: number, seconds: number): boolean {
    const connection = this.net.connections.byId(id)
    if (connection !== undefined) connection.lifetimeSeconds = seconds
    return connection !== undefined
  }

  setKeepAlive(id: number, idleSeconds: number | undefined): boolean {
    return this.net.connections.byId(id)?.setKeepAlive(idleSeconds) === true
  }

  onConnectionEnd(listener: (received: ReceivedFrom, end: ConnectionEnd) => void): void {
    this.#endListeners.push(listener)
  }

  #tellEnd(connection: StreamConnection, detail: string): void {
    const { closeReason, received } = connection
    if (closeReason === 'connect failed' || closeReason === 'connect timeout') return
    for (const listener of this.#endListeners) listener(received, endOf(connection, detail))
  }

  connectionFigures(): ConnectionFigures {
    return connectionFigures(this.net.connections)
  }

  close(): Promise<void> {
    return this.net.close()
  }
}
