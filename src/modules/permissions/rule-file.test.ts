import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHost } from '../../../test/support/test-host.ts'
import type { LogRecord } from '../../base/log.ts'
import { hasRule, readRules } from './rule-file.ts'

function rulesOf(text: string) {
  const records: LogRecord[] = []
  const rules = readRules(testHost({ records, files: { read: () => text } }), 'file')
  return { rules, texts: records.map((record) => record.text) }
}

// rule, left, right, whether it is about them
const rows: readonly (readonly [rule: string, left: string, right: string, isAbout: boolean])[] = [
  ['ALL : ALL', 'a', 'b', true],
  ['"^a" : "b$"', 'ax', 'xb', true],
  ['"^a" : "b$"', 'xa', 'xb', false],
  ['a, b : c', 'b', 'c', true],
  ['ALL EXCEPT "b" : ALL', 'b', 'c', false],
  ['ALL : ALL EXCEPT "x", "y"', 'a', 'y', false],
  ['"a,b" : "c:d" # comment', 'a,b', 'c:d', true],
  ['A : B', 'a', 'b', true],
  ['a : b : c', 'a : b', 'c', true],
]

test('a rule is about pairs of URIs', () => {
  for (const [rule, left, right, isAbout] of rows) assert.equal(hasRule(rulesOf(rule).rules, left, right), isAbout, rule)
})

test('lines that cannot be read are named and left out', () => {
  const { rules, texts } = rulesOf('# nothing\n\nno colon\n"(" : ALL\nALL :\nALL : ALL\n')
  assert.equal(rules.length, 1)
  assert.deepEqual(texts, [
    'failed to parse line: no colon\n', 'bad regular expression: (', 'failed to parse line-left: "(" : ALL\n',
    'failed to parse line: ALL :\n',
  ])
})
