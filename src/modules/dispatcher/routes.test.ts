import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRules } from './routes.ts'

const rows: readonly (readonly [text: string, rules: ReturnType<typeof parseRules>])[] = [
  ['', []],
  ['1=4;2=8', [{ setId: 1, algorithm: 4 }, { setId: 2, algorithm: 8 }]],
  ['1=4;', [{ setId: 1, algorithm: 4 }]],
  ['1=;=8', [{ setId: 1, algorithm: 0 }, { setId: 0, algorithm: 8 }]],
  ['1=8; 2=4', 4],
  ['1;2', 1],
  ['a=b', 0],
  ['1=8;;2=4', 4],
]

for (const [text, rules] of rows) {
  test(`the rules '${text}'`, () => assert.deepEqual(parseRules(text), rules))
}
