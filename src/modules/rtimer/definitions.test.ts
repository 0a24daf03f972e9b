import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDefinitions } from './definitions.ts'

test('timers have their intervals in milliseconds and the last route first', () => {
  const read = readDefinitions(
    ['name=a;interval=10;mode=2;', 'mode=0; name=b', 'name=c;interval=500000u'], ['timer=a;route=X', 'timer=a;route=Y', 'timer=b'], 120,
  )
  assert.deepEqual(read, [
    { name: 'a', mode: 2, intervalMs: 10_000, routes: ['Y', 'X'] },
    { name: 'b', mode: 0, intervalMs: 120_000, routes: [] },
    { name: 'c', mode: 1, intervalMs: 500, routes: [] },
  ])
})

for (const [timers, execs, reason] of [
  [['interval=1'], [], 'invalid timer name'],
  [['name=a;interval=x'], [], 'invalid interval: x'],
  [['name=a;mode=-1'], [], 'invalid mode: -1'],
  [['name=a', 'name=a'], [], 'duplicate timer with same name: a'],
  [['name=a'], ['timer=b;route=R'], 'timer not found - name: b'],
  [['name=a'], ['route=R'], 'invalid timer name'],
] as const) {
  test(`${[...timers, ...execs].join(' ')} is refused: ${reason}`, () => assert.equal(readDefinitions(timers, execs, 1), reason))
}
