import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { arg, defineModule, fn } from '../define/define.ts'
import { Flow } from '../runtime/context.ts'
import { compileScript, runScript } from '../../test/support/script-runner.ts'

/** Errors and warnings as `line code`. */
function complaints(cfg: string): string[] {
  const whole = cfg.includes('request_route') ? cfg : `request_route {\n${cfg}\n}`
  return compileScript(whole).compiled.diagnostics.map(({ span, code }) => `${span.line} ${code}`)
}

function modparam(rest: string): string {
  return `loadmodule "tests.so"\nmodparam("tests", ${rest})\nrequest_route { exit; }`
}

const refusals: readonly (readonly [title: string, cfg: string, ...codes: string[]])[] = [
  ['a module nobody has', 'loadmodule "texops.so"\nrequest_route { exit; }', '1 KAH0301'],
  ['a module of Kamailio that is not here', 'loadmodule "tm.so"\nrequest_route { exit; }', '1 KAH0302'],
  ['a parameter of a module that is not loaded', 'modparam("tests", "x", 1)\nrequest_route { exit; }', '1 KAH0303'],
  ['a parameter that the module has not', modparam('"limt", 5'), '2 KAH0304'],
  ['a text where a parameter is a number', modparam('"limit", "5"'), '2 KAH0305'],
  ['a number where a parameter is a text', modparam('"prefix", 5'), '2 KAH0305'],
  ['a parameter beyond its range', modparam('"limit", 256'), '2 KAH0306'],
  ['a parameter below its range', modparam('"limit", -1'), '2 KAH0306'],
  ['nothing, where parameters fit', modparam('"limit", 255)\nmodparam("tests", "entry", "a")\nmodparam("t.*s|nosuch", "entry", 5')],
  ['a parameter before its module is loaded', 'modparam("tests", "limit", 5)\nloadmodule "tests.so"\nrequest_route { exit; }', '1 KAH0303'],
  ['a function of a module that is here', 'append_hf("X: y");', '2 KAH0311'],
  ['a function of a module that is not here', 't_relay();', '2 KAH0310'],
  ['a misspelt function', 'is_metod("INVITE");', '2 KAH0310'],
  ['too many arguments', 'is_method("INVITE", "x");', '2 KAH0312'],
  ['too few arguments', 'is_method();', '2 KAH0312'],
  ['a function in the wrong route', 'only_branch();', '2 KAH0313'],
  ['a request function in an event route', 'request_route { exit; }\nevent_route[a:b] { is_method("INVITE"); }'],
  ['a request function in onsend_route', 'request_route { exit; }\nonsend_route { is_method("INVITE"); }', '2 KAH0313'],
  ['a text where a number belongs', 'give("x");', '2 KAH0314'],
  ['an unknown variable in a format', 'print("$nosuch");', '2 KAH0314'],
  ['an unknown variable', '$nosuch(x) = 1;', '2 KAH0320'],
  ['a variable that lacks its name', '$var(x) = $avp;', '2 KAH0320'],
  ['an unknown transformation', '$var(x) = $(ru{s.nosuch});', '2 KAH0320'],
  ['assigning to what cannot be written', '$rm = "INVITE";', '2 KAH0321'],
  ['assigning to a transformation', '$(var(x){s.len}) = 5;', '2 KAH0321'],
  ['a select nobody has: a warning', '$var(x) = @nosuch;', '2 KAH0322'],
  ['a wrong regular expression', 'if ($ru =~ "((") exit;', '2 KAH0323'],
  ['a wrong regular expression in a switch', 'switch ($var(x)) { case /"((": exit; }', '2 KAH0323'],
  ['a route that is not there', 'route(NOPE);', '2 KAH0330'],
  ['a route that is not there, in quotes', 'route("NO" + "PE");', '2 KAH0330'],
  ['a switch with a default alone', 'switch ($var(x)) { default: exit; }', '2 KAH0331'],
  ['a case twice', 'switch ($var(x)) { case 1: exit; case 1: exit; }', '2 KAH0332'],
  ['a condition that never changes: a warning', 'if (1 == 1) exit;', '2 KAH0333'],
  ['a text as condition: a warning', 'if ("a" + $var(x)) exit;', '2 KAH0334'],
  ['a division by zero: a warning', '$var(x) = 5 / 0;', '2 KAH0335'],
  ['a text minus a number', '$var(x) = "a" - 1;', '2 KAH0340'],
  ['a number compared with a text', 'if (1 == "a") exit;', '2 KAH0333', '2 KAH0340'],
  ['strlen of a number', 'if (strlen(5)) exit;', '2 KAH0333', '2 KAH0340'],
  ['defined of a number', '$var(x) = defined 5;', '2 KAH0340'],
  ['not of a text', '$var(x) = !"a";', '2 KAH0340'],
  ['all that is wrong, at once', 'nosuch();\nt_relay();\n$nosuch(x) = "a" - 1;', '2 KAH0310', '3 KAH0310', '4 KAH0320', '4 KAH0340'],
  ['nothing, where all is well', 'request_route { print("$ru"); route(A); }\nroute[A] { give(1, 2, "x"); }'],
]

