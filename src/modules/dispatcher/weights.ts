/** Who gets which of 100 calls, by weight (algorithm 9) and by relative weight (algorithm 11). */
import type { Random } from '../../base/random.ts'
import type { Destination } from './destination.ts'

export const TURNS = 100

/** Indexes of destinations, one a turn; undefined where the first one has no weight. */
export function turnsByWeight(destinations: readonly Destination[], random: Random): Uint16Array | undefined {
  if ((destinations[0]?.attributes.weight ?? 0) === 0) return undefined
  return shuffled(fill(destinations.map(({ attributes }) => attributes.weight), destinations.length - 1), random)
}

/** The same by the shares of those that are usable; undefined where nobody has any. */
export function turnsByShare(shares: readonly number[], random: Random): Uint16Array | undefined {
  const sum = shares.reduce((total, share) => total + share, 0)
  if (sum === 0) return undefined
  const last = shares.findLastIndex((share) => share > 0)
  return shuffled(fill(shares.map((share) => Math.trunc((share * TURNS) / sum)), last), random)
}

/** So many turns for each, what is left for one of them. */
function fill(counts: readonly number[], rest: number): Uint16Array {
  const turns = new Uint16Array(TURNS).fill(rest)
  let at = 0
  counts.forEach((count, index) => {
    for (let left = count; left > 0 && at < TURNS; left--) turns[at++] = index
  })
  return turns
}

function shuffled(turns: Uint16Array, random: Random): Uint16Array {
  for (let at = 0; at < turns.length; at++) {
    const other = at + random.integer(turns.length - at)
    const kept = turns[at] ?? 0
    turns[at] = turns[other] ?? 0
    turns[other] = kept
  }
  return turns
}
