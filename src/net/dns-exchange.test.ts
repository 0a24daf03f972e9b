import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../base/clock.ts'
import { systemDns } from './dns-exchange.ts'

test('a server to which there is no way gives no answer at once, not when the time is up', async () => {
  const startMs = performance.now()
  const answer = await systemDns(systemClock).overUdp({
    // The kernel lets nobody connect to this one.
    server: { address: '255.255.255.255', port: 53 },
    bytes: Buffer.alloc(12), timeoutMs: 60_000, read: () => undefined, onStray: () => undefined,
  })
  assert.equal(answer, undefined)
  assert.ok(performance.now() - startMs < 30_000)
})
