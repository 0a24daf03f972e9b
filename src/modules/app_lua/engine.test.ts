import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptBench, type ScriptBench } from '../../../test/support/script-engine.ts'
import { LogLevel } from '../../base/log.ts'
import { LuaEngine } from './engine.ts'

const FOLDER = '/etc/kamailio'

async function started(
  script: string, more: Readonly<Record<string, string>> = {}, limitMs = 2000,
): Promise<ScriptBench & { engine: LuaEngine }> {
  const bench = scriptBench({ [`${FOLDER}/s.lua`]: script, ...more })
  const engine = new LuaEngine(bench.host, { load: ['s.lua'], reload: [], log_mode: 0, time_limit: limitMs, watch: 0 })
  assert.equal(await engine.start(), undefined)
  return { ...bench, engine }
}

const errors = ({ records }: ScriptBench): readonly string[] =>
  records.filter(({ level }) => level === LogLevel.err).map(({ text }) => text)

test('a function that waits lets other messages go on, and each finds its own message behind it', async () => {
  const bench = await started(`
    function ksr_request_route() KSR.note("before"); local rc = KSR.wait(); KSR.note("after " .. rc .. " " .. KSR.pv.get("$n")) end
    function other() KSR.note("other " .. KSR.pv.get("$n")) end`)
  const first = bench.engine.run('ksr_request_route', bench.message(1), [])
  const second = bench.engine.run('ksr_request_route', bench.message(2), [])
  assert.equal(bench.engine.run('other', bench.message(3), []), 1)
  bench.release(10)
  bench.release(20)
  assert.deepEqual([await first, await second], [1, 1])
  assert.deepEqual(bench.notes, ['1: before', '2: before', '3: other 3', '1: after 10 1', '2: after 20 2'])
})

test('waiting goes through pcall and through the script\'s own coroutines; where Lua cannot wait it is an error', async () => {
  const bench = await started(`
    function ksr_request_route()
      local ok, rc = pcall(KSR.sql.query, "x")
      KSR.note(tostring(ok) .. rc)
      local step = coroutine.wrap(function() local a = KSR.wait(); coroutine.yield("y" .. a); return "end" .. KSR.wait() end)
      KSR.note(step()); KSR.note(step())
      KSR.note(tostring(select(2, pcall(string.gsub, "a", "a", function() return KSR.wait() end))))
      KSR.note("done")
    end`)
  const run = bench.engine.run('ksr_request_route', bench.message(1), [])
  for (const value of [1, 2, 3, 4]) {
    await new Promise(setImmediate)
    bench.release(value)
  }
  assert.equal(await run, 1)
  assert.deepEqual(bench.notes, ['1: true1', '1: y2', '1: end3', '1: attempt to yield across a C-call boundary', '1: done'])
})

test('arguments and results have Lua\'s types', async () => {
  const bench = await started(`
    local function show(...)
      local t = {}
      for i = 1, select("#", ...) do local v = select(i, ...); t[i] = math.type(v) or tostring(v) end
      KSR.note(table.concat(t, " "))
    end
    function ksr_request_route()
      show(KSR.pv.get("$null"), KSR.pv.get("$n"), KSR.is_it(1), KSR.is_it(2), KSR.no_wait(), KSR.note("x"))
      KSR.note(KSR.pv.many(3.9, 5, nil, "\\0\\255") .. KSR.pv.many(1, "${'a'.repeat(100)}", -2, ""))
      KSR.pv.sets("a", ("x"):rep(100000):len())
      KSR.x.modf("xlog", "L_INFO", 5)
    end`)
  assert.equal(bench.engine.run('ksr_request_route', bench.message(1), []), 1)
  assert.deepEqual(bench.notes, [
    '1: x', '1: nil integer true false integer false', `1: 3|5|0|\0\xff1|${'a'.repeat(100)}|-2|`, 'a=100000', 'modf xlog L_INFO 5',
  ])
})

test('a loop without an end is ended, even one that catches errors, and the next message is served', async () => {
  const bench = await started(`
    function ksr_request_route() while true do pcall(function() while true do end end) end end
    function recursive() return 1 + recursive() end
    function fine() KSR.note("fine") end`, {}, 50)
  assert.equal(bench.engine.run('ksr_request_route', bench.message(1), []), 1)
  assert.match(errors(bench)[0] ?? '', /^error from Lua: s\.lua:2: the script ran for more than 50 ms/)
  assert.equal(bench.engine.run('recursive', bench.message(1), []), 1)
  assert.match(errors(bench)[2] ?? '', /^error from Lua: (?:s\.lua:3: )?stack overflow/)
  assert.equal(bench.engine.run('fine', bench.message(2), []), 1)
  assert.deepEqual(bench.notes, ['2: fine'])
})

