/** Where a SIP URI leads: RFC 3263 in the order in which Kamailio takes its steps. */
import type { Random } from '../base/random.ts'
import { defaultPort, type TransportName } from '../sip/endpoint.ts'
import { addressFamily, withoutBrackets } from '../base/address.ts'
import type { DnsAnswer, DnsRecord, DnsType } from './dns-answer.ts'
import type { DnsSettings } from './dns-settings.ts'

export interface LocateQuery {
  /** A name or a numeric address, IPv6 with or without brackets. */
  readonly host: string
  /** 0 when the URI has none. */
  readonly port: number
  readonly transport: TransportName | undefined
  readonly isSips: boolean
}

export interface Destination {
  readonly transport: TransportName
  readonly address: string
  readonly port: number
}

/** Destinations in the order to try them; empty with a reason when there is none. */
export interface Location {
  readonly targets: readonly Destination[]
  readonly reason: string
}

export interface LocatorParts {
  readonly settings: DnsSettings
  readonly random: Random
  lookup(name: string, type: DnsType): DnsAnswer | Promise<DnsAnswer>
  /** Whether there is a socket to send from. */
  hasSocket(transport: TransportName, family: 4 | 6): boolean
}

/** Destinations that one name may give. */
const DESTINATIONS_MAX = 32

type SrvRecord = Extract<DnsRecord, { type: 'SRV' }>
type NaptrRecord = Extract<DnsRecord, { type: 'NAPTR' }>

interface Question {
  readonly name: string
  readonly type: DnsType
}

/** The steps of a search: each asks a question and goes on with the answer. */
type Steps<T> = Generator<Question, T, DnsAnswer>

const NAPTR_TRANSPORTS: Readonly<Record<string, TransportName>> = {
  'sip+d2u': 'udp',
  'sip+d2t': 'tcp',
  'sips+d2t': 'tls',
  'sip+d2s': 'sctp',
}

const TRANSPORTS = ['udp', 'tcp', 'tls', 'sctp'] as const

const FLAG_NO_IPV4 = 1
const FLAG_NO_IPV6 = 2
const FLAG_IPV6_FIRST = 4

export class Locator {
  readonly #parts: LocatorParts

  constructor(parts: LocatorParts) {
    this.#parts = parts
  }

  /** Numeric hosts and names whose answers are known give their location at once, others a promise. Never rejects. */
  locate(query: LocateQuery): Location | Promise<Location> {
    const host = withoutBrackets(query.host)
    const transport = query.transport ?? (query.isSips ? 'tls' : undefined)
    if (addressFamily(host) !== 0) {
      const only = transport ?? 'udp'
      return { targets: [{ transport: only, address: host, port: query.port || defaultPort(only) }], reason: '' }
    }
    return this.#run(this.#search(host, query.port, transport))
  }

  /** All addresses of a host in the first family that it has any of; IPv6 only where there is a socket for it. */
  async addressesOf(host: string): Promise<readonly string[]> {
    const bare = withoutBrackets(host)
    const family = addressFamily(bare)
    const types = this.#types(true, TRANSPORTS.some((transport) => this.#parts.hasSocket(transport, 6)))
    if (family !== 0) return types.includes(family === 4 ? 'A' : 'AAAA') ? [bare] : []
    for (const type of types) {
      const { records } = await this.#parts.lookup(host, type)
      if (records.length > 0) return records.flatMap((record) => ('address' in record ? [record.address] : []))
    }
    return []
  }

