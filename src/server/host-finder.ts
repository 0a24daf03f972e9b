/** Where hosts are: numeric ones and known names at once, others by DNS (RFC 3263). */
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { addressFamily } from '../base/address.ts'
import { DnsCache } from '../net/dns-cache.ts'
import type { DnsExchange } from '../net/dns-exchange.ts'
import { DnsResolver } from '../net/dns-resolver.ts'
import { Locator } from '../net/locate.ts'
import type { ResolverConfig } from '../net/resolver-config.ts'
import type { LocateQuery, Location } from '../runtime/host.ts'
import type { Settings } from '../runtime/settings.ts'
import type { TransportName } from '../sip/endpoint.ts'

export interface HostFinderParts {
  readonly settings: Settings
  readonly clock: Clock
  readonly random: Random
  readonly dns: DnsExchange
  /** The system's name servers and hosts file. */
  readonly config: ResolverConfig
  /** Whether there is a socket to send from. */
  hasSocket(transport: TransportName, family: 4 | 6): boolean
}

export class HostFinder {
  readonly resolver: DnsResolver
  readonly cache: DnsCache
  readonly #locator: Locator
  /** The hosts file and the records of the configuration. */
  readonly #hosts: Map<string, readonly string[]>

  constructor({ settings, clock, random, dns, config, hasSocket }: HostFinderParts) {
    this.#hosts = new Map(config.hosts)
    const resolver = new DnsResolver({ exchange: dns, random, config: { ...config, hosts: this.#hosts }, settings })
    const cache = new DnsCache({ clock, settings, resolve: (name, type) => resolver.resolve(name, type) })
    this.resolver = resolver
    this.cache = cache
    this.#locator = new Locator({ settings, random, lookup: (name, type) => cache.lookup(name, type), hasSocket })
  }

  /** A name whose address is known without asking. */
  addRecord(name: string, address: string): void {
    const key = name.toLowerCase()
    this.#hosts.set(key, [...(this.#hosts.get(key) ?? []), address])
    this.cache.delete(key, addressFamily(address) === 6 ? 'AAAA' : 'A')
  }

  addressesOf(host: string): Promise<readonly string[]> {
    return this.#locator.addressesOf(host)
  }

  locate(query: LocateQuery): Location | Promise<Location> {
    return this.#locator.locate(query)
  }
}
