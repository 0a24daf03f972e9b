import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../test/support/sip-message.ts'
import { testHost } from '../../test/support/test-host.ts'
import type { LogRecord } from '../base/log.ts'
import { RouteMask } from '../define/route-kind.ts'
import { Flow, RouteContext } from '../runtime/context.ts'
import type { RouteFunction } from '../runtime/host.ts'
import { askRoute } from './gate.ts'

function ask(route: RouteFunction) {
  const records: LogRecord[] = []
  const host = testHost({ records })
  const context = new RouteContext(host, { index: 0, variables: [] }, messageOf(['OPTIONS sip:b SIP/2.0', 'Via: SIP/2.0/UDP a']))
  return { verdict: askRoute(host, route, context), context, records }
}

test('a route lets a message pass with its return code, or drops it', () => {
  assert.deepEqual(ask(() => 1).verdict, { dropped: false, code: 1 })
  assert.deepEqual(ask(() => -1).verdict, { dropped: false, code: -1 })
  assert.deepEqual(ask((context) => {
    context.flow |= Flow.drop | Flow.exit
    return 0
  }).verdict, { dropped: true, code: 0 })
})

test('the route runs as an event route, and leaves the context as for a message that just came', () => {
  let type = 0
  const { context } = ask((running) => {
    type = running.routeType
    running.flow |= Flow.exit
    running.returnCode = 7
    running.depth = 3
    return 1
  })
  assert.equal(type, RouteMask.event)
  assert.deepEqual([context.flow, context.returnCode, context.depth], [0, 0, 0])
})

test('a route that waits is waited for', async () => {
  const { verdict, context } = ask(async (running) => {
    await Promise.resolve()
    running.flow |= Flow.drop
    return 5
  })
  assert.ok(verdict instanceof Promise)
  assert.deepEqual(await verdict, { dropped: true, code: 5 })
  assert.equal(context.flow, 0)
})

test('a route that fails, at once or later, is logged and keeps no message from its way', async () => {
  const fails: readonly RouteFunction[] = [
    () => { throw new Error('broken') },
    async () => { throw new Error('broken') },
  ]
  for (const route of fails) {
    const { verdict, records } = ask(route)
    assert.deepEqual(await verdict, { dropped: false, code: 0 })
    assert.equal(records.length, 1)
    assert.match(records[0]?.text ?? '', /an event route failed: Error: broken/)
  }
})
