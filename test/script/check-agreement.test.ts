/**
 * Starts Kamailio with small configurations and compares whether it refuses them with what the checker says. Its own
 * `-c` does not look at arguments, routes and regular expressions. Skipped where Kamailio is not installed.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import core from '../../src/modules/core/core.ts'
import { modules } from '../../src/modules/index.ts'
import { createPrepareEnv } from '../../src/runtime/prepare.ts'
import { scriptSupport } from '../../src/runtime/script-support.ts'
import { compileConfig } from '../../src/script/compile.ts'
import { parseConfig } from '../../src/script/parse.ts'
import { createRegistry, type LoadedModule } from '../../src/script/registry.ts'

const KAMAILIO = '/usr/sbin/kamailio'
const modulePath = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/kamailio/modules`)
  .find((path) => existsSync(path))
const skip = existsSync(KAMAILIO) && modulePath !== undefined ? false : 'kamailio is not installed'

const header = (path: string, names: readonly string[]): string =>
  `#!KAMAILIO\nlog_stderror=yes\nchildren=1\nlisten=udp:127.0.50.1:5062\ndisable_tcp=yes\nmpath="${path}/"\n` +
  names.map((name) => `loadmodule "${name}.so"\n`).join('')

/** Statements of a request route, or whole configurations, by the modules they need. */
const configurations: readonly (readonly [modules: readonly string[], bodies: readonly string[]])[] = [
  [['pv', 'xlog', 'sl', 'maxfwd'], [
    'exit;',
    'route(NOPE);',
    'route("NOPE");',
    'route($var(x));',
    'route(0);',
    'xerr("$nosuch");',
    'xerr("$ru $$ %d");',
    'xerr("$");',
    'xerr("$(ru");',
    'xlog("L_NOSUCH", "x");',
    'xlog("L_ERR");',
    'xlog("a", "b", "c", "d");',
    'xerr($ru);',
    'xerr("a" + "b");',
    'if ($ru =~ "((") exit;',
    'if ($ru =~ "a{2,1}") exit;',
    'if ($ru =~ 5) exit;',
    'if ($ru =~ $var(x)) exit;',
    'if ("a" =~ "b") exit;',
    'switch ($var(x)) { case "a": exit; case /"((": exit; }',
    'switch ($var(x)) { case 1: exit; case 1: exit; }',
    'switch ($var(x)) { case 1: exit; case 2 - 1: exit; }',
    'switch ($var(x)) { case "a": exit; case "a": exit; }',
    'switch ($var(x)) { default: exit; }',
    'switch (5) { default: exit; }',
    'switch ($var(x)) { case 1: exit; default: exit; }',
    'switch ($var(x)) { }',
    '$var(x) = @nosuch;',
    '$var(x) = $(ru{s.nosuch});',
    '$var(x) = $(ru{nosuch.x});',
    '$var(x) = $(hdr(a)[x]);',
    '$var(x) = $(hdr(a)[*]);',
    '$var(x) = $hdr;',
    '$var(x) = $nosuch;',
    '$nosuch = 1;',
    '$rm = "x";',
    '$null = 1;',
    '$(var(x){s.len}) = 5;',
    '$xavp(a) = 1;',
    '$var(x) = 5 / 0;',
    '$var(x) = 5 mod 0;',
    '$var(x) = "a" - 1;',
    '$var(x) = "a" + 5 - 1;',
    '$var(x) = 1 + "a";',
    '$var(x) = 1 + $var(y);',
    '$var(x) = !"a";',
    '$var(x) = -"5";',
    '$var(x) = (int)"5" + 1;',
    '$var(x) = "a" == 1;',
    '$var(x) = 1 == "a";',
    '$var(x) = 1 eq "a";',
    '$var(x) = "1" ieq 1;',
    '$var(x) = "a" && 1;',
    '$var(x) = strlen(5);',
    '$var(x) = strlen($var(y) + 1);',
    '$var(x) = strempty(route(0));',
    '$var(x) = defined 5;',
    '$var(x) = 5 == $null;',
    '$var(x) = "a" != $null;',
    '$var(x) = $null == 5;',
    '$var(x) = defined $var(y) == 1;',
    '$var(x) = selval(1, 2, "a") + 1;',
    'if ("a") exit;',
    'while ("a") exit;',
    'while ($var(x) + "a") exit;',
    'while ("a" + $var(x)) exit;',
    'exit "a";',
    'return "a" + 1;',
    'return $var(x) + "a";',
    'drop "5";',
    'return -5;',
    'if ("a" + $var(x)) exit;',
    'switch ("a") { case 1: exit; }',
    'switch (1) { case "a": exit; }',
    'switch ($var(x)) { case 1: exit; case "a": exit; }',
    'if (($var(x) = 5)) exit;',
    '$var(x) = { is_known(); };',
    'if (method == INVITE) exit;',
    'if (method == 5) exit;',
    'if (method =~ "((") exit;',
    'if (src_ip == "10.0.0.0/33") exit;',
    'if (src_ip == 10.0.0.0/33) exit;',
    'if (src_ip == 10.0.0.0/8) exit;',
    'if (proto == UDP) exit;',
    'if (src_port == "a") exit;',
    'if (src_port == 5060) exit;',
    'if (uri == myself) exit;',
    'if (status == "200") exit;',
    'if (msg:len > 10) exit;',
    'if (-1) exit;',
    'sl_send_reply("abc", "x");',
    'sl_send_reply(200, "OK");',
    'sl_send_reply("200", "$ru");',
    'sl_send_reply($var(a), $var(b));',
    'mf_process_maxfwd_header("10");',
    'mf_process_maxfwd_header("x");',
    'mf_process_maxfwd_header("$var(x)");',
    'nosuch();',
    't_relay();',
    'setflag(31);',
    'break;',
    'request_route { exit; } onreply_route[A] { sl_send_reply("200", "OK"); }',
    'request_route { exit; } failure_route[A] { sl_send_reply("200", "OK"); }',
    'request_route { exit; } event_route[a:b] { sl_send_reply("200", "OK"); }',
    'route[X] { exit; }',
    'modparam("nosuch", "x", 1) request_route { exit; }',
    'modparam("maxfwd", "nosuch", 1) request_route { exit; }',
    'modparam("maxfwd", "max_limit", 1) request_route { exit; }',
    'modparam("maxfwd", "max_limit", "1") request_route { exit; }',
    'modparam("xlog", "prefix", 5) request_route { exit; }',
    'modparam("maxfwd|nosuch", "max_limit", 5) request_route { exit; }',
    'modparam("maxfwd|xlog", "max_limit", 5) request_route { exit; }',
    'loadmodule "nosuch.so" request_route { exit; }',
  ]],
  [['textops'], [
    'is_method("FOO BAR");',
    'is_method("INVITE|ACK");',
    'is_method($var(x));',
    'is_method();',
    'is_method("INVITE", "x");',
    'append_hf("a: $nosuch\\r\\n");',
    'append_hf($var(x));',
    'remove_hf(5);',
    'subst("/a/b/");',
    'subst("/((/b/");',
    'search("((");',
    'request_route { exit; } onsend_route { append_hf("a: b"); }',
  ]],
]

