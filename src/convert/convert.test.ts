import assert from 'node:assert/strict'
import { test } from 'node:test'
import { existingModuleNames, loadConfiguration } from '../server/start.ts'
import { convertFile, type FileConverted } from './convert-file.ts'
import { scriptLines, settingsText } from './settings.ts'

const modules = ['pv', 'xlog', 'tm', 'sl', 'rr', 'textops', 'maxfwd', 'registrar', 'usrloc', 'siputils', 'htable', 'rtimer', 'cfgutils']
const order = ['pv', 'xlog', 'tm', 'sl', 'rr', 'textops', 'maxfwd', 'usrloc', 'registrar', 'siputils', 'htable', 'rtimer', 'cfgutils']
assert.deepEqual(modules.toSorted(), order.toSorted())
const head = `#!KAMAILIO\n${order.map((name) => `loadmodule "${name}.so"\n`).join('')}`

async function converted(text: string): Promise<FileConverted> {
  const readFile = (path: string): string | undefined => (path === 'a.cfg' ? text : undefined)
  const { definitions } = await loadConfiguration({ path: 'a.cfg', readFile, defines: new Map(), substs: [], environment: {} })
  return convertFile('a.cfg', { readFile }, { definitions, existing: existingModuleNames })
}

/** The body of request_route, without its indent. */
async function body(statements: string): Promise<string> {
  const { converted: { source, diagnostics } } = await converted(`${head}request_route {\n${statements}\n}\nroute[A] { return 1; }\n`)
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), [])
  const found = /function ksr_request_route\(\): (?:Promise<void>|void) \{\n([\s\S]*?)\n\}/.exec(source)?.[1] ?? source
  return found.replace(/^ {2}/gm, '')
}

/** Statements of the cfg, and what they are in TypeScript. */
const rows: readonly (readonly [cfg: string, ts: string])[] = [
  ['exit;', 'KSR.x.exit()'],
  ['drop;', 'KSR.x.drop()'],
  ['sl_send_reply("404", "Not here");', "KSR.sl.sl_send_reply(404, 'Not here')"],
  ['if (is_method("INVITE")) exit;', 'if (KSR.is_INVITE()) {\n  KSR.x.exit()\n}'],
  ['if (!is_method("INVITE|ACK")) exit;', "if (!KSR.is_method('INVITE|ACK')) {\n  KSR.x.exit()\n}"],
  ['if (!mf_process_maxfwd_header("10")) exit;', 'if (KSR.maxfwd.process_maxfwd(10) <= 0) {\n  KSR.x.exit()\n}'],
  ['if (!t_relay()) sl_reply_error();', 'if (!ok(await KSR.tm.t_relay())) {\n  KSR.sl.sl_reply_error()\n}'],
  ['t_relay(); exit;', 'await KSR.tm.t_relay()\nKSR.x.exit()'],
  ['t_relay(); xlog("x");', "done(await KSR.tm.t_relay())\nKSR.xlog.xlog('L_ERR', 'x')"],
  ['xlog("L_INFO", "from $fU to $(ru{uri.host})\\n");',
    "KSR.xlog.xlog('L_INFO', 'from $fU to $(ru{uri.host})\\n')"],
  ['unlock("$rU at $(ru{uri.host})");', "KSR.cfgutils.unlock(`${KSR.pv.getw('$rU')} at ${KSR.pv.gete('$(ru{uri.host})')}`)"],
  ['xlog("$$5");', "KSR.xlog.xlog('L_ERR', '$$5')"],
  ['if ($rU == "bob") exit;', "if (KSR.pv.get('$rU') === 'bob') {\n  KSR.x.exit()\n}"],
  ['if ($rU == $null) exit;', "if (KSR.pv.is_null('$rU')) {\n  KSR.x.exit()\n}"],
  ['if ($rU != "") exit;', "if (text('$rU') !== '') {\n  KSR.x.exit()\n}"],
  ['if ($var(x) == 5) exit;', "if (same(KSR.pv.get('$var(x)'), 5)) {\n  KSR.x.exit()\n}"],
  ['if ($var(x) > 5 && $ua =~ "^friendly") exit;',
    "if (int('$var(x)') > 5 && /^friendly/i.test(text('$ua'))) {\n  KSR.x.exit()\n}"],
  ['if (uri == myself || src_ip == 10.0.0.0/8) exit;',
    "if (KSR.is_myself_ruri() || isInNetwork(text('$si'), '10.0.0.0', 8)) {\n  KSR.x.exit()\n}"],
  ['if (src_ip != 127.0.0.1) exit;', "if (text('$si') !== '127.0.0.1') {\n  KSR.x.exit()\n}"],
  ['if (proto == UDP) exit;', 'if (KSR.is_UDP()) {\n  KSR.x.exit()\n}'],
  ['if (@to.uri.user == "x") exit;', "if (text('$sel(to.uri.user)') === 'x') {\n  KSR.x.exit()\n}"],
  ['if ($rs > 399 || $(ua{s.len}) > 20) exit;', "if (KSR.pv.geti('$rs') > 399 || KSR.pv.geti('$(ua{s.len})') > 20) {\n  KSR.x.exit()\n}"],
  ['$var(x) = 1 + $var(y);', "KSR.pv.seti('$var(x)', (1 + int('$var(y)')) | 0)"],
  ['$ru = "sip:" + $rU + "@b";', "KSR.pv.sets('$ru', 'sip:' + text('$rU') + '@b')"],
  ['$avp(a) = $fU;', "set('$avp(a)', KSR.pv.get('$fU'))"],
  ['$du = $null;', "KSR.pv.unset('$du')"],
  ['$var(r) = is_method("ACK");', "KSR.pv.seti('$var(r)', done(KSR.is_ACK()))"],
  ['$var(p) = rand_get_prob();', "KSR.pv.seti('$var(p)', done(KSR.cfgutils.rand_get_prob()))"],
  ['forward(); xlog("$rc");', "KSR.pv.seti('$var(return_code)', 0)\nawait KSR.x.modf('forward')\n" +
    "returned(KSR.xlog.xlog('L_ERR', '$var(return_code)'))"],
  ['route(A);', 'route_A()'],
  ['if (route(A)) exit;', 'if (route_A() > 0) {\n  KSR.x.exit()\n}'],
  ['if (!save("location")) { sl_reply_error(); }', "if ((await KSR.registrar.save('location', 0)) <= 0) {\n  KSR.sl.sl_reply_error()\n}"],
  ['while ($var(i) < 3) { $var(i) = $var(i) + 1; break; }',
    "for (let rounds = 1; int('$var(i)') < 3; rounds++) {\n  if (rounds > 100) {\n" +
    "    KSR.err('runaway while: more then 100 loops\\n')\n    break\n  }\n" +
    "  set('$var(i)', plus(KSR.pv.get('$var(i)'), 1))\n  break\n}"],
  ['switch ($rU) { case "a": case "b": exit; break; default: drop; }',
    "switch (text('$rU')) {\n  case 'a':\n  case 'b':\n    KSR.x.exit()\n  default:\n    KSR.x.drop()\n}"],
  ['switch ($rU) { case /"^1": exit; }',
    "const subject16 = text('$rU')\nswitch (true) {\n  case /^1/is.test(subject16):\n    KSR.x.exit()\n}"],
  ['if ($rU == "a") { exit; } else if ($rU == "b") { drop; } else { return; }',
    "if (KSR.pv.get('$rU') === 'a') {\n  KSR.x.exit()\n} else if (KSR.pv.get('$rU') === 'b') {\n  KSR.x.drop()\n} else {\n  return\n}"],
  ['# above\nexit; # behind', '// above\nKSR.x.exit() // behind'],
]

