import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../base/random.ts'
import { applyEntries, packEntries } from './entry-format.ts'
import type { JsonValue } from './json.ts'
import { Replica } from './replica.ts'

const NOW = 1_000_000

/** A replica of texts, and the texts. */
function textReplica(): { replica: Replica; texts: Map<string, JsonValue> } {
  const texts = new Map<string, JsonValue>()
  const replica = new Replica('texts', NOW, {
    read: (key) => texts.get(key),
    write(key, value) {
      if (typeof value !== 'string') return false
      texts.set(key, value)
      return true
    },
    remove: (key) => void texts.delete(key),
  })
  return { replica, texts }
}

type Made = ReturnType<typeof textReplica>

function put({ replica, texts }: Made, key: string, text: string, expires = 0): void {
  texts.set(key, text)
  replica.set(key, replica.nextStamp(key, NOW), text.length + 1, expires, true)
}

function remove({ replica, texts }: Made, key: string): void {
  texts.delete(key)
  replica.bury(key, replica.nextStamp(key, NOW), NOW + 3600, true)
}

function give(from: Made, to: Made): void {
  const { text } = packEntries(from.replica, [...from.replica.liveKeys(), ...from.texts.keys(), 'gone'][Symbol.iterator]())
  applyEntries(to.replica, JSON.parse(text) as JsonValue, NOW)
}

test('two replicas with the same entries have the same digest, in whatever order they came', () => {
  const [one, other] = [textReplica(), textReplica()]
  const keys = Array.from({ length: 500 }, (_, index) => `key ${index}`)
  for (const key of keys) put(one, key, key)
  for (const key of [...keys].reverse()) put(other, key, key)
  assert.equal(one.replica.digest(), other.replica.digest())
  put(other, 'key 7', 'new')
  assert.notEqual(one.replica.digest(), other.replica.digest())
  remove(other, 'key 8')
  assert.equal(other.replica.count, 499)
  assert.equal(other.replica.graves, 1)
})

test('the newer of two values wins on both sides, and of equally new ones the same', () => {
  const [one, other] = [textReplica(), textReplica()]
  put(one, 'a', 'old')
  give(one, other)
  put(other, 'a', 'newer')
  put(one, 'b', 'short')
  put(other, 'b', 'a longer one')
  for (let round = 0; round < 2; round++) {
    give(one, other)
    give(other, one)
  }
  assert.deepEqual([...one.texts].sort(), [...other.texts].sort())
  assert.equal(one.texts.get('a'), 'newer')
  assert.equal(one.texts.get('b'), 'a longer one')
  assert.equal(one.replica.digest(), other.replica.digest())
})

test('a deletion outlives an older value that comes behind it', () => {
  const [one, other] = [textReplica(), textReplica()]
  put(one, 'gone', 'value')
  give(one, other)
  remove(other, 'gone')
  give(one, other)
  assert.equal(other.texts.has('gone'), false)
  give(other, one)
  assert.equal(one.texts.has('gone'), false)
  assert.equal(one.replica.digest(), other.replica.digest())
})

test('what has ended leaves no trace', () => {
  const made = textReplica()
  const empty = made.replica.digest()
  for (let index = 0; index < 100; index++) put(made, `k${index}`, 'v', NOW + 1 + (index % 7))
  for (let index = 0; index < 100; index++) put(made, `k${index}`, 'w', NOW + 5 + (index % 7))
  assert.equal(made.replica.sweep(NOW + 4, 1000), true)
  assert.equal(made.replica.count, 100)
  while (!made.replica.sweep(NOW + 20, 10)) assert.ok(made.replica.count < 100)
  assert.equal(made.replica.count, 0)
  assert.equal(made.replica.digest(), empty)
})

test('what was to end sooner does not come back from who has not heard of it', () => {
  const [one, other] = [textReplica(), textReplica()]
  put(one, 'gone', 'value', NOW + 600)
  give(one, other)
  put(one, 'gone', 'short', NOW + 1)
  one.texts.delete('gone')
  one.replica.sweep(NOW + 3, 100)
  assert.equal(one.replica.isDeleted('gone'), true)
  give(other, one)
  assert.equal(one.texts.has('gone'), false)
  give(one, other)
  assert.equal(other.texts.has('gone'), false)
  assert.equal(one.replica.digest(), other.replica.digest())
})

test('a change that comes when it has ended still ends what was before', () => {
  const [one, other] = [textReplica(), textReplica()]
  put(one, 'gone', 'value', NOW + 600)
  give(one, other)
  put(one, 'gone', 'short', NOW - 1)
  give(one, other)
  assert.equal(other.texts.has('gone'), false)
})

test('entries that make no sense are counted, and change nothing', () => {
  const made = textReplica()
  put(made, 'a', 'value')
  const before = made.replica.digest()
  const rows: readonly JsonValue[] = [
    1, null, [], ['b'], ['b', 1, 2, 3], ['b', -1, 2, 0, 'x'], ['b', 1.5, 2, 0, 'x'], ['b', 1, 2, 0, 5], [7, 1, 2, 0, 'x'],
    ['b', (NOW + 100_000) * 1024, 2, 0, 'from the future'],
  ]
  const { changed, malformed } = applyEntries(made.replica, rows, NOW)
  assert.equal(changed, 0)
  assert.equal(malformed, rows.length)
  assert.equal(made.replica.digest(), before)
  assert.equal(applyEntries(made.replica, 'rubbish', NOW).malformed, 1)
})

test('after any changes on three sides, giving all to all makes them one', () => {
  const random = seededRandom(5)
  const sides = [textReplica(), textReplica(), textReplica()]
  for (let step = 0; step < 2000; step++) {
    const side = sides[random.integer(3)]
    const key = `k${random.integer(20)}`
    if (side === undefined) continue
    if (random.integer(3) === 0 && side.texts.has(key)) remove(side, key)
    else put(side, key, 'x'.repeat(random.integer(30)))
  }
  const keys = Array.from({ length: 20 }, (_, index) => `k${index}`)
  for (let round = 0; round < 2; round++) {
    for (const from of sides) {
      for (const to of sides) {
        let next: string | undefined
        const all = keys[Symbol.iterator]()
        do {
          const packed = packEntries(from.replica, all, next)
          next = packed.next
          applyEntries(to.replica, JSON.parse(packed.text) as JsonValue, NOW)
        } while (next !== undefined)
      }
    }
  }
  const [first] = sides
  for (const side of sides) {
    assert.equal(side.replica.digest(), first?.replica.digest())
    assert.deepEqual([...side.texts].sort(), [...(first?.texts ?? [])].sort())
  }
})
