import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseList } from './list-file.ts'

const entry = (setId: number, uri: string, flags = 0, priority = 0, attributes = '') => ({ setId, uri, flags, priority, attributes })

// What Kamailio 5.6.3 makes of each line.
const rows: readonly (readonly [line: string, entries: readonly unknown[]])[] = [
  ['', []],
  ['  # a comment', []],
  ['1 sip:a', [entry(1, 'sip:a')]],
  [' 2\tsip:a 8 5 duid=a;weight=50 # behind it', [entry(2, 'sip:a', 8, 5, 'duid=a;weight=50')]],
  ['1 sip:a x y z', [entry(1, 'sip:a', 0, 0, 'x')]],
  ['1 sip:a 1a 2b', [entry(1, 'sip:a', 1, 0, 'a')]],
  ['1 sip:a 0 -3', [entry(1, 'sip:a', 0, 0, '-3')]],
  ['x sip:a', [entry(0, 'x', 0, 0, 'sip:a')]],
  ['7x sip:a', [entry(7, 'x', 0, 0, 'sip:a')]],
  ['1 sip:a 4 99999999999', [entry(1, 'sip:a', 4, 1215752191)]],
  ['1 sip:a#b 8#c', [entry(1, 'sip:a')]],
  ['1 sip:a 0 0 a=b#c d', [entry(1, 'sip:a', 0, 0, 'a=b#c')]],
  ['1 sip:a 8 # c', [entry(1, 'sip:a', 8)]],
  ['2', ['2']],
]

for (const [line, entries] of rows) {
  test(`the line '${line}' of a list`, () => assert.deepEqual(parseList(`${line}\n`), entries))
}
