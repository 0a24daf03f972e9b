import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../base/clock.ts'
import { seededRandom } from '../../base/random.ts'
import { randomUuid, TimeUuids } from './rfc4122.ts'

test('UUIDs have their version and variant, and none comes twice', () => {
  const random = seededRandom(1)
  const byTime = new TimeUuids({ ...systemClock, now: () => 1_700_000_000_000 }, random)
  const seen = new Set<string>()
  for (let count = 0; count < 1000; count++) {
    const [one, two] = [randomUuid(random), byTime.next()]
    assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.match(two, /^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    seen.add(one).add(two)
  }
  assert.equal(seen.size, 2000)
})

test('the time is in version 1', () => {
  const uuid = new TimeUuids({ ...systemClock, now: () => 0 }, seededRandom(1)).next()
  assert.equal(uuid.slice(0, 18), '13814000-1dd2-11b2')
})