test('a new script takes effect for the next message; a running function ends as it began', async () => {
  const bench = await started('count = 1; function ksr_request_route() KSR.wait(); KSR.note("old " .. count) end')
  const running = bench.engine.run('ksr_request_route', bench.message(1), [])
  bench.files.set(`${FOLDER}/s.lua`, 'count = count + 1; function ksr_request_route() KSR.note("new " .. count) end')
  assert.equal(await bench.engine.reload(), undefined)
  bench.engine.run('ksr_request_route', bench.message(2), [])
  bench.release(1)
  await running
  assert.deepEqual(bench.notes, ['2: new 2', '1: old 2'])
})

const faulty: readonly (readonly [script: string, line: number, reason: RegExp])[] = [
  ['function ksr_request_route()\n  if x then\nend', 3, /^'end' expected/],
  ['x = 5\nfunction ksr_request_route() KSR.note("changed") end\nerror("on purpose")', 3, /^on purpose$/],
  ['x = 5\nlocal t = nil\nt.x = 1', 3, /^attempt to index a nil value/],
  ['while true do end', 1, /^the script ran for more than/],
]

test('a script that cannot be loaded changes nothing, and says in which line', async () => {
  const bench = await started('x = 1; function ksr_request_route() KSR.note("x " .. x) end', {}, 50)
  for (const [script, line, reason] of faulty) {
    bench.files.set(`${FOLDER}/s.lua`, script)
    const error = await bench.engine.reload()
    assert.equal(error?.line, line, script)
    assert.match(error.reason, reason)
    bench.engine.run('ksr_request_route', bench.message(1), [])
  }
  assert.deepEqual(bench.notes, faulty.map(() => '1: x 1'))
})

test('modules are found beside the script, files are the server\'s, and what Lua 5.1 had is there', async () => {
  const bench = await started(`
    local m = require("own.module")
    local old = require("old")
    function ksr_request_route()
      KSR.note(m.name() .. " " .. tostring(require("own.module") == m) .. " " .. old.f())
      for l in io.lines("data.txt") do KSR.note(l) end
      local f = io.open("out.txt", "w"); f:write("a", 1); f:close()
      KSR.note(tostring(select(2, io.open("none.txt"))))
      KSR.note(unpack({ "u" }) .. table.getn({ 1, 2 }) .. loadstring("return 'l'")())
      local ok, why = pcall(require, "nosuch"); KSR.note(tostring(why):match("[^\\n]+"))
      os.exit()
    end`, {
    [`${FOLDER}/own/module.lua`]: 'return { name = function() return "own" end }',
    [`${FOLDER}/old.lua`]: 'module("old", package.seeall)\nfunction f() return tostring(_NAME) end',
    [`${FOLDER}/data.txt`]: 'one\ntwo\n',
  })
  bench.engine.run('ksr_request_route', bench.message(1), [])
  assert.deepEqual(bench.notes.map((note) => note.slice(3)), [
    'own true old', 'one', 'two', 'none.txt: cannot be read', 'u2l', "module 'nosuch' not found:",
  ])
  assert.equal(bench.files.get(`${FOLDER}/out.txt`), 'a1')
  assert.match(errors(bench)[0] ?? '', /os\.exit\(\) would end the server/)
})

test('KSR.x.exit() and drop() end the function; so far as they are not caught', async () => {
  const bench = await started(`
    function leaves() KSR.x.exit(); KSR.note("no") end
    function drops() KSR.x.drop(); KSR.note("no") end
    function catches() KSR.note(tostring(select(2, pcall(KSR.x.exit)))) end`)
  const dropped = bench.message(1)
  assert.deepEqual(['leaves', 'catches'].map((name) => bench.engine.run(name, bench.message(1), [])), [1, 1])
  bench.engine.run('drops', dropped, [])
  assert.equal(dropped.flow & 4, 4)
  assert.deepEqual(bench.notes, ['1: ~~ksr~exit~~'])
  assert.deepEqual(errors(bench), [])
})
