import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VirtualClock } from '../../test/support/virtual-clock.ts'
import { IDLE, TimerWheel, type WheelTimer } from './timer-wheel.ts'

const timerOf = (timeout: () => void): WheelTimer => ({ nextTimer: undefined, previousTimer: undefined, due: IDLE, timeout })

const world = () => {
  const clock = new VirtualClock()
  const wheel = new TimerWheel(clock)
  const log: string[] = []
  const timer = (name: string) => timerOf(() => log.push(`${name} ${clock.monotonic()}`))
  return { clock, wheel, log, timer }
}

test('timers go off in time, never early, in the order they are due', async () => {
  const { clock, wheel, log, timer } = world()
  wheel.start(timer('c'), 120_000)
  wheel.start(timer('b'), 505)
  wheel.start(timer('a'), 500)
  wheel.start(timer('d'), 1)
  await clock.advance(200_000)
  assert.deepEqual(log, ['d 10', 'a 500', 'b 510', 'c 120000'])
  assert.equal(wheel.count, 0)
  assert.equal(clock.waiting, 0)
})

test('a timer that is stopped stays silent, one that is started again goes off once, at the later time', async () => {
  const { clock, wheel, log, timer } = world()
  const [stopped, again] = [timer('stopped'), timer('again')]
  wheel.start(stopped, 100)
  wheel.start(again, 100)
  await clock.advance(50)
  wheel.stop(stopped)
  wheel.start(again, 100)
  await clock.advance(1000)
  assert.deepEqual(log, ['again 150'])
})

test('a task may stop and start timers of its own slot', async () => {
  const { clock, wheel, log, timer } = world()
  const victim = timer('victim')
  const late = timer('late')
  const first = timerOf(() => {
    wheel.stop(victim)
    wheel.start(late, 0)
  })
  wheel.start(first, 100)
  wheel.start(victim, 100)
  await clock.advance(1000)
  assert.deepEqual(log, ['late 110'])
  assert.equal(wheel.count, 0)
})

test('timers more than a turn of the ring apart share a slot without going off together', async () => {
  const { clock, wheel, log, timer } = world()
  wheel.start(timer('near'), 1000)
  wheel.start(timer('far'), 1000 + 40_960)
  await clock.advance(100_000)
  assert.deepEqual(log, ['near 1000', 'far 41960'])
})

test('ten thousand timers at any times, some stopped: each goes off once, within a tick', async () => {
  const { clock, wheel } = world()
  let state = 7
  const random = (limit: number): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % limit
  const missed: number[] = []
  let expected = 0
  let went = 0
  for (let count = 0; count < 10_000; count++) {
    const delay = random(90_000)
    const due = clock.monotonic() + delay
    const timer = timerOf(() => {
      went++
      const late = clock.monotonic() - due
      if (late < 0 || late > 10) missed.push(late)
    })
    wheel.start(timer, delay)
    if (random(3) === 0) wheel.stop(timer)
    else expected++
    if (count % 100 === 0) await clock.advance(random(300))
  }
  await clock.advance(100_000)
  assert.deepEqual(missed, [])
  assert.equal(went, expected)
})
