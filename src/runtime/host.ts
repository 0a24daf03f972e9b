/** What the server offers to modules and routes. The server makes the real one, tests make small ones. */
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import type { Statistics } from '../base/statistics.ts'
import type { StreamPorts } from '../base/streams.ts'
import type { Databases } from '../db/database.ts'
import type { ApiKey } from '../define/api.ts'
import type { PrepareEnv } from '../define/arg.ts'
import type { KsrTable, ScriptEngine } from '../define/kemi.ts'
import type { RpcAnswer, RpcMethods } from '../define/rpc.ts'
import type { ListenSocket, ReceivedFrom, Target, TransportName } from '../sip/endpoint.ts'
import type { SipMessage } from '../sip/message.ts'
import type { Blocklist } from './blocklist.ts'
import type { CfgTable } from './cfg-table.ts'
import type { RouteContext } from './context.ts'
import type { ControlPorts } from './control-ports.ts'
import type { HttpPort } from './http-port.ts'
import type { PeerPorts } from './peer-ports.ts'
import type { ProgramPort } from './program-port.ts'
import type { Reloaded, ReloadRefused } from './reload.ts'
import type { ScriptTracer } from './script-trace.ts'
import type { Settings } from './settings.ts'

export interface Host {
  readonly log: Log
  readonly clock: Clock
  readonly random: Random
  readonly statistics: Statistics
  /** The global parameters, as the configuration file and `cfg.set` leave them. */
  readonly settings: Settings
  readonly network: NetworkPort
  readonly blocklist: Blocklist
  readonly names: NameService
  readonly routes: RouteTable
  /** The native file's routes, whoever routes. */
  readonly nativeRoutes: RouteTable
  /** Functions for scripts in other languages; complete from `start` on. */
  readonly ksr: KsrTable
  /** Who routes in place of the native file; undefined when that does. */
  readonly scriptEngine: ScriptEngine | undefined
  readonly files: FileAccess
  /** Path of the configuration file: files that are named without a folder are beside it. */
  readonly configFile: string
  readonly databases: Databases
  /** The RPC commands of all loaded modules. */
  readonly methods: RpcMethods
  /** Parameters that change while the server runs. */
  readonly parameters: CfgTable
  /** Sockets for RPC. */
  readonly control: ControlPorts
  /** Sockets towards servers that help this one. */
  readonly peers: PeerPorts
  /** Byte streams, for modules that speak a protocol of their own. */
  readonly streams: StreamPorts
  /** HTTP servers. */
  readonly http: HttpPort
  /** Programs beside the server. */
  readonly programs: ProgramPort
  /** Prepares variables and formats that module parameters name; complete from `start` on. */
  readonly prepare: PrepareEnv
  readonly identity: Identity
  readonly process: ProcessFacts
  /** Names of the loaded modules in their order, the core's first. */
  readonly moduleNames: readonly string[]
  /** `#!define`s by name; the value is undefined for those that have none. */
  readonly defines: ReadonlyMap<string, string | undefined>
  /** The configuration's own parameters (`group.name = value`), and what modules publish, by that name. */
  readonly customParameters: ReadonlyMap<string, string | number>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Lets `@cfg_get.group.name` read a module's own value (Kamailio's read-only cfg_var). */
  publishParameter(name: string, value: string | number): void
  hasModule(name: string): boolean
  /** What another module provides; undefined when it is not loaded. Ask at run time or in `start`, not in `setup`. */
  api<T>(key: ApiKey<T>): T | undefined
  provide<T>(key: ApiKey<T>, api: T): void
  /** Runs an RPC command. */
  rpc(method: string, params: readonly (string | number)[]): Promise<RpcAnswer>
  /** Parses and takes a message as if it had come from the network (`received` tells from where). */
  receive(text: string, received: SipMessage['received']): void
  /** The next message that comes is number 1 (`$mi`) again. */
  countMessagesAnew(): void
  /** Makes a context of its own for an event route, on a free worker; `release` gives the worker back. */
  contextFor(message: SipMessage): { readonly context: RouteContext; release(): void }
  /** Called for each request before its route, in the order of registration; false ends the request there. */
  onRequest(filter: (context: RouteContext) => boolean): void
  /** Called for each reply behind `reply_route`, in the order of registration; true when it went somewhere already. */
  onReply(take: (context: RouteContext) => boolean | Promise<boolean>): void
  /** Called when a request's route has ended, unless the message ended before it. */
  onScriptEnd(task: (context: RouteContext) => void): void
  /** Called for each request of another protocol than SIP/2.0 whose headers can be read, such as HTTP; true when it was taken. */
  onForeign(take: (message: SipMessage) => boolean): void
  /** Runs an event route on a message's context, whose state is put back behind it. */
  runEvent(route: RouteFunction, context: RouteContext): void | Promise<void>
  /** In `setup`: offers a language to route in (`cfgengine`). */
  addScriptEngine(engine: ScriptEngine): void
  /** In `setup`: the script is compiled so that the tracer hears of all it does. */
  traceScript(tracer: ScriptTracer): void
  /** Reads the configuration anew. What runs goes on in the routes that it began with. */
  reload(): Promise<Reloaded | ReloadRefused>
  /** Stops the server in good order. */
  shutdown(reason: string): void
}