function whole(body: string): string {
  return body.includes('route {') || body.includes('route[') ? body : `request_route {\n${body}\n}\n`
}

/** Does Kamailio get as far as listening? */
async function kamailioStarts(text: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-check-'))
  writeFileSync(join(folder, 'kamailio.cfg'), text)
  const folders = ['-w', folder, '-Y', folder, '-P', join(folder, 'pid')]
  const child = spawn(KAMAILIO, ['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', ...folders, '-m', '64', '-M', '8'])
  const ended = new Promise<boolean>((resolve) => child.once('exit', () => resolve(false)))
  const pidFile = new Promise<boolean>((resolve) => {
    // Written once routes are fixed and modules are set up.
    const timer = setInterval(() => {
      if (!existsSync(join(folder, 'pid'))) return
      clearInterval(timer)
      setTimeout(() => resolve(true), 100)
    }, 20)
    child.once('exit', () => clearInterval(timer))
  })
  const starts = await Promise.race([ended, pidFile])
  child.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
  return starts
}

function refusals(text: string, definitions: readonly LoadedModule[]): readonly string[] {
  const readFile = (path: string): string | undefined => (path === 'kamailio.cfg' ? text : undefined)
  const { config, diagnostics } = parseConfig('kamailio.cfg', { readFile })
  const registry = createRegistry(definitions, Object.keys(modules))
  const compiled = compileConfig({ config, registry, env: createPrepareEnv(registry), support: scriptSupport })
  const errors = [...diagnostics, ...compiled.diagnostics].filter(({ severity }) => severity === 'error')
  return errors.map(({ code, message }) => `${code} ${message}`)
}

test('the checker refuses what Kamailio refuses to start with', { skip }, async (t) => {
  for (const [names, bodies] of configurations) {
    const definitions: LoadedModule[] = [{ definition: core, state: undefined }]
    for (const name of names) {
      const definition = await modules[name]?.()
      if (definition) definitions.push({ definition, state: undefined })
    }
    for (const body of bodies) {
      await t.test(body, async () => {
        const text = header(modulePath ?? '', names) + whole(body)
        const starts = await kamailioStarts(text)
        const errors = refusals(text, definitions)
        assert.equal(errors.length === 0, starts, starts ? `refused here only: ${errors.join('; ')}` : 'accepted here only')
      })
    }
  }
})
