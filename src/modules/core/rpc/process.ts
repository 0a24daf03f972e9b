/** The server and its process: version, times, memory, arguments. */
import { localTime, strftime } from '../../../base/strftime.ts'
import { RpcFault, RpcStruct, type RpcAnswer, type RpcDef } from '../../../define/define.ts'
import type { Host } from '../../../runtime/host.ts'

/** `kahea (0.1.0 (x86_64/linux))` in its parts. */
function nameAndMachine({ identity }: Host): { readonly name: string; readonly machine: string } {
  const match = /^(\S+) \(\S+ (\(.*\))\)$/.exec(identity.product)
  return { name: match?.[1] ?? identity.product, machine: match?.[2] ?? '' }
}

const versionText = (host: Host): string => `${nameAndMachine(host).name} ${host.identity.version} ${nameAndMachine(host).machine}`

/** What Kamailio lists of its build, as far as there is such a thing here. */
const FLAGS = 'USE_TCP, USE_DNS_CACHE, USE_DNS_FAILOVER, USE_NAPTR, USE_DST_BLOCKLIST'

/** As C's ctime writes it. */
const timeText = (ms: number): string => strftime('%a %b %e %H:%M:%S %Y', localTime(ms))

const seconds = (host: Host): number => Math.floor(host.clock.now() / 1000) - Math.floor(host.identity.startedAtMs / 1000)

function daysText(total: number): string {
  return `${Math.floor(total / 86_400)}d ${Math.floor(total / 3600) % 24}h ${Math.floor(total / 60) % 60}m ${total % 60}s`
}

const compiler = (host: Host): string => `node ${host.process.version}`

const units: Readonly<Record<string, number>> = { b: 1, k: 1024, kb: 1024, m: 1 << 20, mb: 1 << 20, g: 1 << 30, gb: 1 << 30 }

function memory(host: Host, unitName: string | undefined): RpcAnswer {
  const unit = unitName === undefined ? 1 : units[unitName.toLowerCase()]
  if (unit === undefined) return new RpcFault(500, 'bad param, (use b|k|m|g)')
  const { heapTotal, heapUsed, rss } = host.process.memory()
  const inUnits = (bytes: number): number => Math.floor(bytes / unit)
  return [
    new RpcStruct()
      .add('total', inUnits(heapTotal))
      .add('free', inUnits(heapTotal - heapUsed))
      .add('used', inUnits(heapUsed))
      .add('real_used', inUnits(rss))
      .add('max_used', inUnits(rss))
      .add('fragments', 1),
  ]
}

const SIGTERM = 15
/** The one process there is has the name that Kamailio's first one has. */
const DESCRIPTION = 'main process - attendant'

/** Signals that end Kamailio end the server in good order; there is no process to send others to. */
function end(host: Host, signal: number): RpcAnswer {
  if (signal !== SIGTERM && signal !== 2) return new RpcFault(400, `signal ${signal} is not sent: use 15`)
  host.shutdown(`core.kill ${signal}`)
  return []
}

export const processRpc: Readonly<Record<string, RpcDef<Host>>> = {
  'core.version': { summary: 'Name and version.', run: (host) => [versionText(host)] },
  'core.flags': { summary: 'What this build has.', run: () => [FLAGS] },
  'core.info': {
    summary: 'Version and build.',
    run: (host) => [
      new RpcStruct()
        .add('version', `${nameAndMachine(host).name} ${host.identity.version}`)
        .add('id', '')
        .add('compiler', compiler(host))
        .add('compiled', '')
        .add('flags', FLAGS),
    ],
  },
  'core.runinfo': {
    summary: 'Version, build and times.',
    run: (host) => [
      new RpcStruct()
        .add('name', nameAndMachine(host).name)
        .add('version', host.identity.version)
        .add('sourceid', '')
        .add('compiler', compiler(host))
        .add('compiled', '')
        .add('time_now', timeText(host.clock.now()))
        .add('time_started', timeText(host.identity.startedAtMs))
        .add('uptime_secs', seconds(host))
        .add('utime_days', daysText(seconds(host))),
    ],
  },
  'core.uptime': {
    summary: 'Since when the server runs.',
    run: (host) => [
      new RpcStruct()
        .add('now', timeText(host.clock.now()))
        .add('up_since', timeText(host.identity.startedAtMs))
        .add('uptime', seconds(host)),
    ],
  },
  'core.ps': {
    summary: 'Number and purpose of each process; there is one.',
    returnsArray: true,
    run: ({ identity }) => [identity.pid, DESCRIPTION],
  },
  'core.psx': {
    summary: 'Index, number and purpose of each process; there is one.',
    returnsArray: true,
    run: ({ identity }) => [new RpcStruct().add('IDX', 0).add('PID', identity.pid).add('DSC', DESCRIPTION)],
  },
  'core.psa': {
    summary: 'All that is known of each process; there is one.',
    returnsArray: true,
    run: ({ identity }) => [
      new RpcStruct()
        .add('index', 0)
        .add('pid', identity.pid)
        .add('status', 1)
        .add('rank', 0)
        .add('description', DESCRIPTION),
    ],
  },
  'core.pwd': { summary: 'The working folder.', returnsArray: true, run: (host) => [host.process.folder()] },
  'core.arg': { summary: 'The command line.', returnsArray: true, run: (host) => [...host.process.arguments] },
  'core.shmmem': {
    summary: 'Memory of the process: in bytes, or in kb, mb or gb.',
    run: (host, _params, call) => memory(host, call.count > 0 ? call.text(0) ?? '' : undefined),
  },
  'core.kill': {
    summary: 'Ends the server (signal 15, which needs not be said).',
    run: (host, _params, call) => end(host, (call.count > 0 ? call.int(0) : undefined) ?? SIGTERM),
  },
  'core.modules': {
    summary: 'The loaded modules, the last one first.',
    returnsArray: true,
    run: ({ moduleNames }) => moduleNames.filter((name) => name !== 'core').reverse(),
  },
  'core.ppdefines': {
    summary: 'The names that the preprocessor knows.',
    returnsArray: true,
    run: ({ defines }) => [...defines.keys()],
  },
  'core.ppdefines_full': {
    summary: 'The names that the preprocessor knows, with their values.',
    returnsArray: true,
    run: ({ defines }) =>
      [...defines].map(([name, value]) => new RpcStruct().add('name', name).add('type', 0).add('value', value ?? 'none')),
  },
}
