import assert from 'node:assert/strict'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { scriptBench } from '../../../test/support/script-engine.ts'
import { LogLevel } from '../../base/log.ts'
import { PythonEngine } from './engine.ts'

/** Python takes seconds to start: one serves all tests, each with its own script. */
const folder = mkdtempSync(join(tmpdir(), 'kahea-python-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const bench = scriptBench({})
const path = join(folder, 's.py')
writeFileSync(path, 'def mod_init(): return object()')
const engine = new PythonEngine(bench.host, {
  load: path, script_name: '', mod_init_function: 'mod_init', child_init_method: 'child_init', time_limit: 300, watch: 0,
})
assert.equal(await engine.start(), undefined)

const HEAD = 'import sys\nimport KSR as KSR\ndef mod_init(): return K()\n'

async function load(methods: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  writeFileSync(path, `${HEAD}${methods}`)
  assert.deepEqual(await engine.reload(), undefined)
  bench.notes.length = 0
  bench.records.length = 0
}

const errors = (): readonly string[] => bench.records.filter(({ level }) => level === LogLevel.err).map(({ text }) => text)

test('a function that waits lets other messages go on, and each finds its own message behind it', async () => {
  await load(`
class K:
    def ksr_request_route(self, msg):
        KSR.note("before")
        rc = self.ask(self.ask(0))
        KSR.note("after %d %d" % (rc, KSR.pv.get("$n")))
        return 1
    def ask(self, base): return base + KSR.wait()
    def other(self, msg): KSR.note("other %d" % KSR.pv.get("$n")); return 1
`)
  const first = engine.run('ksr_request_route', bench.message(1), [])
  const second = engine.run('ksr_request_route', bench.message(2), [])
  assert.equal(engine.run('other', bench.message(3), []), 1)
  for (const value of [10, 20, 30, 40]) {
    bench.release(value)
    await new Promise(setImmediate)
  }
  assert.deepEqual(errors(), [])
  assert.deepEqual([await first, await second], [1, 1])
  assert.deepEqual(bench.notes, ['1: before', '2: before', '3: other 3', '1: after 40 1', '2: after 60 2'])
})

test('waiting works in loops, conditions, comprehensions, try blocks and modules beside the script', async () => {
  await load(`
import helper
from parts import tool
class K:
    def ksr_request_route(self, msg):
        got = [KSR.sql.query(q) for q in ("a", "b")]
        while KSR.wait() < 3: got.append("again")
        try:
            if helper.ask() == 4 and not tool.Tool().ask() > 5: got.append("both")
            raise ValueError(KSR.wait())
        except ValueError as e: got.append(e.args[0])
        finally: got.append(KSR.no_wait())
        KSR.note(str(got))
        return 1
`, {
    'helper.py': 'import KSR\ndef ask(): return KSR.wait()\n', 'parts/__init__.py': '',
    'parts/tool.py': 'import KSR as K\nclass Tool:\n    def ask(self): return K.sql.query("x")\n',
  })
  const run = engine.run('ksr_request_route', bench.message(1), [])
  for (const value of [1, 2, 0, 3, 4, 5, 6]) {
    bench.release(value)
    await new Promise(setImmediate)
  }
  assert.equal(await run, 1)
  assert.deepEqual(bench.notes, ["1: [1, 2, 'again', 'both', 6, 7]"])
  assert.deepEqual(errors(), [])
})

test('where Python cannot wait that is an error which says so', async () => {
  await load(`
class K:
    def compared(self, msg): return sorted([2, 1], key=lambda n: KSR.wait() + n)
    def lost(self, msg):
        list(map(lambda n: KSR.wait() and None, [1]))
        return 1
`)
  engine.run('compared', bench.message(1), [])
  assert.match(errors().join('\n'), /KSR\.wait\(\) waits, which it cannot do here/)
  bench.release(1)
})

test('arguments and results have Python\'s types', async () => {
  await load(`
class K:
    def ksr_request_route(self, msg):
        values = (KSR.pv.get("$null"), KSR.pv.get("$n"), KSR.is_it(1), KSR.is_it(True), KSR.is_it(2), KSR.no_wait(), KSR.pv.get("ö€𝄞"))
        KSR.note(" ".join(type(v).__name__ + ":" + str(v) for v in values))
        KSR.note(KSR.pv.many(3, "a", -1, "\\udc80"))
        for bad in (lambda: KSR.note(5), lambda: KSR.note(), lambda: KSR.is_it("1"), lambda: KSR.pv.sets("a", 1),
                    lambda: KSR.note("a", "b")):
            try: bad()
            except SystemError as e: KSR.note(str(e))
        KSR.x.modf("xlog", "L_INFO", 5)
        return True
`)
  const result = engine.runFunction(bench.message(1), 'ksr_request_route', [])
  assert.equal(result, 1)
  assert.deepEqual(bench.notes.map((note) => note.replace(/^1: /, '')), [
    `NoneType:None int:1 bool:True bool:True bool:False int:7 str:<${Buffer.from('ö€𝄞').toString('latin1')}>`, '3|a|-1|\x80',
    ...['note', 'note', 'is_it', 'sets', 'note'].map((name) => `<built-in function ${name}> returned a result with an exception set`),
    'modf xlog L_INFO 5',
  ])
  assert.deepEqual(errors(), ['unable to retrieve str param 0', 'unable to retrieve str param 0', 'unable to retrieve int param 0',
    'unable to retrieve str-str param 2', 'unable to retrieve str param 0'])
})

test('a loop without an end is ended, even one that catches errors, and the next message is served', async () => {
  await load(`
class K:
    def loops(self, msg):
        while True:
            try:
                while True: pass
            except BaseException: pass
    def recursive(self, msg): return self.recursive(msg)
    def fine(self, msg): KSR.note("fine"); return 1
`)
  assert.equal(engine.run('loops', bench.message(1), []), 1)
  assert.match(errors()[0] ?? '', /loops[^]*s\.py", line 1?[0-9], in loops[^]*KeyboardInterrupt: the script ran for more than 300 ms/)
  engine.run('recursive', bench.message(1), [])
  assert.match(errors()[1] ?? '', /RecursionError/)
  assert.equal(engine.run('fine', bench.message(2), []), 1)
  assert.deepEqual(bench.notes, ['2: fine'])
})

test('a new script takes effect for the next message; a running function ends as it began', async () => {
  await load(`count = 1
class K:
    def ksr_request_route(self, msg): KSR.wait(); self.say()
    def say(self): KSR.note("old %d" % count)
`)
  const running = engine.run('ksr_request_route', bench.message(1), [])
  writeFileSync(path, `${HEAD}count = count + 1\nclass K:\n    def ksr_request_route(self, msg): KSR.note("new %d" % count)\n`)
  assert.equal(await engine.reload(), undefined)
  engine.run('ksr_request_route', bench.message(2), [])
  bench.release(1)
  await running
  assert.deepEqual(bench.notes, ['2: new 2', '1: old 2'])
})

const faulty: readonly (readonly [script: string, line: number, reason: RegExp])[] = [
  ['def mod_init():\n    if x\n', 2, /^SyntaxError: expected ':'/],
  ['x = 5\ndef mod_init(): return 1\nraise ValueError("on purpose")', 3, /^ValueError: on purpose$/],
  ['x = 5\ndef mod_init():\n    return nothing\n', 3, /^NameError/],
  ['x = 5\nmod_init = 5', 0, /^AttributeError: mod_init/],
  ['while True: pass', 1, /^KeyboardInterrupt/],
]

test('a script that cannot be loaded changes nothing, and says in which line', async () => {
  await load('x = 1\nclass K:\n    def ksr_request_route(self, msg): KSR.note("x %d" % x)\n')
  for (const [script, line, reason] of faulty) {
    writeFileSync(path, script)
    const error = await engine.reload()
    assert.equal(error?.line, line, script)
    assert.match(error.reason, reason)
    engine.run('ksr_request_route', bench.message(1), [])
  }
  assert.deepEqual(bench.notes, faulty.map(() => '1: x 1'))
})

test('the message object tells of the message, and the standard library is there', async () => {
  await load(`
import json, re, hashlib, urllib.parse
class K:
    def ksr_request_route(self, msg):
        parts = [msg.Method, msg.Type, msg.Status, msg.RURI, msg.src_address, msg.dst_address]
        KSR.note(json.dumps(parts + [msg.getHeader("call-id"), msg.getHeader("x")]))
        KSR.note(hashlib.md5(b"a").hexdigest() + re.sub("a", "b", "a") + urllib.parse.quote("ü"))
        return 1
`)
  engine.run('ksr_request_route', bench.message(1), [])
  assert.deepEqual(bench.notes, [
    '1: ["OPTIONS", "SIP_REQUEST", null, "sip:bob@example.com", ["192.0.2.9", 5070], ["192.0.2.1", 5060], "1", null]',
    '1: 0cc175b9c0f1b6a831c399e269772661b%C3%BC',
  ])
})
