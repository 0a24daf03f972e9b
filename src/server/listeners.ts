/** Which sockets to open: from `listen` lines, `-l` and, without any, every address of this machine. */
import { addressFamily, withoutBrackets } from '../base/address.ts'
import type { Listen, SocketAddress } from '../script/ast.ts'
import type { Settings } from '../runtime/settings.ts'
import type { ListenSocket, TransportName } from '../sip/endpoint.ts'
import type { ServerNetwork } from './network.ts'
import type { World } from './world.ts'

export interface ListenerOptions {
  readonly listens: readonly Listen[]
  /** `-l` of the command line. */
  readonly written: readonly string[]
  readonly aliases: readonly SocketAddress[]
  readonly writtenAliases: readonly string[]
  readonly settings: Settings
  readonly world: Pick<World, 'sockets' | 'names'>
}

/** Opens every socket. The answer is why not, with what to do, when one cannot be opened. */
export async function openListeners(network: ServerNetwork, options: ListenerOptions): Promise<string | undefined> {
  const opened = new Set<string>()
  for (const wanted of [...options.written.map(parseWritten), ...options.listens.map(fromListen)]) {
    if (typeof wanted === 'string') return wanted
    const refused = await openAll(network, wanted, options, opened)
    if (refused !== undefined) return refused
  }
  if (options.listens.length === 0 && options.written.length === 0) {
    const everywhere = { protocol: 'any', host: '*', port: 0, advertise: undefined, name: undefined, isVirtual: false } as const
    const refused = await openAll(network, everywhere, options, opened)
    if (refused !== undefined) return refused
  }
  if (network.sockets.length === 0) return 'no socket to listen on: write listen=udp:ADDRESS:5060'
  for (const alias of options.aliases) {
    network.ownNames.add(alias.host, alias.port, alias.protocol === 'any' ? undefined : alias.protocol)
  }
  for (const text of options.writtenAliases) {
    const alias = parseWritten(text)
    if (typeof alias === 'string') return alias.replace('-l ', '--alias=')
    network.ownNames.add(alias.host, alias.port, alias.protocol === 'any' ? undefined : alias.protocol)
  }
  return undefined
}

interface Wanted {
  readonly protocol: 'any' | TransportName
  readonly host: string
  readonly port: number
  readonly advertise: ListenSocket['advertise']
  readonly name: string | undefined
  readonly isVirtual: boolean
}

function fromListen(listen: Listen): Wanted | string {
  const first = listen.addresses[0]
  if (first === undefined) return 'a listen line without an address'
  const { advertise } = listen
  return {
    protocol: first.protocol,
    host: first.host,
    port: first.port,
    advertise: advertise ? { host: withoutBrackets(advertise.host), port: advertise.port } : undefined,
    name: listen.name,
    isVirtual: listen.isVirtual,
  }
}

const WRITTEN = /^(?:(udp|tcp|tls|sctp):)?(\[[^\]]+\]|[^:/()]+)(?::(\d{1,5}))?(?:\/(\[[^\]]+\]|[^:/]+)(?::(\d{1,5}))?)?(?:\/(.+))?$/i

/** `[proto:]address[:port][/advertised[:port]][/name]`. */
function parseWritten(text: string): Wanted | string {
  const found = WRITTEN.exec(text)
  if (!found) return `-l ${text}: write [proto:]address[:port][/advertised[:port]]`
  const [, protocol, host = '', port = '0', advertised, advertisedPort = '0', name] = found
  return {
    protocol: (protocol?.toLowerCase() ?? 'any') as Wanted['protocol'],
    host: withoutBrackets(host),
    port: Number(port),
    advertise: advertised === undefined ? undefined : { host: withoutBrackets(advertised), port: Number(advertisedPort) },
    name,
    isVirtual: false,
  }
}

async function openAll(
  network: ServerNetwork,
  wanted: Wanted,
  { settings, world }: ListenerOptions,
  opened: Set<string>,
): Promise<string | undefined> {
  const transports: readonly TransportName[] = wanted.protocol === 'any' ? ['udp', 'tcp'] : [wanted.protocol]
  const addresses = await addressesOf(wanted.host, world)
  if (addresses.length === 0) return `listen=${wanted.host}: no such address, interface or host`
  for (const address of addresses) {
    for (const transport of transports) {
      if (transport === 'tcp' && settings.disable_tcp !== 0) continue
      if (transport !== 'udp' && transport !== 'tcp') {
        return `listen=${transport}:${wanted.host}: ${transport.toUpperCase()} is not available yet; there are udp and tcp`
      }
      const port = wanted.port || settings.port
      const key = `${transport}:${address}:${port}`
      if (opened.has(key)) continue
      opened.add(key)
      const refused = await network.open({
        transport,
        address,
        port,
        family: addressFamily(address) === 6 ? 6 : 4,
        name: wanted.name,
        advertise: wanted.advertise,
        isVirtual: wanted.isVirtual,
      })
      if (refused !== undefined) return refused
    }
  }
  return undefined
}

/** Numeric addresses behind an address, an interface's name, `*`, or a host name. */
async function addressesOf(host: string, world: ListenerOptions['world']): Promise<readonly string[]> {
  const bare = withoutBrackets(host)
  if (addressFamily(bare) !== 0) return [bare.toLowerCase()]
  const interfaces = world.sockets.interfaces()
  if (bare === '*') {
    return Object.values(interfaces)
      .flatMap((entries) => entries ?? [])
      .filter((entry) => entry.family === 'IPv4')
      .map((entry) => entry.address)
  }
  const own = interfaces[bare]
  if (own) return own.filter((entry) => entry.family === 'IPv4').map((entry) => entry.address)
  try {
    return (await world.names.addressesOf(bare, 4)).slice(0, 1)
  } catch {
    return []
  }
}