for (const [title, cfg, ...codes] of refusals) {
  test(`the checker reports ${title}`, () => assert.deepEqual(complaints(cfg), codes))
}

/** Other items of a configuration, between the halves of a route. */
function between(items: string): string {
  return `exit; }\n${items.replace('request_route', 'route[Y]')}\nroute[X] { exit;`
}

const hints: readonly (readonly [title: string, statement: string, message: RegExp, hint: RegExp | undefined])[] = [
  ['the nearest function', 'is_metod("INVITE");', /unknown function is_metod/, /did you mean is_method\?/],
  ['the module to load', 'append_hf("x");', /belongs to module textops/, /loadmodule "textops.so"/],
  ['the module that is missing here', 't_relay();', /unknown function t_relay \(module tm has it; not available yet\)/, undefined],
  ['how many arguments there may be', 'give();', /give takes 1, 2 or 3 arguments, not 0/, undefined],
  ['where a function may stand', 'only_branch();', /may not stand in request_route/, /branch_route/],
  ['the nearest parameter', between(modparam('"limt", 5')), /module tests has no parameter limt/, /did you mean limit\?/],
  ['how to write a number', between(modparam('"limit", "5"')), /takes a number/, /write 5 without quotes/],
  ['the nearest route', 'route(HALO);', /no route\[HALO\]/, /route\(HALLO\)/],
  ['the nearest variable', '$vaar(x) = 1;', /unknown variable \$vaar/, /did you mean \$var\?/],
]

for (const [title, statement, message, hint] of hints) {
  test(`a complaint tells ${title}`, () => {
    const { diagnostics } = compileScript(`request_route { ${statement} }\nroute[HALLO] { exit; }`).compiled
    assert.match(diagnostics[0]?.message ?? '', message)
    if (hint) assert.match(diagnostics[0]?.hint ?? '', hint)
  })
}

const results: readonly (readonly [title: string, statements: string, result: number, flow: number])[] = [
  ['falling off the end', '$var(x) = 0;', 1, 0],
  ['a false function at the end', 'is_method("INVITE");', -1, 0],
  ['exit', 'exit;', 1, Flow.exit],
  ['exit with a value', 'exit 5;', 5, Flow.exit],
  ['drop', 'drop;', 0, Flow.exit | Flow.drop],
  ['return', 'return;', 1, 0],
  ['return with a value', 'return -4;', -4, 0],
  ['return of 0', 'return 0;', 0, Flow.exit],
  ['a function that gives 0', 'give(0); print("never");', 0, Flow.exit],
  ['break outside of a loop', 'break; print("never");', 0, 0],
]

for (const [title, statements, result, flow] of results) {
  test(`a route ends by ${title} with ${result}`, async () => {
    const script = await runScript(statements)
    assert.deepEqual([script.result, script.context.flow, script.printed], [result, flow, []])
  })
}

