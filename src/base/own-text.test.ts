import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heapBytes } from '../../test/support/heap.ts'
import { ownText, ownValue } from './own-text.ts'

const PACKET_BYTES = 20_000
const PACKETS = 1000

/** What the heap grows by when a piece of each of many packets is kept. */
function growthBy(keep: (piece: string) => string): number {
  const before = heapBytes()
  const kept: string[] = []
  for (let index = 0; index < PACKETS; index++) {
    const packet = Buffer.alloc(PACKET_BYTES, 65 + (index % 26)).toString('latin1')
    kept.push(keep(packet.slice(100, 120)))
  }
  const growth = heapBytes() - before
  assert.equal(kept.length, PACKETS)
  return growth
}

test('a text of its own does not keep the packet it was cut from', () => {
  const cut = growthBy((piece) => piece)
  const own = growthBy(ownText)
  assert.ok(cut > PACKETS * PACKET_BYTES * 0.9, `a piece keeps its packet: ${cut} bytes`)
  assert.ok(own < PACKETS * PACKET_BYTES * 0.05, `its copy does not: ${own} bytes`)
})

test('the copy has the same bytes, whatever their number', () => {
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))
  for (const text of ['', 'a', all, all.repeat(16), all.repeat(17)]) assert.equal(ownText(text), text)
  assert.equal(ownValue(7), 7)
  assert.equal(ownValue(null), null)
  assert.equal(ownValue(all), all)
})
