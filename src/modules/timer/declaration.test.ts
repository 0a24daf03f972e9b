import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDeclaration } from './declaration.ts'

test('a timer is declared by name, route, interval, queue and state', () => {
  assert.deepEqual(parseDeclaration('t1=TICK,100,fast,enable'), {
    id: 't1', route: 'TICK', intervalMs: 125, isSlow: false, isEnabled: true,
  })
  assert.deepEqual(parseDeclaration('t_2= MY:ROUTE ,0'), {
    id: 't_2', route: 'MY:ROUTE', intervalMs: 62.5, isSlow: true, isEnabled: false,
  })
})

for (const [text, near] of [
  ['x', "'(null)', error near 'x'"], ['x-y=R,1', "'(null)', error near 'x-y=R,1'"], ['x=,100', "'x', error near ',100'"],
  ['x=R', "'x', error near ''"], ['x=R,ms', "'x', error near 'ms'"], ['x=R,1,medium,enable', "'x', error near 'medium,enable'"],
  ['x=R,99999999999', "'x', error near '99999999999'"], ['x=R,1,slow,maybe', "'x', error near 'maybe'"],
] as const) {
  test(`'${text}' is refused`, () => assert.equal(parseDeclaration(text), `timer name ${near}`))
}