test('only routes that may wait are async', () => {
  const { compiled } = compileScript(`
    request_route { route(PLAIN); route(WAITS); }
    route[PLAIN] { print("x"); }
    route[WAITS] { if (slow(1) > 0) { print("y"); } }
    route[CALLS] { $var(x) = route(WAITS); }
    route[COMPUTED] { route($var(name)); }`)
  assert.deepEqual([...compiled.source.matchAll(/^(async )?function (\w+)/gm)].map(([, async, name]) => [name, async !== undefined]), [
    ['request_route', true], ['route_PLAIN', false], ['route_WAITS', true], ['route_CALLS', true], ['route_COMPUTED', true],
  ])
})

test('a script that cannot wait gives its result at once', () => {
  assert.equal(compileScript('request_route { route(A); } route[A] { return 7; }').run(), 7)
})

test('a script waits for a function in the middle of an expression', async () => {
  const script = await runScript(`
    $var(x) = 5;
    if ($var(x) == 5 && slow(3) + slow(200) == 2 && slow(-1) == 0) { print("$rc $var(x)"); }
    slow(4); print("$rc");`)
  assert.deepEqual(script.printed, ['-1 5', '4'])
})

const waits: readonly (readonly [title: string, statements: string, printed: readonly string[]])[] = [
  [
    'a loop',
    '$var(i) = 0; while (slow($var(i) + 1) && $var(i) < 3) { $var(i) = $var(i) + 1; slow(1); print("$var(i)"); }',
    ['1', '2', '3'],
  ],
  ['a switch', 'switch (slow(1) + 1) { case 2: slow(5); print("$rc"); default: print("through"); }', ['5', 'through']],
  ['an assignment', '$var(x) = slow(-7); print("$var(x) $rc");', ['-7 -7']],
  ['both sides of a sum', '$var(t) = "a"; $var(x) = $var(t) + (slow(3) + slow(-3)); print("$var(x)");', ['a1']],
  ['a nested sum', '$var(t) = "a"; $var(x) = $var(t) + ($var(t) + ($var(t) + ($var(t) + slow(3)))); print("$var(x)");', ['aaaa1']],
  ['a block in an expression', 'if ({ slow(2); }) { print("yes"); }', ['yes']],
  [
    'a computed route',
    '$var(n) = "WAIT"; route($var(n)); print("$rc"); if (route($var(n)) == 1) { print("one"); }',
    ['waited', '6', 'waited', 'one'],
  ],
  ['a function that ends the script', 'if (slow(0) == 0) { print("never"); }', []],
  ['a route that ends the script', 'route(END); print("never");', []],
]

for (const [title, statements, printed] of waits) {
  test(`a script waits in ${title}`, async () => {
    const routes = 'route[WAIT] { slow(6); print("waited"); return 6; }\nroute[END] { slow(1); exit; }'
    const script = await runScript(`request_route {\n${statements}\n}\n${routes}`)
    assert.deepEqual(script.printed, printed)
  })
}

test('a variable without quotes is refused where Kamailio refuses it', () => {
  const xlog = defineModule({
    name: 'xlog', summary: 'Logs.', area: 'logging', setup: () => 0,
    functions: { xdbg: fn({ summary: 'Logs.', routes: 'any', args: [arg.format('text', 'Text.')], run: () => 1 }) },
  })
  const modules = [{ definition: xlog, state: 0 }]
  const { compiled } = compileScript('request_route { xdbg("$ru"); xdbg($ru); xdbg("a" + "b"); }', { modules })
  assert.deepEqual(compiled.diagnostics.map(({ code, hint }) => [code, hint]), [['KAH0315', 'put it in quotes: "$ru"']])
})

test('arguments that the script computes are prepared when they are known', async () => {
  const script = await runScript(`
    $var(n) = 7; $var(text) = "abc"; $var(format) = "<$ru>";
    give($var(n)); print("$rc");
    give($var(n) + 1, 2, $var(text)); print("$rc");
    give(1, 2, $var(format)); print("$rc");
    give($var(text)); print("$rc");
    give("$ua"); print("$rc");`)
  assert.deepEqual(script.printed, ['7', '85', '46', '1', '-1'])
  assert.match(script.log.map(({ text }) => text).join(''), /runtime fixup failed for give param 1.*run action error at: kamailio.cfg:7/s)
})

