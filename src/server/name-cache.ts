/** The DNS cache as RPC commands see it. */
import type { DnsCache } from '../net/dns-cache.ts'
import type { CachedName, CachedType, NameCache } from '../runtime/host.ts'

export function nameCache(cache: DnsCache): NameCache {
  return {
    entries: () => cache.entries().flatMap(({ name, type, answer, secondsLeft }) =>
      isCachedType(type) ? [{ name, type, secondsLeft, records: answer.records }] : []),
    async lookup(name, type): Promise<CachedName> {
      const { records } = await cache.lookup(name, type)
      const key = name.toLowerCase()
      const entry = cache.entries().find((each) => each.name === key && each.type === type)
      return { name: key, type, secondsLeft: entry?.secondsLeft ?? 0, records }
    },
    add: (name, record, seconds) => cache.add(name, record.type, { records: [record], failure: undefined, ttlSeconds: seconds }),
    delete: (name, type) => cache.delete(name, type),
    clear: () => cache.clear(),
    memory: () => ({ used: cache.bytes, most: cache.mostBytes }),
  }
}

function isCachedType(type: string): type is CachedType {
  return type === 'A' || type === 'AAAA' || type === 'SRV' || type === 'NAPTR'
}
