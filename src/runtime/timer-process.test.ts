import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../test/support/sip-message.ts'
import { testHost } from '../../test/support/test-host.ts'
import { VirtualClock } from '../../test/support/virtual-clock.ts'
import type { LogRecord } from '../base/log.ts'
import { RouteContext } from './context.ts'
import type { Host } from './host.ts'
import { every, TimerProcess } from './timer-process.ts'

const message = messageOf(['OPTIONS sip:a@b SIP/2.0', 'Call-ID: 1'])

function world() {
  const records: LogRecord[] = []
  const taken: number[] = []
  const host: Host = {
    ...testHost({ records }),
    contextFor(own) {
      taken.push(1)
      return { context: new RouteContext(host, { index: 7, variables: [] }, own), release: () => { taken.push(-1) } }
    },
  }
  return { host, records, taken }
}

test('a task is run again some time after it has ended, until it is stopped', async () => {
  const clock = new VirtualClock()
  const start = clock.now()
  const turns: number[] = []
  const stop = every(clock, 100, () => {
    turns.push(clock.now() - start)
    if (turns.length === 2) return new Promise((resolve) => clock.after(50, resolve))
  })
  await clock.advance(460)
  assert.deepEqual(turns, [100, 200, 350, 450])
  stop()
  await clock.advance(1000)
  assert.equal(turns.length, 4)
  assert.equal(clock.waiting, 0)
})

test('routes of a process run one after the other on one worker', async () => {
  const { host, taken } = world()
  const process = new TimerProcess(host)
  const seen: string[] = []
  let finish: (result: number) => void = () => undefined
  const first = process.run((context) => {
    seen.push(`first on ${context.worker.index}`)
    return new Promise((resolve) => { finish = resolve })
  }, message)
  const second = process.run((context) => {
    seen.push(`second on ${context.worker.index}`)
    return 1
  }, message)
  assert.deepEqual(seen, ['first on 7'])
  finish(1)
  await Promise.all([first, second])
  assert.deepEqual(seen, ['first on 7', 'second on 7'])
  process.stop()
  assert.deepEqual(taken, [1, -1])
})

test('a route that fails is told in the log and does not end the process', async () => {
  const { host, records } = world()
  const process = new TimerProcess(host)
  process.run(() => { throw new Error('broken') }, message)
  await process.run(() => Promise.reject(new Error('broken later')), message)
  assert.equal(process.run(() => 1, message), undefined)
  assert.deepEqual(records.map(({ text }) => /broken( later)?/.exec(text)?.[0]), ['broken', 'broken later'])
})
