import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../base/clock.ts'
import { Blocklist } from './blocklist.ts'
import { initialSettings } from './settings.ts'

const next = { transport: 'udp', address: '192.0.2.1', port: 5060 } as const

function listAt(use_dst_blocklist: number) {
  let now = 0
  const settings = { ...initialSettings(), use_dst_blocklist, dst_blocklist_expire: 60 }
  const list = new Blocklist({ ...systemClock, monotonic: () => now }, settings)
  return { list, pass: (milliseconds: number) => { now += milliseconds } }
}

test('a listed destination is free again when its time is over', () => {
  const { list, pass } = listAt(1)
  list.add(next, 2)
  assert.equal(list.has(next), true)
  assert.equal(list.has({ ...next, port: 5061 }), false)
  assert.equal(list.has({ ...next, transport: 'tcp' }), false)
  pass(2000)
  assert.equal(list.has(next), false)
})

test('dst_blocklist_expire counts where no time is given, and nothing is listed with use_dst_blocklist off', () => {
  const { list, pass } = listAt(1)
  list.add(next)
  pass(59_999)
  assert.equal(list.has(next), true)
  pass(1)
  assert.equal(list.has(next), false)
  const off = listAt(0).list
  off.add(next)
  assert.equal(off.has(next), false)
})