export interface Identity {
  readonly pid: number
  readonly startedAtMs: number
  /** `kamailio (5.6.3 (x86_64/linux))` in Kamailio: the default of Server and User-Agent. */
  readonly product: string
  readonly version: string
}

/** The process that the server is. */
export interface ProcessFacts {
  /** Of Node.js. */
  readonly version: string
  /** Its command line, the program first. */
  readonly arguments: readonly string[]
  folder(): string
  /** In bytes. */
  memory(): { readonly rss: number; readonly heapTotal: number; readonly heapUsed: number; readonly external: number }
}

/** A connection, as RPC shows it. */
export interface ConnectionFacts {
  readonly id: number
  readonly transport: TransportName
  /** Kamailio's names: CONN_OK, CONNECT_PENDING, CONN_BAD. */
  readonly state: string
  /** Seconds until it is closed when nothing more comes. */
  readonly secondsLeft: number
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress: string
  readonly localPort: number
  /** Who is connected, where that is a balancer that speaks for the peer (`tcp_accept_haproxy`). */
  readonly balancer: { readonly address: string; readonly port: number } | undefined
}

/** How a connection ended: in good order, by a peer that broke it off, or by one that was silent for too long. */
export type ConnectionEnd = 'closed' | 'reset' | 'timeout'

/** Figures of all connections together. */
export interface ConnectionFigures {
  readonly open: number
  readonly openTls: number
  readonly queuedBytes: number
  /** How often what happened since the start, by Kamailio's names of statistics (`established`, `passive_open` ...). */
  readonly counts: Readonly<Record<string, number>>
}

/** Sockets as modules and routes see them. */
export interface NetworkPort {
  readonly sockets: readonly ListenSocket[]
  /** Hands a message to the network. True when taken; the error says why not. */
  send(text: string, target: Target): true | SendError
  /** The socket to send from when the script names none: right transport and family, `mhomed` respected. */
  findSocket(transport: TransportName, family: 4 | 6, toAddress: string): ListenSocket | undefined
  /** The listening socket of that address, if any; port 0 and no transport match any. */
  socketOf(host: string, port: number, transport?: TransportName): ListenSocket | undefined
  socketNamed(name: string): ListenSocket | undefined
  /** True for own addresses, aliases and domains registered as own (`myself`, `is_myself`). */
  isMyself(host: string, port: number, transport?: TransportName): boolean
  /** Lets a connection stand for another port of its peer; false when it is gone. */
  addAlias(connectionId: number, port: number): boolean
  /** Whether a connection still stands. */
  hasConnection(connectionId: number): boolean
  /** Closes a connection; false when it is gone already. */
  closeConnection(connectionId: number): boolean
  /** Takes a domain's subdomains for own names too (corex alias_subdomains). */
  addOwnDomain(domain: string, port: number, transport?: TransportName): void
  /** Takes hosts that the check knows for own names too, whatever the port (domain register_myself). */
  addOwnNameCheck(check: (host: string) => boolean): void
  ownNameTexts(): readonly string[]
  /** A name that is resolved to this address without asking (corex dns_cache). */
  addDnsRecord(name: string, address: string): void
  /** Lets a module see and change all bytes that come and go; undefined drops them. Several do so in their order. */
  intercept(io: {
    incoming(text: string, from: ReceivedFrom): string | undefined
    outgoing(text: string, target: Target): string | undefined
  }): void
  /** Lets a module see all messages as they come and as they left, changed by nobody behind it. */
  observe(io: {
    incoming(text: string, from: ReceivedFrom): void
    outgoing(text: string, target: Target): void
  }): void
  /** As `send`, but no module sees or changes it: copies that a module itself makes of messages. */
  sendUnseen(text: string, target: Target): true | SendError
  /** Finds where a URI's host is: numeric hosts and cached names at once, others by a promise. */
  locate(query: LocateQuery): Location | Promise<Location>
  /** Interfaces' addresses, for `$HN(i)` and the like. */
  interfaceAddresses(): readonly string[]
  connections(): readonly ConnectionFacts[]
  /** Undefined when it is gone. */
  connection(id: number): ConnectionFacts | undefined
  /** The TCP connection to an address and port of a peer; undefined when there is none. */
  connectionTo(address: string, port: number): ConnectionFacts | undefined
  /** Closes a connection once nothing has come or gone for so many seconds; false when it is gone. */
  setConnectionLifetime(id: number, seconds: number): boolean
  /** Lets the system probe a silent peer after so many seconds, or not at all; false when the connection is gone. */
  setKeepAlive(id: number, idleSeconds: number | undefined): boolean
  /** Called for each connection that ends, but for those that never stood. */
  onConnectionEnd(listener: (received: ReceivedFrom, end: ConnectionEnd) => void): void
  connectionFigures(): ConnectionFigures
}

