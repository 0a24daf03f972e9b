/** Algorithm 13: destinations by priority, which each so many milliseconds of latency lower by one. */
import type { Destination } from './destination.ts'

/** Indexes of usable destinations, the highest priority first; of one priority from index `start` on. */
export function byLatency(destinations: readonly Destination[], start: number): readonly number[] {
  const order: number[] = []
  for (let turn = 0; turn < destinations.length; turn++) {
    const index = (start + turn) % destinations.length
    if (destinations[index]?.isUsable === true) order.push(index)
  }
  const priorities = destinations.map(adjustedPriority)
  return order.sort((one, other) => (priorities[other] ?? 0) - (priorities[one] ?? 0))
}

function adjustedPriority({ priority, latency, attributes }: Destination): number {
  if (priority === 0) return 0
  const ms = attributes.controlsCongestion ? latency.congestion : Math.trunc(latency.estimate)
  return priority - Math.trunc(ms / priority)
}