for (const [cfg, ts] of rows) {
  test(`${cfg.split('\n')[0]} is ${ts.split('\n')[0]}`, async () => assert.equal(await body(cfg), ts))
}

test('routes are functions, and only what is used stands at the end', async () => {
  const { parsed, converted: { source, events, learned, constants } } = await converted(`#!define FLAG 3
${head}
modparam("rtimer", "timer", "name=t;interval=1;mode=1;")
modparam("rtimer", "exec", "timer=t;route=TICK")
# The way in.
request_route {
	setflag(FLAG);
	t_on_failure("AGAIN");
	if (!lookup("location")) {
		$var(c) = $rc;
		route(GONE);
	}
	t_relay();
	exit;
}
route[GONE] { send_reply("404", "Gone"); exit; }
route[TICK] { xlog("tick\\n"); }
failure_route[AGAIN] { if (t_is_canceled()) exit; }
reply_route { if ($rs == 183) drop; }
event_route[htable:mod-init] { $sht(a=>b) = 1; }
`)
  assert.deepEqual(constants, ['FLAG'])
  assert.match(source, /^const FLAG = 3\n/)
  assert.match(source, /\/\/ The way in\.\nexport async function ksr_request_route\(\): Promise<void> \{\n {2}KSR\.setflag\(FLAG\)\n/)
  assert.match(source, /KSR\.tm\.t_on_failure\('failure_AGAIN'\)/)
  assert.match(source, /returned\(await KSR\.registrar\.lookup\('location'\)\) <= 0/)
  assert.match(source, /set\('\$var\(c\)', KSR\.pv\.get\('\$var\(return_code\)'\)\)/)
  assert.match(source, /export \{ route_TICK as TICK \}/)
  assert.doesNotMatch(source, /function (?:same|matches|plus|text)\(/)
  const cfg = settingsText(parsed, scriptLines({ events, learned }))
  assert.match(cfg, /modparam\("htable", "event_callback", "ksr_htable_event"\)/)
  assert.doesNotMatch(cfg, /request_route|event_route/)
})

test('what cannot be converted is named with its place', async () => {
  const { parsed, converted: { diagnostics, source } } = await converted(`${head}request_route {
	$var(x) = 5 / $var(y);
	if ($rU =~ "(a)\\\\1") exit;
}
`)
  assert.equal(parsed.diagnostics.length, 0)
  assert.deepEqual(diagnostics.map(({ message, span }) => `${span.line}: ${message}`), [
    '16: a division by what may be 0 cannot be converted', '17: the regular expression (a)\\1 cannot be converted',
  ])
  assert.ok(source.length > 0)
})

test('a configuration whose routes stand elsewhere has none to convert', async () => {
  const { converted: { diagnostics } } = await converted(`${head}cfgengine "lua"
route[A] { exit; }
`)
  assert.deepEqual(diagnostics.map(({ code, message, span }) => [code, message, span.line]), [
    ['KAH0390', 'a configuration that routes by a script (cfgengine "lua") cannot be converted', 15],
  ])
})

test('what modules learn from routes when the server starts stands in the cfg', async () => {
  const { parsed, converted: all } = await converted(`${head}loadmodule "geoip2.so"
request_route {
	if (geoip2_match("$si", "src")) xlog("$gip2(src=>cc) $(gip2(src=>city){s.len})");
	if ($gip2(to=>cc) == "AU") exit;
	if (!lookup("phones")) save("phones");
}
`)
  const cfg = settingsText(parsed, scriptLines(all))
  assert.match(cfg, /^route\[LEARNED_BY_MODULES\] \{ if \(\$gip2\(src=>cc\)\) exit; if \(\$gip2\(to=>cc\)\) exit; lookup\("phones"\); \}$/m)
})
