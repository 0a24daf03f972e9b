import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hex8, hexadecimal } from './hex.ts'

test('numbers of 32 bits are written as toString(16) writes them, with and without zeros', () => {
  const edges = [0, 1, 9, 10, 15, 16, 255, 256, 4095, 4096, 65535, 65536, 0xfffff, 0x100000, 0xffffff, 0x1000000, 0x7fffffff, 0xffffffff]
  for (const value of [...edges, ...edges.map((edge) => -edge)]) {
    assert.equal(hexadecimal(value), (value >>> 0).toString(16))
    assert.equal(hex8(value), (value >>> 0).toString(16).padStart(8, '0'))
  }
  fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) =>
    hexadecimal(value) === value.toString(16) && hex8(value) === value.toString(16).padStart(8, '0')))
})
