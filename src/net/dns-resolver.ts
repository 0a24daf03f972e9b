/** Asks DNS servers: UDP with repeats, TCP when an answer does not fit, search domains, aliases. */
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { encode, RECURSION_DESIRED } from 'dns-packet'
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { failedAnswer, readAnswer, withoutDot, type DnsAnswer, type DnsType, type Reading } from './dns-answer.ts'
import type { DnsSettings } from './dns-settings.ts'
import type { DnsServer, ResolverConfig } from './resolver-config.ts'

/** Questions on their way at one time; more fail at once. */
const QUESTIONS_MAX = 512
const NAME_LENGTH_MAX = 253
const LABEL_LENGTH_MAX = 63
const ALIASES_MAX = 4
const TCP_ANSWER_BYTES_MAX = 65535

export interface DnsResolverParts {
  readonly clock: Clock
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

interface Asking {
  readonly server: DnsServer
  readonly bytes: Buffer
  readonly timeoutMs: number
  /** Reads a packet; undefined for a stray one. */
  read(bytes: Uint8Array): Reading | undefined
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
        const asking: Asking = { server, bytes, timeoutMs, read: (packet) => readAnswer(packet, id, name, type) }
        const reading = await this.#askServer(asking)
        if (reading && reading.answer.failure !== 'server failure') return reading
        failed ??= reading
      }
    }
    return failed
  }

  async #askServer(asking: Asking): Promise<Reading | undefined> {
    this.counters.questions++
    const reading = await this.#askUdp(asking)
    if (!reading) this.counters.timeouts++
    else this.counters.answers++
    if (!reading?.isTruncated) return reading
    this.counters.truncated++
    return await this.#askTcp(asking) ?? reading
  }

  /** One packet there and one back. Each question has a socket of its own, whose port forgers have to guess. */
  #askUdp({ server, bytes, timeoutMs, read }: Asking): Promise<Reading | undefined> {
    return new Promise((resolve) => {
      const socket = createSocket(server.address.includes(':') ? 'udp6' : 'udp4')
      let isDone = false
      const finish = (reading: Reading | undefined): void => {
        if (isDone) return
        isDone = true
        cancel()
        socket.close()
        resolve(reading)
      }
      const cancel = this.#parts.clock.after(timeoutMs, () => finish(undefined))
      // The server's port is closed, or there is no way to it.
      socket.on('error', () => finish(undefined))
      socket.on('message', (packet) => {
        if (isDone) return
        const reading = read(packet)
        if (reading) finish(reading)
        else this.counters.strayPackets++
      })
      socket.connect(server.port, server.address, (error?: Error | null) => {
        if (!error && !isDone) socket.send(bytes)
      })
    })
  }

  #askTcp({ server, bytes, timeoutMs, read }: Asking): Promise<Reading | undefined> {
    return new Promise((resolve) => {
      const stream = connect({ host: server.address, port: server.port })
      let received = Buffer.alloc(0)
      const finish = (reading: Reading | undefined): void => {
        cancel()
        stream.destroy()
        resolve(reading)
      }
      const cancel = this.#parts.clock.after(timeoutMs, () => finish(undefined))
      stream.on('error', () => finish(undefined))
      stream.on('end', () => finish(undefined))
      stream.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk])
        const length = received.length < 2 ? TCP_ANSWER_BYTES_MAX : received.readUInt16BE(0)
        if (received.length >= length + 2) finish(read(received.subarray(2, length + 2)))
      })
      const prefix = Buffer.alloc(2)
      prefix.writeUInt16BE(bytes.length)
      stream.write(Buffer.concat([prefix, bytes]))
    })
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
