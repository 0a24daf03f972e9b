import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestOf, testLayer } from '../../test/support/transaction-layer.ts'
import { seededRandom } from '../base/random.ts'
import { Attributes } from '../runtime/context.ts'
import { LiveTransactions } from './live-transactions.ts'
import type { Transaction } from './transaction.ts'

test('thousands come and go, and each is found as long as it is there, by label and by key', () => {
  const { layer } = testLayer()
  const live = new LiveTransactions()
  const there = new Map<number, Transaction>()
  const random = seededRandom(5)
  const isFoundByKey = (wanted: Transaction): boolean => {
    for (let at = live.firstOfKey(wanted.key); at !== undefined; at = at.nextOfKey) if (at === wanted) return true
    return false
  }
  // Made beforehand: the layer's own lists use the same fields.
  const made = Array.from({ length: 6000 }, (_, index) => 
    layer.create(requestOf('OPTIONS', { branch: `z9hG4bK-${index}` }), new Attributes(), index % 7 !== 0))
  for (const transaction of made) {
    transaction.nextOfKey = undefined
    transaction.nextOfLabel = undefined
  }
  const gone: Transaction[] = []
  for (const transaction of made) {
    live.add(transaction)
    there.set(transaction.label, transaction)
    if (random.integer(3) > 0) continue
    const [oldest] = there.values()
    if (oldest === undefined) continue
    live.delete(oldest)
    live.delete(oldest)
    there.delete(oldest.label)
    gone.push(oldest)
  }
  assert.equal(live.size, there.size)
  assert.ok(there.size > 2048, 'the tables grew')
  for (const transaction of there.values()) {
    assert.equal(live.byLabel(transaction.label), transaction)
    assert.equal(isFoundByKey(transaction), transaction.key >= 0)
  }
  for (const transaction of gone) {
    assert.equal(live.byLabel(transaction.label), undefined)
    assert.equal(isFoundByKey(transaction), false)
    assert.deepEqual([transaction.nextOfKey, transaction.nextOfLabel], [undefined, undefined], 'it holds no other one')
  }
  assert.equal(new Set(live.from(there.size)).size, there.size)
})
