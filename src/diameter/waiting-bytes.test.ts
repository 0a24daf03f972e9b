import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WaitingBytes } from './waiting-bytes.ts'

const MEBIBYTE = 1 << 20

test('where too much waits for all peers together, the one with the most goes; what was read since does not count', () => {
  const waiting = new WaitingBytes()
  const dropped: number[] = []
  const links = Array.from({ length: 40 }, (_, index) => ({
    waitingBytes: 0,
    drop: () => {
      dropped.push(index)
      const link = links[index]
      if (link !== undefined) waiting.forget(link)
    },
  }))
  const write = (index: number, bytes: number): void => {
    const link = links[index]
    if (link === undefined) return
    link.waitingBytes = bytes
    waiting.note(link, bytes)
  }
  for (let index = 0; index < 20; index++) write(index, 3 * MEBIBYTE)
  assert.deepEqual(dropped, [])
  // These have been read meanwhile.
  for (const link of links.slice(0, 10)) link.waitingBytes = 0
  for (let index = 20; index < 30; index++) write(index, 3 * MEBIBYTE)
  assert.deepEqual(dropped, [])
  write(30, 4 * MEBIBYTE)
  write(31, 3 * MEBIBYTE)
  assert.deepEqual(dropped, [30])
})
