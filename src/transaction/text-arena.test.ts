import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TextArena } from './text-arena.ts'

test('texts come back as they were, whatever is added and released around them', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(300_000), fc.nat(255), fc.boolean()), { maxLength: 40 }), (steps) => {
    const arena = new TextArena()
    const kept: { place: number, text: string }[] = []
    for (const [length, code, releases] of steps) {
      const text = String.fromCharCode(code).repeat(length)
      kept.push({ place: arena.add(text), text })
      const oldest = releases ? kept.shift() : undefined
      if (oldest !== undefined) arena.release(oldest.place)
      for (const { place, text: wanted } of kept) assert.equal(arena.read(place, wanted.length), wanted)
    }
  }), { numRuns: 60 })
})

test('memory does not grow when old texts go as new ones come', () => {
  const arena = new TextArena()
  const text = 'x'.repeat(1000)
  const places: number[] = []
  for (let index = 0; index < 2000; index++) places.push(arena.add(text))
  const before = arena.reservedBytes
  for (let index = 0; index < 50_000; index++) {
    arena.release(places.shift() ?? 0)
    places.push(arena.add(text))
  }
  assert.ok(arena.reservedBytes <= before + 2 * (1 << 20), `${before} bytes, then ${arena.reservedBytes}`)
  for (const place of places) arena.release(place)
  assert.ok(arena.reservedBytes <= 9 * (1 << 20), `${arena.reservedBytes} bytes for nothing`)
})

test('a text longer than a chunk has one of its own, which goes with it', () => {
  const arena = new TextArena()
  const long = 'y'.repeat(3_000_000)
  const place = arena.add(long)
  const other = arena.add('z')
  assert.equal(arena.read(place, long.length), long)
  arena.release(place)
  assert.equal(arena.read(other, 1), 'z')
  assert.ok(arena.reservedBytes < 3_000_000)
})
