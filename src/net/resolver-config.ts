/** The system's resolver files, read as resolv.conf(5) and hosts(5) say. */
import { addressFamily } from '../base/address.ts'

export interface DnsServer {
  readonly address: string
  readonly port: number
}

export interface ResolverConfig {
  readonly servers: readonly DnsServer[]
  /** Domains tried behind a name. */
  readonly search: readonly string[]
  /** Names with fewer dots are tried with the search domains first. */
  readonly ndots: number
  readonly timeoutMs: number
  readonly attempts: number
  /** Addresses of the hosts file, by name in small letters. */
  readonly hosts: ReadonlyMap<string, readonly string[]>
}

const SERVERS_MAX = 3
const SEARCH_MAX = 6
const DNS_PORT = 53

/** Reads both files; `read` answers undefined for one that is not there. */
export function readResolverConfig(read: (path: string) => string | undefined): ResolverConfig {
  const servers: DnsServer[] = []
  let search: readonly string[] = []
  const options = new Map<string, number>()
  for (const line of (read('/etc/resolv.conf') ?? '').split('\n')) {
    const [word, ...values] = line.replace(/[#;].*/, '').trim().split(/\s+/)
    const [address = ''] = values
    const isServer = word === 'nameserver' && addressFamily(withoutZone(address)) !== 0
    if (isServer && servers.length < SERVERS_MAX) servers.push({ address, port: DNS_PORT })
    if (word === 'search' || word === 'domain') search = values.slice(0, SEARCH_MAX)
    if (word !== 'options') continue
    for (const option of values) {
      const [name = '', value] = option.split(':')
      if (value !== undefined && /^\d+$/.test(value)) options.set(name, Number(value))
    }
  }
  return {
    servers: servers.length > 0 ? servers : [{ address: '127.0.0.1', port: DNS_PORT }],
    search,
    ndots: Math.min(options.get('ndots') ?? 1, 15),
    timeoutMs: Math.min(Math.max(options.get('timeout') ?? 5, 1), 30) * 1000,
    attempts: Math.min(Math.max(options.get('attempts') ?? 2, 1), 5),
    hosts: readHosts(read('/etc/hosts') ?? ''),
  }
}

function withoutZone(address: string): string {
  const zone = address.indexOf('%')
  return zone < 0 ? address : address.slice(0, zone)
}

function readHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (!address || addressFamily(address) === 0) continue
    for (const name of names) {
      const key = name.toLowerCase()
      const known = hosts.get(key)
      if (known) known.push(address)
      else hosts.set(key, [address])
    }
  }
  return hosts
}