export interface LocateQuery {
  readonly host: string
  /** 0 when the URI has none. */
  readonly port: number
  readonly transport: TransportName | undefined
  readonly isSips: boolean
}

/** Targets in the order to try them; empty with a reason when there is none. */
export interface Location {
  readonly targets: readonly { readonly transport: TransportName; readonly address: string; readonly port: number }[]
  readonly reason: string
}

/** Names and addresses, for modules that ask themselves. Nothing here rejects. */
export interface NameService {
  /** This machine's own name. */
  readonly hostname: string
  /** Addresses of a host as the system finds them, hosts file included, in its order. */
  addresses(host: string): Promise<Found>
  /** Addresses that messages to a host may go to, by the server's own cache: those of the first family that has any. */
  addressesForSip(host: string): Promise<readonly string[]>
  /** The name of a numeric address as the system finds it, hosts file included. */
  nameOf(address: string): Promise<Found>
  /** SRV records (RFC 2782), as they came; asked anew each time. */
  services(name: string): Promise<readonly ServiceRecord[]>
  /** NAPTR records (RFC 3403), as they came; asked anew each time. */
  pointers(name: string): Promise<readonly PointerRecord[]>
  /** Answers that are remembered for finding hosts. */
  readonly cache: NameCache
  /** From now on answers for finding hosts are kept for so many seconds; 0 leaves that to the records. */
  keepAnswers(seconds: number): void
}

export type CachedType = 'A' | 'AAAA' | 'SRV' | 'NAPTR'

/** One remembered answer. */
export interface CachedName {
  readonly name: string
  readonly type: CachedType
  readonly secondsLeft: number
  /** Empty when it is known that there are none. */
  readonly records: readonly CachedRecord[]
}

export type CachedRecord =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | ({ readonly type: 'SRV' } & ServiceRecord)
  | ({ readonly type: 'NAPTR' } & PointerRecord)

/** The DNS cache, for RPC. */
export interface NameCache {
  entries(): readonly CachedName[]
  /** Asks the name servers when it is not known. */
  lookup(name: string, type: CachedType): Promise<CachedName>
  add(name: string, record: CachedRecord, seconds: number): void
  /** False when there is no such answer. */
  delete(name: string, type: CachedType): boolean
  clear(): void
  /** Bytes it takes, and may take. */
  memory(): { readonly used: number; readonly most: number }
}

/** Addresses or names; empty with a reason when there are none. */
export interface Found {
  readonly found: readonly string[]
  readonly reason: string
}

export interface ServiceRecord {
  readonly priority: number
  readonly weight: number
  readonly port: number
  readonly target: string
}

export interface PointerRecord {
  readonly order: number
  readonly preference: number
  readonly flags: string
  readonly services: string
  readonly regexp: string
  readonly replacement: string
}

export interface SendError {
  readonly reason: string
}

export interface FileAccess {
  /** The file as a byte string; undefined when it cannot be read. */
  read(path: string): string | undefined
  /** Writes (or adds) a byte string; false when it cannot. */
  write(path: string, text: string, append: boolean): boolean
  /** Writes a byte string to a FIFO that somebody reads; a text says why it could not. */
  writeFifo(path: string, text: string): true | string
  /** Tells when one of the files was saved, until the answer is called. */
  watch(paths: readonly string[], changed: () => void): () => void
  /** Sends a byte string as one datagram to a Unix socket; a text says why it could not. */
  sendUnix(path: string, text: string): true | string
}

/** A compiled route. */
export type RouteFunction = (context: RouteContext) => number | Promise<number>

/** Routes by kind and name; names are looked up when a module is started or a route is called by a computed name. */
export interface RouteTable {
  request(name: string): RouteFunction | undefined
  onreply(name: string): RouteFunction | undefined
  failure(name: string): RouteFunction | undefined
  branch(name: string): RouteFunction | undefined
  onsend(name: string): RouteFunction | undefined
  event(name: string): RouteFunction | undefined
}
