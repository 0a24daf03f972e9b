import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../base/random.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { NO_ATTRIBUTES, type Attributes } from './attributes.ts'
import { Destination } from './destination.ts'
import { DestinationSet } from './destination-set.ts'

function destination(attributes: Partial<Attributes>, flags = 0): Destination {
  const uri = parseUri('sip:192.0.2.1')
  if (uri instanceof ParseError) throw new Error(uri.reason)
  const entry = { setId: 1, uri: uri.text, flags, priority: 0, attributes: '' }
  return new Destination(entry, uri, { ...NO_ATTRIBUTES, ...attributes }, undefined)
}

function counts(take: () => number): readonly number[] {
  const taken = [0, 0, 0, 0]
  for (let call = 0; call < 100; call++) {
    const index = take()
    taken[index] = (taken[index] ?? 0) + 1
  }
  return taken
}

const byWeight: readonly (readonly [weights: readonly number[], taken: readonly number[]])[] = [
  [[20, 30, 50], [20, 30, 50, 0]],
  [[10, 20], [10, 90, 0, 0]],
  [[3, 50, 60], [3, 50, 47, 0]],
  [[0, 60], [100, 0, 0, 0]],
]

for (const [weights, taken] of byWeight) {
  test(`of 100 calls, weights ${weights.join()} take ${taken.join()}`, () => {
    const set = new DestinationSet(1, weights.map((weight) => destination({ weight })), seededRandom(1))
    assert.deepEqual(counts(() => set.takeWeighted()), taken)
  })
}

test('relative weights count for usable destinations, and anew when a state changes', () => {
  const destinations = [destination({ rweight: 10 }, 1), destination({ rweight: 50 }), destination({ rweight: 60 })]
  const set = new DestinationSet(1, destinations, seededRandom(1))
  assert.deepEqual(counts(() => set.takeShare()), [0, 45, 55, 0])
  const [first] = destinations
  if (first !== undefined) first.flags = 0
  set.shareOut()
  assert.deepEqual(counts(() => set.takeShare()), [8, 41, 51, 0])
})

test('congestion takes off the weight of a destination, a millisecond each', () => {
  const slow = destination({ rweight: 50, weight: 50, latency: 10, controlsCongestion: true })
  const fast = destination({ rweight: 50, weight: 50, latency: 1, controlsCongestion: true })
  const set = new DestinationSet(1, [fast, slow], seededRandom(1))
  slow.latency.add(30, 0)
  set.controlCongestion(slow)
  assert.equal(slow.rweight, 31)
  assert.deepEqual(counts(() => set.takeShare()), [61, 39, 0, 0])
})

test('when all are congested, the less congested ones get more', () => {
  // Figures of Kamailio 5.6.3.
  const given = { rweight: 50, weight: 10, controlsCongestion: true }
  const destinations = [100, 200, 10].map((latency) => destination({ ...given, latency }))
  const set = new DestinationSet(1, destinations, seededRandom(1))
  const [first, second, third] = destinations
  first?.latency.add(414, 0.5)
  second?.latency.add(411, 0.5)
  third?.latency.add(411, 0.5)
  for (const each of destinations) set.controlCongestion(each)
  assert.deepEqual(destinations.map(({ rweight }) => rweight), [47, 70, 36])
})
