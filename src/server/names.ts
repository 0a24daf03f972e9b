/** Names and addresses for modules: hosts as the system finds them, SRV and NAPTR records from the name servers. */
import type { DnsRecord, DnsType } from '../net/dns-answer.ts'
import type { Found, NameCache, NameService, PointerRecord, ServiceRecord } from '../runtime/host.ts'
import { nameCache } from './name-cache.ts'
import type { HostFinder } from './host-finder.ts'
import type { SystemNames } from './world.ts'

/** More addresses of one host are left out. */
const ADDRESSES_MAX = 256

/** What the C library says for the codes that Node.js makes of its errors. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Temporary failure in name resolution',
  EAI_FAIL: 'Non-recoverable failure in name resolution',
}

type Finder = Pick<HostFinder, 'cache' | 'resolver' | 'addressesOf'>

export class Names implements NameService {
  readonly hostname: string
  readonly cache: NameCache
  readonly #hosts: Finder
  readonly #system: SystemNames

  constructor(hosts: Finder, system: SystemNames) {
    this.hostname = system.hostname
    this.cache = nameCache(hosts.cache)
    this.#hosts = hosts
    this.#system = system
  }

  addresses(host: string): Promise<Found> {
    return asked(host, async () => (await this.#system.addressesOf(host)).slice(0, ADDRESSES_MAX))
  }

  addressesForSip(host: string): Promise<readonly string[]> {
    return this.#hosts.addressesOf(host)
  }

  nameOf(address: string): Promise<Found> {
    return asked(address, async () => [await this.#system.nameOf(address)])
  }

  async services(name: string): Promise<readonly ServiceRecord[]> {
    return (await this.#records(name, 'SRV')).filter((record) => record.type === 'SRV')
  }

  async pointers(name: string): Promise<readonly PointerRecord[]> {
    return (await this.#records(name, 'NAPTR')).filter((record) => record.type === 'NAPTR')
  }

  async #records(name: string, type: DnsType): Promise<readonly DnsRecord[]> {
    return (await this.#hosts.resolver.resolve(name, type)).records
  }

  keepAnswers(seconds: number): void {
    this.#hosts.cache.localTtlSeconds = seconds
  }
}

async function asked(question: string, ask: () => Promise<readonly string[]>): Promise<Found> {
  if (question === '') return { found: [], reason: REASONS['ENOTFOUND'] ?? '' }
  try {
    return { found: await ask(), reason: '' }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return { found: [], reason: REASONS[code] ?? code }
  }
}
