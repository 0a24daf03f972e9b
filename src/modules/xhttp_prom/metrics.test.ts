import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDefinition, type Definition, type Kind } from './definition.ts'
import { decimals, Metrics } from './metrics.ts'

function defined(kind: Kind, text: string): Definition {
  const definition = parseDefinition(kind, text)
  assert.ok(typeof definition !== 'string', text)
  return definition
}

test('values that are not changed for long are forgotten', () => {
  const metrics = new Metrics([defined('counter', 'name=a; label=b')], 60_000)
  metrics.add('counter', 'a', ['old'], 1, 0)
  metrics.add('counter', 'a', ['new'], 1, 50_000)
  assert.equal(metrics.text('', 60_001), 'a{b="new"} 1 60001\n')
})

test('labels are written so that Prometheus reads them as they were', () => {
  const metrics = new Metrics([defined('gauge', 'name=a; label=b')], 0)
  metrics.set('gauge', 'a', ['x"y\\z\n'], 1.5, 0)
  assert.equal(metrics.text('p_', 1), 'p_a{b="x\\"y\\\\z\\n"} 1.500000 1\n')
})

test('a metric has so many values and no more, until old ones are forgotten', () => {
  const metrics = new Metrics([defined('counter', 'name=a; label=b')], 1000)
  for (let index = 0; index < 10_000; index++) assert.equal(metrics.add('counter', 'a', [String(index)], 1, 0), undefined)
  assert.match(metrics.add('counter', 'a', ['one more'], 1, 500) ?? '', /10000 values/)
  assert.equal(metrics.add('counter', 'a', ['one more'], 1, 2000), undefined)
})

test('numbers are written as C writes them', () => {
  assert.deepEqual([0.1, -2, 1e21, Infinity, -Infinity, NaN].map(decimals), [
    '0.100000', '-2.000000', '1000000000000000000000.000000', 'inf', '-inf', 'nan',
  ])
})
