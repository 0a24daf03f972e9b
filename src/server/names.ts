/** Names and addresses for modules: hosts as the system finds them, SRV and NAPTR records by the server's own cache. */
import { lookup } from 'node:dns/promises'
import { hostname } from 'node:os'
import type { DnsRecord, DnsType } from '../net/dns-answer.ts'
import type { NameService, PointerRecord, ServiceRecord } from '../runtime/host.ts'
import type { HostFinder } from './host-finder.ts'

/** More addresses of one host are left out. */
const ADDRESSES_MAX = 32

export class Names implements NameService {
  readonly hostname = hostname()
  readonly #hosts: Pick<HostFinder, 'cache'>

  constructor(hosts: Pick<HostFinder, 'cache'>) {
    this.#hosts = hosts
  }

  async addresses(host: string): Promise<readonly string[]> {
    if (host === '') return []
    try {
      const found = await lookup(host, { all: true, verbatim: true })
      return found.slice(0, ADDRESSES_MAX).map(({ address }) => address)
    } catch {
      return []
    }
  }

  async services(name: string): Promise<readonly ServiceRecord[]> {
    return (await this.#records(name, 'SRV')).filter((record) => record.type === 'SRV')
  }

  async pointers(name: string): Promise<readonly PointerRecord[]> {
    return (await this.#records(name, 'NAPTR')).filter((record) => record.type === 'NAPTR')
  }

  async #records(name: string, type: DnsType): Promise<readonly DnsRecord[]> {
    return (await this.#hosts.cache.lookup(name, type)).records
  }
}
