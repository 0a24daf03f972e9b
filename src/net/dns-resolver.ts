/** Asks DNS servers: UDP with repeats, TCP when an answer does not fit, search domains, aliases. */
import { encode, RECURSION_DESIRED } from 'dns-packet'
import type { Random } from '../base/random.ts'
import { failedAnswer, readAnswer, withoutDot, type DnsAnswer, type DnsType, type Reading } from './dns-answer.ts'
import type { DnsExchange, DnsQuestion } from './dns-exchange.ts'
import type { DnsSettings } from './dns-settings.ts'
import type { ResolverConfig } from './resolver-config.ts'

/** Questions on their way at one time; more fail at once. */
const QUESTIONS_MAX = 512
const NAME_LENGTH_MAX = 253
const LABEL_LENGTH_MAX = 63
const ALIASES_MAX = 4

export interface DnsResolverParts {
  readonly exchange: DnsExchange
  readonly random: Random
  readonly config: ResolverConfig
  readonly settings: DnsSettings
}

/** How often something happened since the start. */
export interface DnsResolverCounters {
  questions: number
  answers: number
  timeouts: number
  truncated: number
  /** Packets that did not answer the question asked. */
  strayPackets: number
  refused: number
}

export class DnsResolver {
  readonly counters: DnsResolverCounters = {
    questions: 0, answers: 0, timeouts: 0, truncated: 0, strayPackets: 0, refused: 0,
  }

  readonly #parts: DnsResolverParts
  #open = 0

  constructor(parts: DnsResolverParts) {
    this.#parts = parts
  }

  /** Asks for a name as it stands and with the search domains, in the order of resolv.conf(5). Never rejects. */
  async resolve(name: string, type: DnsType): Promise<DnsAnswer> {
    const own = this.#fromHosts(name, type)
    if (own) return own
    if (!isName(name)) return failedAnswer('bad name')
    if (this.#open >= QUESTIONS_MAX) {
      this.counters.refused++
      return failedAnswer('too many questions')
    }
    this.#open++
    let worst = failedAnswer('no such name')
    for (const candidate of this.#candidates(name)) {
      const answer = isName(candidate) ? await this.#resolveAliases(candidate, type) : failedAnswer('bad name')
      if (answer.failure === undefined) {
        this.#open--
        return answer
      }
      if (answer.failure !== 'no such name' && worst.failure === 'no such name') worst = answer
      // A server that does not answer will not do so for the next domain either.
      if (answer.failure === 'timeout') break
    }
    this.#open--
    return worst
  }

  #fromHosts(name: string, type: DnsType): DnsAnswer | undefined {
    if (type !== 'A' && type !== 'AAAA') return undefined
    const addresses = this.#parts.config.hosts.get(name.toLowerCase())
    if (!addresses) return undefined
    const records = addresses
      .filter((address) => address.includes(':') === (type === 'AAAA'))
      .map((address) => ({ type, address }))
    return records.length > 0 ? { records, failure: undefined, ttlSeconds: 3600 } : failedAnswer('no such record')
  }

  #candidates(name: string): readonly string[] {
    const { config, settings } = this.#parts
    if (name.endsWith('.')) return [withoutDot(name)]
    if (settings.dns_use_search_list === 0) return [name]
    const searched = config.search.map((domain) => `${name}.${withoutDot(domain)}`)
    const dots = name.split('.').length - 1
    return dots >= config.ndots ? [name, ...searched] : [...searched, name]
  }

  async #resolveAliases(name: string, type: DnsType): Promise<DnsAnswer> {
    let wanted = name
    for (let step = 0; step < ALIASES_MAX; step++) {
      const reading = await this.#ask(wanted, type)
      if (reading === undefined) return failedAnswer('timeout')
      if (reading.alias === undefined || !isName(reading.alias)) return reading.answer
      wanted = reading.alias
    }
    return failedAnswer('no such record')
  }

  /** Asks server after server, round after round; undefined when none answers in time. */
  async #ask(name: string, type: DnsType): Promise<Reading | undefined> {
    const { config, settings, random } = this.#parts
    const attempts = settings.dns_retr_no > 0 ? settings.dns_retr_no : config.attempts
    const timeoutMs = settings.dns_retr_time > 0 ? settings.dns_retr_time * 1000 : config.timeoutMs
    const servers = settings.dns_servers_no > 0 ? config.servers.slice(0, settings.dns_servers_no) : config.servers
    let failed: Reading | undefined
    for (let attempt = 0; attempt < attempts; attempt++) {
      for (const server of servers) {
        const id = random.integer(65536)
        const bytes = encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ name, type }] })
        const read = (packet: Uint8Array): Reading | undefined => readAnswer(packet, id, name, type)
        const reading = await this.#askServer({ server, bytes, timeoutMs, read, onStray: () => { this.counters.strayPackets++ } })
        if (reading && reading.answer.failure !== 'server failure') return reading
        failed ??= reading
      }
    }
    return failed
  }

  async #askServer(question: DnsQuestion): Promise<Reading | undefined> {
    this.counters.questions++
    const reading = await this.#parts.exchange.overUdp(question)
    if (!reading) this.counters.timeouts++
    else this.counters.answers++
    if (!reading?.isTruncated) return reading
    this.counters.truncated++
    return await this.#parts.exchange.overTcp(question) ?? reading
  }
}

/** A name that may be asked for: labels of 1 to 63 printable characters. */
function isName(name: string): boolean {
  const bare = withoutDot(name)
  if (bare.length === 0 || bare.length > NAME_LENGTH_MAX) return false
  for (const label of bare.split('.')) {
    if (label.length === 0 || label.length > LABEL_LENGTH_MAX) return false
    for (let index = 0; index < label.length; index++) {
      const code = label.charCodeAt(index)
      if (code <= 0x20 || code >= 0x7f) return false
    }
  }
  return true
}
