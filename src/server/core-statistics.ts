/** What is counted of the messages that come, under Kamailio's names; and figures that are kept elsewhere. */
import type { Counter, Statistics } from '../base/statistics.ts'
import type { ConnectionFigures, ProcessFacts } from '../runtime/host.ts'
import type { SipMessage } from '../sip/message.ts'

const REQUESTS = [
  'ack', 'bye', 'cancel', 'info', 'invite', 'message', 'notify', 'options', 'prack', 'publish', 'refer', 'register', 'subscribe', 'update',
]
/** Methods of replies, by the names that the counters have for them. */
const REPLIES = [
  ['BYE', 'bye'], ['CANCEL', 'cancel'], ['INVITE', 'invite'], ['MESSAGE', 'message'], ['PRACK', 'prack'], ['REFER', 'refer'],
  ['REGISTER', 'reg'], ['UPDATE', 'update'],
] as const
const CODES = [401, 404, 407, 480, 486]

export class CoreStatistics {
  readonly malformed: Counter
  readonly droppedReplies: Counter
  readonly failedRequests: Counter
  readonly #requests: Counter
  readonly #unsupported: Counter
  readonly #byMethod: ReadonlyMap<string, Counter>
  readonly #replies: Counter
  readonly #ringing: Counter
  /** By first digit: all, and those of a method. */
  readonly #byClass: readonly { readonly all: Counter; readonly byMethod: ReadonlyMap<string, Counter> }[]
  readonly #byCode: ReadonlyMap<number, Counter>

  constructor(statistics: Statistics) {
    const counter = (name: string): Counter => statistics.counter('core', name)
    for (const name of ['bad_URIs_rcvd', 'drop_requests', 'err_replies', 'fwd_replies', 'fwd_requests']) counter(name)
    this.malformed = counter('bad_msg_hdr')
    this.droppedReplies = counter('drop_replies')
    this.failedRequests = counter('err_requests')
    this.#requests = counter('rcv_requests')
    this.#unsupported = counter('unsupported_methods')
    this.#byMethod = new Map(REQUESTS.map((name) => [name.toUpperCase(), counter(`rcv_requests_${name}`)]))
    this.#replies = counter('rcv_replies')
    this.#ringing = counter('rcv_replies_18x')
    this.#byClass = [1, 2, 3, 4, 5, 6].map((digit) => ({
      all: counter(`rcv_replies_${digit}xx`),
      byMethod: new Map(REPLIES.map(([method, name]) => [method, counter(`rcv_replies_${digit}xx_${name}`)])),
    }))
    this.#byCode = new Map(CODES.map((code) => [code, counter(`rcv_replies_${code}`)]))
  }

  request(message: SipMessage): void {
    this.#requests.increment()
    const own = this.#byMethod.get(message.method)
    if (own === undefined) this.#unsupported.increment()
    else own.increment()
  }

  reply(message: SipMessage): void {
    const { status } = message
    this.#replies.increment()
    const entry = this.#byClass[Math.floor(status / 100) - 1]
    if (entry === undefined) return
    entry.all.increment()
    entry.byMethod.get(message.cseq()?.method ?? '')?.increment()
    if (status >= 180 && status < 190) this.#ringing.increment()
    this.#byCode.get(status)?.increment()
  }
}

export interface FigureSources {
  readonly connections: () => ConnectionFigures
  readonly dns: { readonly failed: number; readonly slow: number }
  readonly process: ProcessFacts
}

/** Groups `tcp`, `dns` and `shmem`: windows on figures that others keep. */
export function addFigures(statistics: Statistics, { connections, dns, process: { memory } }: FigureSources): void {
  statistics.counter('dns', 'failed_dns_request').readFrom(() => dns.failed)
  statistics.counter('dns', 'slow_dns_request').readFrom(() => dns.slow)
  for (const name of Object.keys(connections().counts)) {
    statistics.counter('tcp', name).readFrom(() => connections().counts[name] ?? 0)
  }
  statistics.counter('tcp', 'current_opened_connections').readFrom(() => connections().open)
  statistics.counter('tcp', 'current_write_queue_size').readFrom(() => connections().queuedBytes)
  const figures: Readonly<Record<string, () => number>> = {
    fragments: () => 1,
    free_size: () => memory().heapTotal - memory().heapUsed,
    max_used_size: () => memory().rss,
    real_used_size: () => memory().rss,
    total_size: () => memory().heapTotal,
    used_size: () => memory().heapUsed,
  }
  for (const [name, read] of Object.entries(figures)) statistics.counter('shmem', name).readFrom(read)
}
