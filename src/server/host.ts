import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Random } from '../base/random.ts'
import { Statistics } from '../base/statistics.ts'
import type { StreamPorts } from '../base/streams.ts'
import { createDatabases } from '../db/databases.ts'
import type { ApiKey } from '../define/api.ts'
import type { PrepareEnv } from '../define/arg.ts'
import type { KsrTable, ScriptEngine } from '../define/kemi.ts'
import { RouteMask } from '../define/route-kind.ts'
import { RpcCall } from '../define/rpc-call.ts'
import { RpcFault, type RpcAnswer } from '../define/rpc.ts'
import { MethodTable } from '../rpc/method-table.ts'
import { Blocklist } from '../runtime/blocklist.ts'
import { CfgTable } from '../runtime/cfg-table.ts'
import type { RouteContext } from '../runtime/context.ts'
import type { ControlPorts } from '../runtime/control-ports.ts'
import type { HttpPort } from '../runtime/http-port.ts'
import type { PeerPorts } from '../runtime/peer-ports.ts'
import type { FileAccess, Host, Identity, NameService, NetworkPort, ProcessFacts, RouteFunction, RouteTable } from '../runtime/host.ts'
import { ReloadRefused, type Reloaded } from '../runtime/reload.ts'
import type { ProgramPort } from '../runtime/program-port.ts'
import type { ScriptTracer } from '../runtime/script-trace.ts'
import type { Settings } from '../runtime/settings.ts'
import type { SipMessage } from '../sip/message.ts'
import type { Receiver } from './receive.ts'
import type { Reloader } from './reload.ts'

export interface HostParts {
  readonly log: Log
  readonly clock: Clock
  readonly random: Random
  readonly settings: Settings
  readonly network: NetworkPort
  readonly names: NameService
  readonly files: FileAccess
  readonly configFile: string
  readonly control: ControlPorts
  readonly peers: PeerPorts
  readonly streams: StreamPorts
  readonly http: HttpPort
  readonly programs: ProgramPort
  readonly identity: Identity
  readonly process: ProcessFacts
  readonly defines: ReadonlyMap<string, string | undefined>
  readonly customParameters: ReadonlyMap<string, string | number>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly moduleNames: readonly string[]
  readonly shutdown: (reason: string) => void
}

const NO_ROUTES: RouteTable = {
  request: () => undefined,
  onreply: () => undefined,
  failure: () => undefined,
  branch: () => undefined,
  onsend: () => undefined,
  event: () => undefined,
}

const NO_KSR: KsrTable = { functions: [], variable: () => undefined, find: () => undefined, modf: () => -1 }

/** The server as its modules see it. Routes, receiver and RPC commands are put in as they come to be. */
export class ServerHost implements Host {
  readonly log: Log
  readonly clock: Clock
  readonly random: Random
  readonly statistics = new Statistics()
  readonly databases = createDatabases()
  readonly settings: Settings
  readonly network: NetworkPort
  readonly names: NameService
  readonly files: FileAccess
  readonly configFile: string
  readonly control: ControlPorts
  readonly peers: PeerPorts
  readonly streams: StreamPorts
  readonly http: HttpPort
  readonly programs: ProgramPort
  readonly identity: Identity
  readonly process: ProcessFacts
  readonly moduleNames: readonly string[]
  defines: ReadonlyMap<string, string | undefined>
  readonly customParameters: Map<string, string | number>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly blocklist: Blocklist
  readonly methods: MethodTable
  parameters: CfgTable = new CfgTable([], () => undefined)
  readonly filters: ((context: RouteContext) => boolean)[] = []
  readonly replyTakers: ((context: RouteContext) => boolean | Promise<boolean>)[] = []
  readonly scriptEndTasks: ((context: RouteContext) => void)[] = []
  readonly foreignTakers: ((message: SipMessage) => boolean)[] = []
  readonly shutdown: (reason: string) => void
  routes: RouteTable = NO_ROUTES
  nativeRoutes: RouteTable = NO_ROUTES
  ksr: KsrTable = NO_KSR
  readonly scriptEngines: ScriptEngine[] = []
  scriptEngine: ScriptEngine | undefined = undefined
  prepare: PrepareEnv = {
    variable: () => 'the configuration is not read yet',
    format: () => 'the configuration is not read yet',
    regex: () => 'the configuration is not read yet',
  }
  receiver: Receiver | undefined = undefined
  reloader: Reloader | undefined = undefined
  scriptTracer: ScriptTracer | undefined = undefined
  readonly #moduleNames: ReadonlySet<string>
  readonly #apis = new Map<string, unknown>()

