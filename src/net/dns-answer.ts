/** DNS answers as values, checked on the way in. */
import { decode, type Answer, type Packet } from 'dns-packet'
import { addressFamily } from '../base/address.ts'

export type DnsType = 'A' | 'AAAA' | 'SRV' | 'NAPTR'

export type DnsRecord =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | {
    readonly type: 'SRV'
    readonly priority: number
    readonly weight: number
    readonly port: number
    /** Without the last dot; empty when the service is decidedly not there. */
    readonly target: string
  }
  | {
    readonly type: 'NAPTR'
    readonly order: number
    readonly preference: number
    readonly flags: string
    readonly services: string
    readonly regexp: string
    readonly replacement: string
  }

/** Why there are no records. */
export type DnsFailure =
  | 'no such name'
  | 'no such record'
  | 'server failure'
  | 'timeout'
  | 'bad name'
  | 'too many questions'

export interface DnsAnswer {
  /** At most 128, in the order of the answer; empty with a failure. */
  readonly records: readonly DnsRecord[]
  readonly failure: DnsFailure | undefined
  /** Seconds the records may be kept; undefined for failures. */
  readonly ttlSeconds: number | undefined
}

export function failedAnswer(failure: DnsFailure): DnsAnswer {
  return { records: [], failure, ttlSeconds: undefined }
}

const RECORDS_MAX = 128
const ALIASES_MAX = 8

/** What a server's packet says; undefined when it does not answer this question. */
export interface Reading {
  readonly answer: DnsAnswer
  readonly isTruncated: boolean
  /** The packet ends in an alias whose own records it does not have: ask for that name. */
  readonly alias: string | undefined
}

export function readAnswer(bytes: Uint8Array, id: number, name: string, type: DnsType): Reading | undefined {
  const packet = decodePacket(bytes)
  const question = packet?.questions?.[0]
  if (!packet || packet.type !== 'response' || packet.id !== id || !question) return undefined
  if (question.type !== type || !isSameName(question.name, name)) return undefined
  const isTruncated = packet.flag_tc === true
  if (packet.rcode === 'NXDOMAIN') return { answer: failedAnswer('no such name'), isTruncated, alias: undefined }
  if (packet.rcode !== 'NOERROR') return { answer: failedAnswer('server failure'), isTruncated, alias: undefined }
  return { ...collect(packet.answers ?? [], name, type), isTruncated }
}

function decodePacket(bytes: Uint8Array): Packet | undefined {
  try {
    return decode(bytes)
  } catch {
    return undefined
  }
}

/** Follows aliases within the answer and takes the records of the last name. */
function collect(answers: readonly Answer[], name: string, type: DnsType): Omit<Reading, 'isTruncated'> {
  let wanted = name
  let ttlSeconds = Number.MAX_SAFE_INTEGER
  for (let step = 0; step < ALIASES_MAX; step++) {
    const records: DnsRecord[] = []
    let alias: string | undefined
    for (const answer of answers) {
      if (!isSameName(answer.name, wanted)) continue
      if (answer.type === 'CNAME' && typeof answer.data === 'string') alias = answer.data
      const record = answer.type === type ? readRecord(type, answer.data) : undefined
      if (record && records.length < RECORDS_MAX) records.push(record)
      if (record || answer.type === 'CNAME') ttlSeconds = Math.min(ttlSeconds, answer.ttl ?? 0)
    }
    if (records.length > 0) return { answer: { records, failure: undefined, ttlSeconds }, alias: undefined }
    if (alias === undefined) break
    wanted = alias
  }
  const alias = isSameName(wanted, name) ? undefined : wanted
  return { answer: failedAnswer('no such record'), alias }
}

function isSameName(left: string, right: string): boolean {
  return withoutDot(left).toLowerCase() === withoutDot(right).toLowerCase()
}

export function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}

function readRecord(type: DnsType, data: unknown): DnsRecord | undefined {
  if (type === 'A' || type === 'AAAA') {
    const isAddress = typeof data === 'string' && addressFamily(data) === (type === 'A' ? 4 : 6)
    return isAddress ? { type, address: data } : undefined
  }
  if (typeof data !== 'object' || data === null) return undefined
  const number = (key: string): number => {
    const value: unknown = Reflect.get(data, key)
    return typeof value === 'number' ? value : 0
  }
  const text = (key: string): string => {
    const value: unknown = Reflect.get(data, key)
    return typeof value === 'string' || value instanceof Uint8Array ? value.toString() : ''
  }
  if (type === 'SRV') {
    return {
      type,
      priority: number('priority'),
      weight: number('weight'),
      port: number('port'),
      target: withoutDot(text('target')),
    }
  }
  return {
    type,
    order: number('order'),
    preference: number('preference'),
    flags: text('flags'),
    services: text('services'),
    regexp: text('regexp'),
    replacement: withoutDot(text('replacement')),
  }
}
