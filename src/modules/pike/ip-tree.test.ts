import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, IpTree } from './ip-tree.ts'

const address = (text: string): Uint8Array => Uint8Array.from(text.split('.').map(Number))

function hits(tree: IpTree, text: string, count: number): readonly (string | undefined)[] {
  return Array.from({ length: count }, () => tree.hit(address(text), 0)?.verdict)
}

test('an address is split off byte by byte, and turns red when it is hit often', () => {
  const tree = new IpTree(16, 10)
  const verdicts = hits(tree, '10.1.2.3', 24)
  assert.equal(verdicts.indexOf('becomes red'), 21)
  assert.equal(verdicts.at(-1), 'is red')
  assert.deepEqual(tree.leaves().map((leaf) => [...bytesOf(leaf)].join('.')), ['10.1.2.3'])
})

test('a red address is free again when two units of time were quiet', () => {
  const tree = new IpTree(16, 10)
  hits(tree, '10.1.2.3', 30)
  assert.equal(tree.turn().length, 0)
  assert.equal(tree.turn().length, 1)
  assert.equal(tree.hit(address('10.1.2.3'), 0)?.verdict, 'fine')
})

test('what nobody hits goes from the leaves to the root', () => {
  const tree = new IpTree(16, 10)
  hits(tree, '10.1.2.3', 30)
  for (let now = 10; now <= 40; now += 10) tree.expire(now)
  assert.equal(tree.leaves().length, 0)
  assert.equal(hits(tree, '10.1.2.3', 24).indexOf('becomes red'), 21)
})