  constructor(parts: HostParts) {
    this.log = parts.log
    this.clock = parts.clock
    this.random = parts.random
    this.settings = parts.settings
    this.network = parts.network
    this.names = parts.names
    this.files = parts.files
    this.configFile = parts.configFile
    this.control = parts.control
    this.peers = parts.peers
    this.streams = parts.streams
    this.http = parts.http
    this.programs = parts.programs
    this.methods = new MethodTable((text) => parts.log.error('<core>', text))
    this.identity = parts.identity
    this.process = parts.process
    this.moduleNames = parts.moduleNames
    this.defines = parts.defines
    this.customParameters = new Map(parts.customParameters)
    this.environment = parts.environment
    this.shutdown = parts.shutdown
    this.#moduleNames = new Set(parts.moduleNames)
    this.blocklist = new Blocklist(parts.clock, parts.settings)
  }

  publishParameter(name: string, value: string | number): void {
    this.customParameters.set(name, value)
  }

  hasModule(name: string): boolean {
    return this.#moduleNames.has(name)
  }

  api<T>(key: ApiKey<T>): T | undefined {
    return this.#apis.get(key.module) as T | undefined
  }

  provide<T>(key: ApiKey<T>, api: T): void {
    this.#apis.set(key.module, api)
  }

  onRequest(filter: (context: RouteContext) => boolean): void {
    this.filters.push(filter)
  }

  onReply(take: (context: RouteContext) => boolean | Promise<boolean>): void {
    this.replyTakers.push(take)
  }

  onScriptEnd(task: (context: RouteContext) => void): void {
    this.scriptEndTasks.push(task)
  }

  onForeign(take: (message: SipMessage) => boolean): void {
    this.foreignTakers.push(take)
  }

  async rpc(method: string, params: readonly (string | number)[]): Promise<RpcAnswer> {
    return (await this.methods.run(method, new RpcCall('json', params))) ?? new RpcFault(500, `command ${method} not found`)
  }

  async reload(): Promise<Reloaded | ReloadRefused> {
    return (await this.reloader?.reload()) ?? new ReloadRefused(['this server was not started from a file that can be read again'])
  }

  addScriptEngine(engine: ScriptEngine): void {
    this.scriptEngines.push(engine)
  }

  traceScript(tracer: ScriptTracer): void {
    this.scriptTracer = tracer
  }

  receive(text: string, received: SipMessage['received']): void {
    this.receiver?.receive(text, received)
  }

  countMessagesAnew(): void {
    this.receiver?.countAnew()
  }

  contextFor(message: SipMessage): { readonly context: RouteContext; release(): void } {
    if (this.receiver === undefined) throw new Error('an event route before the server has started')
    return this.receiver.contextFor(message)
  }

  runEvent(route: RouteFunction, context: RouteContext): void | Promise<void> {
    const { routeType, flow, returnCode, depth } = context
    const restore = (): void => {
      context.routeType = routeType
      context.flow = flow
      context.returnCode = returnCode
      context.depth = depth
    }
    context.routeType = RouteMask.event
    context.flow = 0
    try {
      const running = route(context)
      if (running instanceof Promise) return running.then(restore, (error: unknown) => this.#eventFailed(error, restore))
      restore()
    } catch (error) {
      this.#eventFailed(error, restore)
    }
  }

  #eventFailed(error: unknown, restore: () => void): void {
    restore()
    this.log.error('<core>', `an event route failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
  }
}
