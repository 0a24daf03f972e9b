/** `$dns(id=>addr[0])`, `$ptrquery(id=>hostname)`, `$srvquery(id=>target[0])`, `$naptrquery(id=>order[0])`, `$HN(n)`. */
import { variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { PointerRecord, ServiceRecord } from '../../runtime/host.ts'
import type { Containers, HostResult, QueryResults } from './containers.ts'
import { parseHostKey, parseRecordKey, resultAt } from './result-key.ts'
import type { Ipops } from './state.ts'

const familyOf = (address: string): number => (address.includes(':') ? 6 : 4)

const hasFamily = ({ addresses }: HostResult, family: number): number =>
  addresses.some((address) => familyOf(address) === family) ? 1 : 0

const HOST_KEYS: Readonly<Record<string, (result: HostResult, address: string) => PvValue>> = {
  addr: (_result, address) => address,
  type: (_result, address) => familyOf(address),
  ipv4: (result) => hasFamily(result, 4),
  ipv6: (result) => hasFamily(result, 6),
  count: ({ addresses }) => addresses.length,
  hostname: ({ hostname }) => hostname,
}

/** Whatever the key, there is a value only where the index (0 without brackets) is that of an address. */
function hostFamily(summary: string, containers: (results: QueryResults) => Containers<HostResult>): VariableDef<Ipops> {
  return variableFamily<Ipops>(summary, { inner: 'required' }, (inner = '', _index, env) => {
    const key = parseHostKey(inner, env)
    if (typeof key === 'string') return key
    const value = Object.hasOwn(HOST_KEYS, key.name) ? HOST_KEYS[key.name] : undefined
    if (!value) return `unknown key in '${inner}'`
    return {
      get(context, state) {
        const result = containers(state.results.of(context)).get(key.container)
        const index = key.index(context)
        if (result === undefined) return null
        const address = resultAt(result.addresses, index)
        return address === undefined ? null : value(result, address)
      },
    }
  })
}

function recordFamily<T>(
  summary: string,
  containers: (results: QueryResults) => Containers<readonly T[]>,
  keys: Readonly<Record<string, (record: T) => PvValue>>,
): VariableDef<Ipops> {
  return variableFamily<Ipops>(summary, { inner: 'required' }, (inner = '', _index, env) => {
    const key = parseRecordKey(inner, env)
    if (typeof key === 'string') return key
    const { container } = key
    if (key.name === 'count') return { get: (context, state) => containers(state.results.of(context)).get(container)?.length ?? 0 }
    const value = Object.hasOwn(keys, key.name) ? keys[key.name] : undefined
    if (!value) return `unknown key in '${inner}'`
    return {
      get(context, state) {
        const record = resultAt(containers(state.results.of(context)).get(container) ?? [], key.index(context))
        return record === undefined ? null : value(record)
      },
    }
  })
}

export const ipopsVariables: Readonly<Record<string, VariableDef<Ipops>>> = {
  dns: hostFamily(
    'Results of dns_query(): count, ipv4, ipv6, hostname, addr and type of [n].',
    (results) => results.addresses,
  ),
  ptrquery: hostFamily(
    'Result of ptr_query(): hostname, addr, type, ipv4, ipv6, count.',
    (results) => results.names,
  ),
  srvquery: recordFamily<ServiceRecord>(
    'Results of srv_query(): count, port, priority, target and weight of [n].',
    (results) => results.services,
    {
      port: ({ port }) => port,
      priority: ({ priority }) => priority,
      target: ({ target }) => target,
      weight: ({ weight }) => weight,
    },
  ),
  naptrquery: recordFamily<PointerRecord>(
    'Results of naptr_query(): count, order, pref, flags, services, regex and replace of [n].',
    (results) => results.pointers,
    {
      order: ({ order }) => order,
      pref: ({ preference }) => preference,
      flags: ({ flags }) => flags,
      services: ({ services }) => services,
      regex: ({ regexp }) => regexp,
      replace: ({ replacement }) => replacement,
    },
  ),
  HN: variableFamily<Ipops>("This machine's names: n, f (full), d (domain), i (address).", { inner: 'required' }, (inner) => {
    if (inner === 'n') return { get: (_context, { own }) => own.name }
    if (inner === 'f') return { get: (_context, { own }) => own.fullName }
    if (inner === 'd') return { get: (_context, { own }) => own.domain }
    if (inner === 'i') return { get: (_context, { own }) => own.address }
    return `$HN is n, f, d or i, not ${inner}`
  }),
}
