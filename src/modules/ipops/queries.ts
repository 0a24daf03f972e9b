/** DNS queries from scripts, with their results kept by name for the variables to read. */
import type { RouteContext } from '../../runtime/context.ts'
import type { NameService, PointerRecord, ServiceRecord } from '../../runtime/host.ts'
import { ipType, isSameAddress } from './address.ts'

/** Result containers of one kind; the oldest goes when there are more. */
const CONTAINERS_MAX = 256
const REMEMBERED_MAX = 1024

/** What the functions answer besides 1. */
const NO_MATCH = -1
const EMPTY_NAME = -2
const BAD_ADDRESS = -3
const NOT_FOUND = -4

interface Remembered<T> {
  readonly until: number
  readonly records: readonly T[]
}

/** Answers of one kind, by the name asked for and by the container that a script keeps them in. */
class Answers<T> {
  readonly kept = new Map<string, readonly T[]>()
  readonly #ask: (names: NameService, name: string) => Promise<readonly T[]>
  readonly #remembered = new Map<string, Remembered<T>>()

  constructor(ask: (names: NameService, name: string) => Promise<readonly T[]>) {
    this.#ask = ask
  }

  /** Asks, unless the answer is younger than the local TTL. */
  async find(context: RouteContext, name: string, localTtlSeconds: number): Promise<readonly T[]> {
    const { clock, names } = context.host
    const known = this.#remembered.get(name)
    if (known !== undefined && known.until > clock.now()) return known.records
    const records = await this.#ask(names, name)
    if (localTtlSeconds > 0) bounded(this.#remembered, REMEMBERED_MAX).set(name, { until: clock.now() + localTtlSeconds * 1000, records })
    return records
  }

  keep(container: string, records: readonly T[]): void {
    this.kept.delete(container)
    if (records.length > 0) bounded(this.kept, CONTAINERS_MAX).set(container, records)
  }
}

/** Makes room for one more by dropping what was put in first. */
function bounded<K, V>(map: Map<K, V>, most: number): Map<K, V> {
  for (const key of map.keys()) {
    if (map.size < most) break
    map.delete(key)
  }
  return map
}

export class Queries {
  readonly addresses = new Answers<string>((names, name) => names.addresses(name))
  readonly services = new Answers<ServiceRecord>((names, name) => names.services(name))
  readonly pointers = new Answers<PointerRecord>((names, name) => names.pointers(name))
  /** Seconds an answer is used again without asking; 0 leaves that to the records (dns_set_local_ttl). */
  localTtlSeconds = 0
}

export async function queryAddresses(context: RouteContext, queries: Queries, name: string, container: string): Promise<number> {
  const found = await queries.addresses.find(context, name, queries.localTtlSeconds)
  queries.addresses.keep(container, found)
  if (found.length > 0) return 1
  context.host.log.error('ipops', `unable to resolve ${name}\n`)
  return NOT_FOUND
}

/** A service that is not there gives no records, and is no failure. */
export async function queryServices(context: RouteContext, queries: Queries, name: string, container: string): Promise<number> {
  if (name === '') return EMPTY_NAME
  const found = await queries.services.find(context, name, queries.localTtlSeconds)
  queries.services.keep(container, [...found].sort((a, b) => a.priority - b.priority || b.weight - a.weight))
  return 1
}

export async function queryPointers(context: RouteContext, queries: Queries, name: string, container: string): Promise<number> {
  if (name === '') return EMPTY_NAME
  const found = await queries.pointers.find(context, name, queries.localTtlSeconds)
  queries.pointers.keep(container, [...found].sort((a, b) => a.order - b.order || a.preference - b.preference))
  return 1
}

function checkedAddress(context: RouteContext, address: string): boolean {
  if (ipType(address) !== undefined) return true
  context.host.log.error('ipops', `invalid ip address: ${address}\n`)
  return false
}

/** Is the address one of those that the system finds for the host? */
export async function matchesSystem(context: RouteContext, queries: Queries, name: string, address: string): Promise<number> {
  if (!checkedAddress(context, address)) return BAD_ADDRESS
  const found = await queries.addresses.find(context, name, queries.localTtlSeconds)
  if (found.length === 0) return NOT_FOUND
  return found.some((one) => isSameAddress(one, address, true)) ? 1 : NO_MATCH
}

/** Is the address one of those that a message to the host could go to? */
export async function matchesInternal(context: RouteContext, name: string, address: string): Promise<number> {
  if (!checkedAddress(context, address)) return BAD_ADDRESS
  const { targets } = await context.host.network.locate({ host: name, port: 5060, transport: 'udp', isSips: false })
  if (targets.length === 0) return NOT_FOUND
  return targets.some((target) => isSameAddress(target.address, address, true)) ? 1 : NO_MATCH
}
