import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAliasFlags, USUAL_MODE } from './aliases.ts'

test('flags of alias functions are letters, of which the last of d and u counts', () => {
  const rows = [
    ['', USUAL_MODE], ['d', { usesDomain: false, isReverse: false }], ['uD', { usesDomain: false, isReverse: false }],
    ['dUr', { usesDomain: true, isReverse: true }], ['x', "unsupported flag 'x'"],
  ] as const
  for (const [text, mode] of rows) assert.deepEqual(parseAliasFlags(text), mode, text)
})
