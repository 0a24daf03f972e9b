import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptBench, type ScriptBench } from '../../../test/support/script-engine.ts'
import { LogLevel } from '../../base/log.ts'
import { RubyEngine } from './engine.ts'

const FOLDER = '/etc/kamailio'
const SCRIPT = `${FOLDER}/s.rb`

const FIRST = `
require 'beside'
require 'set'
$count = 1
def ksr_request_route
  KSR.note("before")
  rc = begin; KSR.wait; ensure; KSR.note("ensured"); end
  KSR.note("after #{rc} #{KSR::PV.get("$n")} #{$count}")
end
def other = KSR.note("other #{KSR::PV.get("$n")}")
def results
  KSR.note([KSR::PV.get("$null"), KSR::PV.get("$n"), KSR.is_it(1), KSR.no_wait, KSR.note("x"), Set.new([1]).size, Beside.name].inspect)
  KSR.note(KSR::PV.many(2_000_000_000, "\\xff\\0".b, -3, "") + KSR::PV.many(1, "a" * 100_000, 2, "z").size.to_s)
  KSR::X.modf("xlog", "L_INFO", 5)
end
def loops = while true do begin; loop { }; rescue Exception; end end
def recursive(n = 0)
  [1].each { recursive(n + 1) }
end
def raises
  raise "on purpose"
end
def leaves
  KSR::X.exit
  KSR.note("no")
end
def drops = KSR::X.drop
def own_fiber = Fiber.new { KSR.note("in fiber #{KSR.wait}") }.resume
`

interface Started extends ScriptBench { readonly engine: RubyEngine }

let ready: Promise<Started> | undefined

/** One Ruby serves all tests. */
function started(): Promise<Started> {
  ready ??= (async () => {
    const bench = scriptBench({ [SCRIPT]: FIRST, [`${FOLDER}/beside.rb`]: 'module Beside; def self.name = "beside"; end' })
    const engine = new RubyEngine(bench.host, { load: 's.rb', xval_mode: 1, time_limit: 100, watch: 0 })
    assert.equal(await engine.start(), undefined)
    return { ...bench, engine }
  })()
  return ready
}

function taken({ notes, records }: ScriptBench): { notes: readonly string[]; errors: readonly string[] } {
  const errors = records.splice(0).filter(({ level }) => level === LogLevel.err).map(({ text }) => text)
  return { notes: notes.splice(0), errors }
}

test('a function that waits lets other messages go on, and each finds its own message behind it', async () => {
  const bench = await started()
  const first = bench.engine.run('ksr_request_route', bench.message(1), [])
  const second = bench.engine.run('ksr_request_route', bench.message(2), [])
  assert.equal(bench.engine.run('other', bench.message(3), []), 1)
  bench.release(10)
  bench.release(20)
  assert.deepEqual([await first, await second], [1, 1])
  assert.deepEqual(taken(bench).notes, [
    '1: before', '2: before', '3: other 3', '1: ensured', '1: after 10 1 1', '2: ensured', '2: after 20 2 1',
  ])
})

test('arguments and results have Ruby\'s types, and libraries are found beside the script', async () => {
  const bench = await started()
  assert.equal(bench.engine.run('results', bench.message(1), []), 1)
  const { notes, errors } = taken(bench)
  assert.deepEqual(errors, [])
  assert.deepEqual(notes, [
    '1: x', '1: [nil, 1, true, 7, false, 1, "beside"]', '1: 2000000000|\xff\0|-3|100006', 'modf xlog L_INFO 5',
  ])
})

test('a loop without an end and calls without an end are ended, and the next message is served', async () => {
  const bench = await started()
  assert.equal(bench.engine.run('loops', bench.message(1), []), 1)
  assert.match(taken(bench).errors[0] ?? '', /^exception: the script ran for more than 100 ms/)
  assert.equal(bench.engine.run('recursive', bench.message(1), []), 1)
  assert.match(taken(bench).errors[0] ?? '', /^exception: stack level too deep/)
  assert.equal(bench.engine.run('other', bench.message(2), []), 1)
  assert.deepEqual(taken(bench).notes, ['2: other 2'])
})

test('an error has its place in the log; exit and drop are none', async () => {
  const bench = await started()
  assert.equal(bench.engine.runFunction(bench.message(1), 'raises', []), -1)
  assert.ok(bench.records.some(({ text }) => /^raised at \/etc\/kamailio\/s\.rb:21:/.test(text)))
  assert.deepEqual(taken(bench).errors, ['exception: on purpose', 'ruby exception (6) on callback for: raises (res type: 17)'])
  assert.equal(bench.engine.runFunction(bench.message(1), 'leaves', []), 1)
  const dropped = bench.message(1)
  bench.engine.run('drops', dropped, [])
  assert.equal(dropped.flow & 4, 4)
  assert.equal(bench.engine.has('drops'), true)
  assert.equal(bench.engine.has('nosuch'), false)
  assert.deepEqual(taken(bench), { notes: [], errors: [] })
})

test('in a fiber of its own a script cannot wait, which the log tells, whatever waited before', async () => {
  const bench = await started()
  const waiting = bench.engine.run('ksr_request_route', bench.message(1), [])
  bench.release(1)
  await waiting
  taken(bench)
  assert.equal(bench.engine.run('own_fiber', bench.message(1), []), 1)
  bench.release(5)
  const { notes, errors } = taken(bench)
  assert.deepEqual(notes, ['1: in fiber -1'])
  assert.match(errors[0] ?? '', /^KSR\.wait waits, which it cannot do here/)
})

const faulty: readonly (readonly [script: string, line: number, reason: RegExp])[] = [
  ['def other\n  if x\nend', 3, /end/],
  ['$count = 5\ndef other = KSR.note("changed")\nX = 1\ndef added = 1\nraise "in loading"', 5, /^in loading$/],
]

test('a script that cannot be loaded changes nothing; a good one serves the next message', async () => {
  const bench = await started()
  for (const [script, line, reason] of faulty) {
    bench.files.set(SCRIPT, script)
    const error = await bench.engine.reload()
    assert.equal(error?.line, line, script)
    assert.match(error.reason, reason)
    bench.engine.run('other', bench.message(1), [])
    assert.equal(bench.engine.has('added'), false)
  }
  const running = bench.engine.run('ksr_request_route', bench.message(1), [])
  bench.files.set(SCRIPT, 'def ksr_request_route = KSR.note("new #{$count} #{defined?(X).inspect}")')
  assert.equal(await bench.engine.reload(), undefined)
  bench.engine.run('ksr_request_route', bench.message(2), [])
  bench.release(1)
  await running
  assert.deepEqual(taken(bench).notes, ['1: other 1', '1: other 1', '1: before', '2: new 1 nil', '1: ensured', '1: after 1 1 1'])
})
