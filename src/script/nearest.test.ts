import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from './nearest.ts'

test('nearest finds the word that was meant', () => {
  const words = ['route', 'request_route', 'loadmodule', 'if', 'children', 'exit']
  const table: readonly (readonly [string, string | undefined])[] = [
    ['rout', 'route'], ['loadmodul', 'loadmodule'], ['laodmodule', 'loadmodule'], ['iff', 'if'], ['Children', 'children'],
    ['chidlren', 'children'], ['banana', undefined], ['x', undefined], ['', undefined], ['request_rout', 'request_route'],
  ]
  for (const [word, meant] of table) assert.equal(nearest(word, words), meant, word)
})
