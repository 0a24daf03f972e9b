/** All that a server has of the world outside: the system's own, or a simulated one. */
import { lookup, lookupService } from 'node:dns/promises'
import { hostname } from 'node:os'
import { systemClock, type Clock } from '../base/clock.ts'
import { systemRandom, type Random } from '../base/random.ts'
import type { StreamPorts } from '../base/streams.ts'
import { systemDns, type DnsExchange } from '../net/dns-exchange.ts'
import type { NativeAddon } from '../net/native-addon.ts'
import { systemSockets, type SocketFactory } from '../net/socket-factory.ts'
import type { ControlPorts } from '../runtime/control-ports.ts'
import type { FileAccess, ProcessFacts } from '../runtime/host.ts'
import { systemControlPorts } from './control-ports.ts'
import type { HttpPort } from '../runtime/http-port.ts'
import type { ProgramPort } from '../runtime/program-port.ts'
import type { PeerPorts } from '../runtime/peer-ports.ts'
import { systemHttp } from './http-port.ts'
import { systemPrograms } from './program-port.ts'
import { systemPeerPorts } from './peer-ports.ts'
import { systemStreams } from './stream-ports.ts'
import { systemFiles } from './files.ts'

export interface World {
  readonly clock: Clock
  readonly random: Random
  /** The resolver's files among them (`/etc/resolv.conf`, `/etc/hosts`). */
  readonly files: FileAccess
  readonly sockets: SocketFactory
  readonly dns: DnsExchange
  readonly names: SystemNames
  readonly control: ControlPorts
  readonly peers: PeerPorts
  readonly streams: StreamPorts
  readonly http: HttpPort
  readonly programs: ProgramPort
  /** The number of the process, as variables and log lines have it. */
  readonly pid: number
  readonly process: ProcessFacts
}

/** Names as the system itself resolves them. What is not found rejects, with the system's `code`. */
export interface SystemNames {
  /** This machine's own. */
  readonly hostname: string
  /** In the system's order; of one family, or of both. */
  addressesOf(host: string, family?: 4 | 6): Promise<readonly string[]>
  nameOf(address: string): Promise<string>
}

/** The world as it is. */
export function systemWorld(addon: NativeAddon | undefined): World {
  return {
    clock: systemClock,
    random: systemRandom(),
    files: systemFiles(addon),
    sockets: systemSockets(addon),
    dns: systemDns(systemClock),
    names: systemNames(),
    control: systemControlPorts(addon),
    peers: systemPeerPorts(addon),
    streams: systemStreams,
    http: systemHttp(),
    programs: systemPrograms(),
    pid: process.pid,
    process: {
      version: process.version,
      arguments: process.argv.slice(1),
      folder: () => process.cwd(),
      memory: () => process.memoryUsage(),
    },
  }
}

export function systemNames(): SystemNames {
  return {
    hostname: hostname(),
    async addressesOf(host, family) {
      return (await lookup(host, { all: true, verbatim: true, family: family ?? 0 })).map(({ address }) => address)
    },
    nameOf: async (address) => (await lookupService(address, 0)).hostname,
  }
}
