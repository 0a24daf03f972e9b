import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rewriteScript } from './rewrite.ts'

const WAITING = new Set(['sqlops.sql_query', '.route'])

function rewrite(source: string) {
  return rewriteScript(source, {
    file: 'a.js', sourceType: 'script', colours: true, mayWait: (module, name) => WAITING.has(`${module}.${name}`),
  })
}

const sources: readonly (readonly [title: string, source: string, waiting: readonly string[]])[] = [
  ['a function that calls what waits', 'function a() { KSR.sqlops.sql_query("c", "q", "r") }', ['a']],
  ['whoever calls it', 'function b() { a() }\nfunction a() { KSR.route("X") }\nfunction c() { return 1 }', ['b', 'a']],
  ['functions in variables, and methods',
    'var a = function () { KSR.route("X") }\nvar o = { m() { a() } }\nfunction c() { o.m() }', ['a', 'm', 'c']],
  ['arrows with an expression', 'var a = () => KSR.route("X")\nvar b = (x) => a()', ['a', 'b']],
  ['a module kept in a variable', 'var s = KSR.sqlops\nfunction a() { s.sql_query("c", "q", "r") }', ['a']],
  ['functions handed over to the own ones',
    'function t(f) { f() }\nfunction a() { t(function () { KSR.route("X") }) }', ['t', 'a']],
  ['nothing where nothing waits', 'function a() { KSR.is_INVITE(); b() }\nfunction b() { Math.max(1, 2) }', []],
  ['computed names', 'function a(m) { KSR[m].x() }', ['a']],
]

for (const [title, source, waiting] of sources) {
  test(`waits: ${title}`, () => {
    const made = rewrite(source)
    assert.ok(!('reason' in made))
    assert.deepEqual(made.waiting, waiting)
    assert.equal(made.code.split('\n').length, source.split('\n').length)
    // It must still be JavaScript.
    new Function(made.code)
  })
}

test('a rewritten statement does not go on with the line above', () => {
  const made = rewrite('function a() {\n  var x = 1\n  KSR.route("X")\n  KSR.route("Y")\n  if (x) KSR.route("Z")\n}')
  assert.ok(!('reason' in made))
  new Function(made.code)
  assert.match(made.code, /var x = 1\n {2};\(/)
})

test('what cannot wait is told with its line', () => {
  const made = rewrite('var list = [1]\nfunction a() {\n  list.forEach(function (x) { KSR.route("X") })\n}')
  assert.ok(!('reason' in made))
  assert.deepEqual(made.warnings.map(({ line, reason }) => [line, reason.slice(0, 10)]), [[3, 'this waits']])
})

test('an error of syntax has its place', () => {
  const made = rewrite('function a() {\n  if (\n}')
  assert.ok('reason' in made)
  assert.deepEqual([made.line, made.column, made.text], [3, 1, '}'])
})

test('loops count what they take', () => {
  const made = rewrite('for (;;) x()\nwhile (y) { z() }\ndo q(); while (1)')
  assert.ok(!('reason' in made))
  assert.equal(made.code.match(/budget\.left<0/g)?.length, 3)
  new Function(made.code)
})
