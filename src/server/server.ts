/** A running server: everything the configuration asked for, from the first socket to the last line of the log. */
import { resolve } from 'node:path'
import { createLog, type Log } from '../base/log.ts'
import type { NativeAddon } from '../net/native-addon.ts'
import { readResolverConfig } from '../net/resolver-config.ts'
import type { RouteTable } from '../runtime/host.ts'
import type { ListenSocket } from '../sip/endpoint.ts'
import type { Settings } from '../runtime/settings.ts'
import { addFigures } from './core-statistics.ts'
import { ServerHost } from './host.ts'
import { HostFinder } from './host-finder.ts'
import { productToken, version } from './identity.ts'
import { openListeners } from './listeners.ts'
import { LogScope } from './log-scope.ts'
import type { LogSink } from './log-sink.ts'
import { Names } from './names.ts'
import { ServerNetwork } from './network.ts'
import { Receiver } from './receive.ts'
import { Reloader } from './reload.ts'
import { prepareServer, StartFailure, startModules, stopModules, type LoadedConfiguration } from './start.ts'
import { WorkerPool } from './worker-pool.ts'
import { systemWorld, type World } from './world.ts'

export interface ServerOptions {
  readonly loaded: LoadedConfiguration
  /** The file's global parameters with the command line's changes. */
  readonly settings: Settings
  /** `-l` of the command line; when any are given, the file's own stand too, as in Kamailio. */
  readonly listens: readonly string[]
  readonly aliases: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly addon: NativeAddon | undefined
  /** In place of the system's own, which uses the add-on. */
  readonly world?: World
  /** Where lines of the log go; it asks the scope for their prefix. */
  readonly sink: (scope: LogScope) => LogSink
  readonly onShutdown: (reason: string) => void
  /** Reads the configuration again as it was read for `loaded`, the command line's changes included; without it there is no reload. */
  readonly reread?: () => Promise<LoadedConfiguration>
}

export interface Server {
  readonly sockets: readonly ListenSocket[]
  readonly aliases: readonly string[]
  /** `add-on`, `dgram` or `simulated`: what moves UDP packets. */
  readonly udpBody: string
  readonly log: Log
  readonly host: ServerHost
  /** Routes that wait for something at this moment. */
  readonly busyWorkers: number
  /** Takes no more messages, stops the modules, closes the sockets. */
  stop(): Promise<void>
}

export async function startServer(options: ServerOptions): Promise<Server | StartFailure> {
  const { loaded, settings } = options
  const world = options.world ?? systemWorld(options.addon)
  const { clock, random, files } = world
  const scope = new LogScope()
  const sink = options.sink(scope)
  const log = createLog(settings.debug, (record) => sink.write(record))
  sink.colours = log.colours
  const hosts = new HostFinder({
    settings,
    clock,
    random,
    dns: world.dns,
    config: readResolverConfig((path) => files.read(path)),
    hasSocket: (transport, family) => network.hasSocket(transport, family),
  })
  const network: ServerNetwork = new ServerNetwork({ clock, log, settings, sockets: world.sockets, hosts })
  const host = new ServerHost({
    log,
    clock,
    random,
    settings,
    network,
    names: new Names(hosts, world.names),
    files,
    configFile: resolve([...loaded.parsed.sources.keys()][0] ?? 'kamailio.cfg'),
    control: world.control,
    peers: world.peers,
    streams: world.streams,
    http: world.http,
    programs: world.programs,
    identity: { pid: world.pid, startedAtMs: clock.now(), product: productToken, version },
    defines: loaded.parsed.defines,
    customParameters: loaded.configuration.customParameters,
    environment: options.environment,
    process: world.process,
    moduleNames: loaded.definitions.map((definition) => definition.name),
    shutdown: options.onShutdown,
  })
  addFigures(host.statistics, { connections: () => network.connectionFigures(), dns: hosts.cache.counters, process: world.process })
  const prepared = await prepareServer(loaded, host)
  if (prepared instanceof StartFailure) return prepared
  const { routes, modules } = prepared

  const useLogPrefix = (): string | undefined => {
    const format = settings.log_prefix === '' ? undefined : host.prepare.format(settings.log_prefix)
    if (typeof format === 'string') return `log_prefix: ${format}`
    scope.usePrefix(format, settings.log_prefix_mode === 1)
    return undefined
  }
  const prefixRefused = useLogPrefix()
  if (prefixRefused !== undefined) return new StartFailure(prefixRefused)
  const refused = await openListeners(network, {
    listens: loaded.configuration.listens,
    written: options.listens,
    aliases: loaded.configuration.aliases,
    writtenAliases: options.aliases,
    settings,
    world,
  })
  if (refused !== undefined) {
    await network.close()
    return new StartFailure(refused)
  }

  const workers = new WorkerPool()
  const receiver = new Receiver({
    host,
    workers,
    logScope: scope,
    filters: host.filters,
    replyTakers: host.replyTakers,
    scriptEndTasks: host.scriptEndTasks,
    foreignTakers: host.foreignTakers,
    closeConnection: (connectionId) => network.net.closeConnection(connectionId),
  })
  host.receiver = receiver
  const useRoutes = (table: RouteTable): void => receiver.useRoutes({
    request: table.request(''),
    reply: table.onreply(''),
    parseError: table.event('core:receive-parse-error'),
    messageReceived: settings.received_route_mode === 0 ? undefined : table.event('core:msg-received'),
    preRouting: table.event('core:pre-routing'),
  })
  useRoutes(routes)
  const { reread } = options
  if (reread !== undefined) host.reloader = new Reloader({ host, loaded, prepared, reread, useRoutes, useLogPrefix })
  const stop = async (): Promise<void> => {
    network.onMessage = () => undefined
    await stopModules(modules, log)
    await host.databases.close()
    world.http.close()
    world.programs.close()
    await network.close()
  }
  const notStarted = await startModules(modules, host)
  if (notStarted !== undefined) {
    await stop()
    return notStarted
  }
  network.serve((text, from, scan) => receiver.receive(text, from, scan))
  const first = routes.event('core:worker-one-init')
  if (first !== undefined) receiver.runWithoutMessage(first)

  return {
    sockets: network.sockets,
    aliases: network.ownNames.texts(),
    udpBody: network.udpBody,
    log,
    host,
    get busyWorkers() { return workers.busy },
    async stop() {
      await stop()
      sink.close()
    },
  }
}

