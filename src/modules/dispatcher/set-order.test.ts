import assert from 'node:assert/strict'
import { test } from 'node:test'
import { treeOrder } from './set-order.ts'

// The orders are those in which Kamailio 5.6.3 lists the sets.
const rows: readonly (readonly [ids: readonly number[], order: readonly number[]])[] = [
  [[], []],
  [[7], [7]],
  [[1, 2], [2, 1]],
  [[1, 2, 3, 5], [1, 5, 3, 2]],
  [[1, 6, 4, 5, 3, 2, 8, 9, 10, 0, 11, 12, 14, 15], [0, 1, 3, 2, 5, 8, 6, 10, 12, 15, 14, 11, 9, 4]],
  [[1, -2, 3], [-2, 3, 1]],
]

for (const [ids, order] of rows) {
  test(`sets ${ids.join()} are listed as ${order.join()}`, () => assert.deepEqual(treeOrder(ids), order))
}

test('each set is listed once', () => assert.deepEqual(treeOrder([3, 1, 3, 1]), [1, 3]))