test('no text of the configuration stands in the code', () => {
  const evil = "'); process.exit(1); ('"
  const { compiled } = compileScript(`request_route {
    $var(x) = "${evil}"; if ($var(x) =~ "${evil.replaceAll(/[()]/g, '.')}" || $var(x) == "\${process.exit(1)}") { print("${evil}"); }
    switch ($var(x)) { case "${evil}": exit; }
    route("${evil}");
  }
  route["${evil}"] { exit; }`)
  assert.deepEqual(compiled.diagnostics, [])
  assert.doesNotMatch(compiled.source, /process\.|\$\{|exit\(1/)
  assert.match(compiled.source, /function route_____process_exit_1_____\(/)
})

test('routes whose names differ in odd characters only are kept apart', async () => {
  const script = await runScript(`
    request_route { route("a-b"); route(a_b); }
    route["a-b"] { print("dash"); }
    route[a_b] { print("line"); }`)
  assert.deepEqual(script.printed, ['dash', 'line'])
})

test('stack traces name the line of the configuration where source maps are on', () => {
  const script = `
    import { compileScript } from './test/support/script-runner.ts'
    process.setSourceMapsEnabled(true)
    const lines = ['request_route {', 'print("x");', 'route(B);', '}', 'route[B] {', '$var(x) = 1;', 'print("$ru");', '}']
    const { run, context } = compileScript(lines.join(String.fromCharCode(10)))
    Object.defineProperty(context, 'message', { get() { throw new Error('broken') } })
    try { run() } catch (error) { console.log(error.stack) }`
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], { encoding: 'utf8' })
  assert.match(stdout, /kamailio\.cfg:7:/, stderr)
  assert.match(stdout, /kamailio\.cfg:3:/, stdout)
})

test('a trace sees every statement with its place', () => {
  const seen: string[] = []
  const script = compileScript('request_route {\n  $var(x) = 1;\n  if ($var(x) == 1) {\n    route(A);\n  }\n}\nroute[A] { print("x"); }', {
    trace: (context) => seen.push(`${context.routeName}:${context.line}`),
    traceAssigned: () => undefined,
  })
  script.run()
  assert.deepEqual(seen, ['DEFAULT_ROUTE:2', 'DEFAULT_ROUTE:3', 'DEFAULT_ROUTE:4', 'A:7'])
})

test('the code of nested sums grows as they do', () => {
  const lengthAt = (depth: number): number => {
    let sum = '$var(x)'
    for (let level = 0; level < depth; level++) sum = `$var(x) + (${sum})`
    const { compiled } = compileScript(`request_route { $var(y) = ${sum}; }`)
    assert.deepEqual(compiled.diagnostics, [])
    return compiled.source.length
  }
  assert.ok(lengthAt(60) < 2.2 * lengthAt(30))
})

test('expressions of many parts compile and run', async () => {
  for (const part of ['$var(x) + ', '$var(one) && ', '"a" + ', '$rm == "x" || ']) {
    const script = await runScript(`$var(one) = 1; $var(y) = ${part.repeat(1500)} $var(one); print("$var(y)");`)
    assert.equal(script.printed.length, 1, part)
  }
})

test('unnamed routes of a kind run one after another', async () => {
  const script = await runScript('request_route { print("a"); }\nroute { print("b"); }')
  assert.deepEqual(script.printed, ['a', 'b'])
})

test('a host name on the right of src_ip is looked up', async () => {
  const script = await runScript('if (src_ip == nine.example.org) { print("yes"); } if (src_ip != "ten.example.org") { print("differs"); }')
  assert.deepEqual(script.printed, ['yes', 'differs'])
})

test('declared flags reach the core by their numbers', async () => {
  const script = await runScript('flags urgent:7;\nrequest_route { setflag(urgent); if (isflagset(7)) { print("set"); } }')
  assert.deepEqual(script.printed, ['set'])
})
