/** A server as modules see it, for tests of modules: nothing is sent, everything is kept. */
import { systemClock } from '../../src/base/clock.ts'
import { createLog, type LogRecord } from '../../src/base/log.ts'
import { seededRandom } from '../../src/base/random.ts'
import { Statistics } from '../../src/base/statistics.ts'
import { createDatabases } from '../../src/db/databases.ts'
import { Blocklist } from '../../src/runtime/blocklist.ts'
import { CfgTable } from '../../src/runtime/cfg-table.ts'
import type { Host, Identity, NameService } from '../../src/runtime/host.ts'
import { initialSettings } from '../../src/runtime/settings.ts'
import type { ListenSocket, TransportName } from '../../src/sip/endpoint.ts'

export interface TestHostParts {
  readonly sockets?: readonly ListenSocket[]
  readonly identity?: Identity
  /** Gets every line of the log. */
  readonly records?: LogRecord[]
  readonly defines?: ReadonlyMap<string, string | undefined>
  readonly customParameters?: ReadonlyMap<string, string | number>
  readonly names?: Partial<NameService>
  readonly files?: Partial<Host['files']>
}

export function testSocket(parts: Partial<ListenSocket> = {}): ListenSocket {
  return {
    index: 0,
    transport: 'udp',
    address: '192.0.2.1',
    port: 5060,
    family: 4,
    name: undefined,
    advertise: undefined,
    isVirtual: false,
    ...parts,
  }
}

/** What a test does not hand in fails when it is used. */
export function testHost(parts: TestHostParts = {}): Host {
  const unused = (): never => {
    throw new Error('this test did not expect that to be used')
  }
  const none = (): undefined => undefined
  const sockets = parts.sockets ?? [testSocket()]
  const socketOf = (host: string, port: number, transport?: TransportName): ListenSocket | undefined =>
    sockets.find(
      (socket) =>
        socket.address === host &&
        (port === 0 || socket.port === port) &&
        (transport === undefined || socket.transport === transport),
    )
  const settings = initialSettings()
  return {
    log: createLog(3, (record) => parts.records?.push(record)),
    clock: systemClock,
    random: seededRandom(1),
    statistics: new Statistics(),
    settings,
    blocklist: new Blocklist(systemClock, settings),
    databases: createDatabases(),
    methods: { names: () => [], summary: none, returnsArray: none, run: none },
    parameters: new CfgTable([], () => undefined),
    control: { listenStream: unused, listenDatagram: unused, listenFifo: unused, answerFifo: unused },
    http: { ask: unused, close: none },
    programs: { run: unused, close: none },
    peers: { openDatagram: unused, openWebSocket: unused, askStream: unused },
    streams: { connect: unused, listen: unused },
    network: {
      sockets,
      send: unused,
      findSocket: none,
      socketOf,
      socketNamed: (name) => sockets.find((socket) => socket.name === name),
      addAlias: () => false,
      hasConnection: () => false,
      closeConnection: () => false,
      addOwnDomain: unused,
      addOwnNameCheck: unused,
      ownNameTexts: () => [],
      addDnsRecord: unused,
      intercept: unused,
      observe: unused,
      sendUnseen: unused,
      isMyself: (host) => sockets.some((socket) => socket.address === host),
      locate: unused,
      interfaceAddresses: () => [],
      connections: () => [],
      connectionFigures: () => ({ open: 0, openTls: 0, queuedBytes: 0, counts: {} }),
      connection: () => undefined,
      connectionTo: () => undefined,
      setConnectionLifetime: () => false,
      setKeepAlive: () => false,
      onConnectionEnd: unused,
    },
    names: {
      hostname: 'test',
      addresses: unused,
      addressesForSip: unused,
      nameOf: unused,
      services: unused,
      pointers: unused,
      keepAnswers: unused,
      cache: {
        entries: () => [], lookup: unused, add: unused, delete: () => false, clear: none, memory: () => ({ used: 0, most: 0 }),
      },
      ...parts.names,
    },
    routes: { request: none, onreply: none, failure: none, branch: none, onsend: none, event: none },
    nativeRoutes: { request: none, onreply: none, failure: none, branch: none, onsend: none, event: none },
    ksr: { functions: [], variable: none, find: none, modf: unused },
    scriptEngine: undefined,
    addScriptEngine: unused,
    files: { read: none, write: () => false, writeFifo: unused, watch: unused, sendUnix: unused, ...parts.files },
    configFile: '/etc/kamailio/kamailio.cfg',
    prepare: { variable: unused, format: unused, regex: unused },
    identity: parts.identity ?? { pid: 1, startedAtMs: 0, product: 'kahea (0.1.0 (x86_64/linux))', version: '0.1.0' },
    process: { version: '', arguments: ['kahea'], folder: () => '/', memory: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0 }) },
    moduleNames: ['core'],
    defines: parts.defines ?? new Map(),
    customParameters: parts.customParameters ?? new Map(),
    environment: {},
    reload: unused,
    publishParameter: () => undefined,
    hasModule: () => false,
    api: none,
    provide: () => undefined,
    rpc: unused,
    receive: unused,
    countMessagesAnew: unused,
    contextFor: unused,
    onRequest: unused,
    onReply: unused,
    onScriptEnd: unused,
    onForeign: unused,
    runEvent: unused,
    traceScript: unused,
    shutdown: unused,
  }
}
