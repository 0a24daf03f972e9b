import type { Counter, Statistics } from '../../base/statistics.ts'

const NAMES = [
  'received', 'sent', 'unanswered', 'dropped', 'refused', 'malformed', 'repaired', 'compared',
] as const

export type CounterName = (typeof NAMES)[number]
export type CounterMap = Readonly<Record<CounterName, Counter>>

export const counterTexts: Readonly<Record<CounterName, string>> = {
  received: 'Messages that came on a channel.',
  sent: 'Messages that were sent to nodes.',
  unanswered: 'Messages that no node answered in time.',
  dropped: 'Messages that were not sent, since too many waited for a node already.',
  refused: 'Messages that came from addresses of no node.',
  malformed: 'Messages whose body made no sense.',
  repaired: 'Differences to other nodes that were found and repaired.',
  compared: 'Comparisons with other nodes.',
}

export function createCounters(statistics: Statistics): CounterMap {
  const counter = (name: CounterName): Counter => statistics.counter('dmq', name)
  return {
    received: counter('received'), sent: counter('sent'), unanswered: counter('unanswered'), dropped: counter('dropped'),
    refused: counter('refused'), malformed: counter('malformed'), repaired: counter('repaired'), compared: counter('compared'),
  }
}