  #run(steps: Steps<Location>): Location | Promise<Location> {
    let step = steps.next()
    while (!step.done) {
      const answer = this.#parts.lookup(step.value.name, step.value.type)
      if (answer instanceof Promise) return this.#finish(steps, answer)
      step = steps.next(answer)
    }
    return step.value
  }

  async #finish(steps: Steps<Location>, first: Promise<DnsAnswer>): Promise<Location> {
    let step = steps.next(await first)
    while (!step.done) step = steps.next(await this.#parts.lookup(step.value.name, step.value.type))
    return step.value
  }

  * #search(host: string, port: number, transport: TransportName | undefined): Steps<Location> {
    const found = yield* this.#destinations(host, port, transport)
    if (typeof found !== 'string') return { targets: found.slice(0, this.#wanted()), reason: '' }
    return { targets: [], reason: found }
  }

  /** The destinations, or why there are none. */
  * #destinations(host: string, port: number, transport: TransportName | undefined): Steps<Destination[] | string> {
    if (port !== 0) return yield* this.#addresses(host, port, transport ?? 'udp')
    const askNaptr = transport === undefined && this.#parts.settings.dns_try_naptr !== 0
    if (askNaptr) {
      const found = yield* this.#byNaptr(host)
      if (found.length > 0) return found
    }
    const transports = transport === undefined && askNaptr ? this.#preferredTransports() : [transport ?? 'udp']
    for (const candidate of transports) {
      const found = yield* this.#bySrv(srvName(candidate, host), candidate)
      if (typeof found === 'string') return found
      if (found.length > 0) return found
    }
    const last = transport ?? 'udp'
    return yield* this.#addresses(host, defaultPort(last), last)
  }

  /** Transports that there are sockets for, the preferred first (`dns_udp_pref` and its like; below 0 is never). */
  #preferredTransports(): readonly TransportName[] {
    return TRANSPORTS
      .filter((transport) => this.#preference(transport) >= 0 && this.#canSend(transport))
      .toSorted((left, right) => this.#preference(right) - this.#preference(left))
  }

  #preference(transport: TransportName): number {
    const { settings } = this.#parts
    if (transport === 'udp') return settings.dns_udp_pref
    if (transport === 'tcp') return settings.dns_tcp_pref
    return transport === 'tls' ? settings.dns_tls_pref : settings.dns_sctp_pref
  }

  #canSend(transport: TransportName): boolean {
    return this.#parts.hasSocket(transport, 4) || this.#parts.hasSocket(transport, 6)
  }

  * #byNaptr(host: string): Steps<Destination[]> {
    const answer = yield { name: host, type: 'NAPTR' }
    const usable = answer.records.filter((record): record is NaptrRecord => {
      const transport = record.type === 'NAPTR' ? NAPTR_TRANSPORTS[record.services.toLowerCase()] : undefined
      return record.type === 'NAPTR' && record.flags.toLowerCase() === 's' && record.regexp === '' && transport !== undefined
        && this.#preference(transport) >= 0 && this.#canSend(transport)
    })
    const ignoreRfc = this.#parts.settings.dns_naptr_ignore_rfc !== 0
    usable.sort((left, right) => {
      const byRecord = left.order - right.order || left.preference - right.preference
      const byTransport = this.#preference(transportOf(right)) - this.#preference(transportOf(left))
      return ignoreRfc ? byTransport || byRecord : byRecord
    })
    const all: Destination[] = []
    for (const record of usable) {
      const found = yield* this.#bySrv(record.replacement, transportOf(record))
      if (typeof found === 'string') continue
      all.push(...found)
      if (this.#isEnough(all)) break
    }
    return all
  }

  /** One destination is enough where nobody tries a second one. */
  #wanted(): number {
    return this.#parts.settings.use_dns_failover === 0 ? 1 : DESTINATIONS_MAX
  }

  #isEnough(found: readonly Destination[]): boolean {
    return found.length >= this.#wanted()
  }

  /** Destinations of an SRV name, none when it has no records; a text when the service is decidedly not there. */
  * #bySrv(name: string, transport: TransportName): Steps<Destination[] | string> {
    const answer = yield { name, type: 'SRV' }
    const records = answer.records.filter((record) => record.type === 'SRV')
    if (records.length === 1 && records[0]?.target === '') return `${name} offers no such service`
    const all: Destination[] = []
    for (const record of this.#ordered(records)) {
      const found = yield* this.#addresses(record.target, record.port, transport)
      if (typeof found !== 'string') all.push(...found)
      if (this.#isEnough(all)) break
    }
    return all
  }

  /** By priority; within one by weight: the heaviest first, or by chance in proportion (`dns_srv_lb`, RFC 2782). */
  #ordered(records: readonly SrvRecord[]): readonly SrvRecord[] {
    const sorted = records.toSorted((left, right) => left.priority - right.priority || right.weight - left.weight)
    if (this.#parts.settings.dns_srv_lb === 0) return sorted
    const drawn: SrvRecord[] = []
    while (sorted.length > 0) {
      const priority = sorted[0]?.priority
      const end = sorted.findIndex((record) => record.priority !== priority)
      const group = sorted.slice(0, end < 0 ? sorted.length : end)
      const chosen = this.#draw(group)
      drawn.push(...sorted.splice(chosen, 1))
    }
    return drawn
  }

  #draw(group: readonly SrvRecord[]): number {
    const total = group.reduce((sum, record) => sum + record.weight, 0)
    if (total === 0) return this.#parts.random.integer(group.length)
    let left = this.#parts.random.integer(total)
    for (let index = 0; index < group.length; index++) {
      left -= group[index]?.weight ?? 0
      if (left < 0) return index
    }
    return 0
  }

  /** The kinds of addresses to ask for, of the families that can be used, in the order of the settings. */
  #types(canUseV4: boolean, canUseV6: boolean): readonly DnsType[] {
    const { dns_cache_flags: flags, dns_try_ipv6: tryV6 } = this.#parts.settings
    const types: DnsType[] = []
    if (canUseV4 && (flags & FLAG_NO_IPV4) === 0) types.push('A')
    if (canUseV6 && (flags & FLAG_NO_IPV6) === 0 && tryV6 !== 0) types.push('AAAA')
    return (flags & FLAG_IPV6_FIRST) === 0 ? types : types.reverse()
  }

  /** Addresses of a name: those of the second family only when the first has none or failover wants them all. */
  * #addresses(name: string, port: number, transport: TransportName): Steps<Destination[] | string> {
    if (addressFamily(name) !== 0) return [{ transport, address: withoutBrackets(name), port }]
    const { hasSocket } = this.#parts
    const types = this.#types(hasSocket(transport, 4), hasSocket(transport, 6))
    if (types.length === 0) return `no ${transport} socket to send from`
    const all: Destination[] = []
    let failure = 'no such name'
    for (const type of types) {
      const answer = yield { name, type }
      if (answer.failure !== undefined) failure = answer.failure
      for (const record of answer.records) {
        if (record.type === 'A' || record.type === 'AAAA') all.push({ transport, address: record.address, port })
      }
      if (this.#isEnough(all)) break
    }
    return all.length > 0 ? all : failure
  }
}

function transportOf(record: NaptrRecord): TransportName {
  return NAPTR_TRANSPORTS[record.services.toLowerCase()] ?? 'udp'
}

function srvName(transport: TransportName, host: string): string {
  if (transport === 'tls' || transport === 'wss') return `_sips._tcp.${host}`
  return `_sip._${transport === 'ws' ? 'tcp' : transport}.${host}`
}
