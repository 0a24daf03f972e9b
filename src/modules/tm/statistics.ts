/** Figures of transactions, under the names that Kamailio's tmx gives them. */
import { Counter, type Statistics } from '../../base/statistics.ts'
import type { TransactionLayer } from '../../transaction/layer.ts'

export interface TmCounters {
  readonly server: Counter
  readonly client: Counter
  readonly received: Counter
  readonly absorbed: Counter
  readonly generated: Counter
  readonly relayed: Counter
  readonly sent: Counter
  /** Final replies by their first digit: [2] to [6]. */
  readonly completed: readonly Counter[]
  /** Transactions made since the start. */
  total: number
}

export function createTmCounters(statistics: Statistics, layer: TransactionLayer): TmCounters {
  const counter = (name: string): Counter => {
    const made = statistics.counter('tmx', name)
    made.isKept = true
    return made
  }
  const completed = [0, 1, 2, 3, 4, 5, 6].map((digit) =>
    digit < 2 ? new Counter('tmx', 'none') : counter(`${digit}xx_transactions`))
  counter('inuse_transactions').readFrom(() => layer.size)
  counter('active_transactions').readFrom(() => layer.size - layer.waitingCount)
  return {
    server: counter('UAS_transactions'),
    client: counter('UAC_transactions'),
    received: counter('rpl_received'),
    absorbed: counter('rpl_absorbed'),
    generated: counter('rpl_generated'),
    relayed: counter('rpl_relayed'),
    sent: counter('rpl_sent'),
    completed,
    total: 0,
  }
}

export function countCompleted(counters: TmCounters, status: number): void {
  counters.completed[Math.floor(status / 100)]?.increment()
}
