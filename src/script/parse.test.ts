import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showExpression, showStatement, withoutSpans } from '../../test/script/tree.ts'
import type { Expression, Item } from './ast.ts'
import { parseConfig, type ParsedConfig, type ParseOptions } from './parse.ts'

type Files = Readonly<Record<string, string>>

function parse(text: string, files: Files = {}, options: Partial<ParseOptions> = {}): ParsedConfig {
  return parseConfig('main.cfg', { readFile: (path) => (path === 'main.cfg' ? text : files[path]), ...options })
}

function parseSound(text: string, files: Files = {}, options: Partial<ParseOptions> = {}): ParsedConfig {
  const parsed = parse(text, files, options)
  assert.deepEqual(parsed.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), [])
  return parsed
}

function firstItem(text: string, options: Partial<ParseOptions> = {}): Item {
  const item = parseSound(text, {}, options).config.items[0]
  assert.ok(item !== undefined)
  return item
}

function expressionOf(text: string): Expression {
  const item = firstItem(`route { $var(x) = ${text}; }`)
  const statement = item.kind === 'route' ? item.body.statements[0] : undefined
  assert.ok(statement?.kind === 'assign')
  return statement.value
}

test('operators group as in Kamailio', () => {
  const table: readonly (readonly [string, string])[] = [
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['2 * 3 mod 4 / 5', '(((2 * 3) mod 4) / 5)'],
    ['1 | 2 & 3 ^ 4 << 5 >> 6', '(1 | (2 & (3 ^ (4 << (5 >> 6)))))'],
    ['1 & 2 == 3', '(1 & (2 == 3))'],
    ['1 == 2 < 3', '(1 == (2 < 3))'],
    ['1 < 2 + 3', '(1 < (2 + 3))'],
    ['1 or 2 and 3', '(1 || (2 && 3))'],
    ['not 1 && 2', '((!1) && 2)'],
    ['!$rU == "a"', '((!$rU) == "a")'],
    ['!method == "a"', '(!(method == "a"))'],
    ['not uri == myself', '(!(uri == myself))'],
    ['myself == uri', '(uri == myself)'],
    ['1 + src_port == 5060 + 1', '(1 + (src_port == (5060 + 1)))'],
    ['src_port > 1024 == 1', '((src_port > 1024) == 1)'],
    ['method == "A" || method =~ "B" + "C"', '((method == "A") || (method =~ ("B" + "C")))'],
    ['method ne INVITE', '(method != INVITE)'],
    ['defined $rU && $fU', '((defined $rU) && $fU)'],
    ['defined !$rU', '(defined (!$rU))'],
    ['-$rU - -5', '((-$rU) - -5)'],
    ['~1 + 2', '((~1) + 2)'],
    ['(int)$rU + 1', '((<int>$rU) + 1)'],
    ['(str)1 + 2 eq "12"', '(((<str>1) + 2) eq "12")'],
    ['strlen($rU) > 3', '((strlen $rU) > 3)'],
    ['selval($rU == "a", 1, "b")', 'selval(($rU == "a"), 1, "b")'],
    ['src_ip == 10.0.0.0/8 && 1', '((src_ip == 10.0.0.0/8) && 1)'],
    ['src_ip == a-b.example.org', '(src_ip == a-b.example.org)'],
    ['proto == udp', '(proto == udp)'],
    ['af == inet6', '(af == 10)'],
    ['is_method("INVITE") && !f(1 + 2, $ru)', '(is_method("INVITE") && (!f((1 + 2), $ru)))'],
    ['@via[1].host == "a"', '(@via[1].host == "a")'],
    ['0x1F + 017 + 101b + yes + off', '((((31 + 15) + 5) + 1) + 0)'],
    ['4294967295 + 99999999999999999999', '(-1 + -1)'],
  ]
  for (const [text, shown] of table) assert.equal(showExpression(expressionOf(text)), shown, text)
})

test('statements take the shapes they have in Kamailio', () => {
  const table: readonly (readonly [string, string])[] = [
    ['if (1) drop; else if 2 exit; else { return -1; }', 'if 1 { drop; } else if 2 { exit; } else { return -1; }'],
    ['if (1) if (2) drop; else exit;', 'if 1 { if 2 { drop; } else { exit; } }'],
    ['if (1); else drop;', 'if 1 {  } else { drop; }'],
    ['while ($var(x) < 3) { f(); break; }', 'while ($var(x) < 3) { f(); break; }'],
    ['switch ($rU) { case "a": case /"^b" + "c": drop; default: exit; }', 'switch $rU { case "a":  case /^bc/: drop; default: exit; }'],
    ['return(1) + 2; exit(); drop;', 'return (1 + 2); exit; drop;'],
    ['sethost("a"); setflag(3); force_rport; forward(uri:host, uri:port);',
      'rewritehost("a"); setflag(3); force_rport(); forward(uri:host, uri:port);'],
    ['force_send_socket(udp:[::1]:5060); route(A); route("B");', 'force_send_socket(udp:[::1]:5060); route(A); route("B");'],
    ['if (($var(x) = 1)) drop;', 'if { $var(x) = 1; } { drop; }'],
    ['$avp(s:x) = "a"; %f.n = 1; $(avp(y)[*]) = $null;', '$avp(s:x) = "a"; %f.n = 1; $(avp(y)[*]) = $null;'],
  ]
  for (const [text, shown] of table) {
    const item = firstItem(`request_route { ${text} }`)
    assert.ok(item.kind === 'route')
    assert.equal(item.body.statements.map(showStatement).join(' '), shown, text)
  }
})

test('global items keep what was written', () => {
  const address = (host: string, port = 0, protocol = 'any') => ({ protocol, host, port })
  const table: readonly (readonly [string, unknown])[] = [
    ['debug = -1', { kind: 'global', name: 'debug', values: [{ type: 'int', value: -1 }] }],
    ['tcp_async=on', { kind: 'global', name: 'tcp_buf_write', values: [{ type: 'int', value: 1 }] }],
    ['log_facility=LOG_LOCAL0', { kind: 'global', name: 'log_facility', values: [{ type: 'word', value: 'LOG_LOCAL0' }] }],
    ['a.b = "c" "d" desc "e"', { kind: 'custom', group: 'a', name: 'b', value: { type: 'string', value: 'cd' }, description: 'e' }],
    ['a[2].b = 3', { kind: 'custom', group: 'a', index: 2, name: 'b', value: { type: 'int', value: 3 } }],
    ['listen=udp:[::1]:5060 advertise a-b.org:5070 name "x" virtual', {
      kind: 'listen', addresses: [address('::1', 5060, 'udp')], advertise: address('a-b.org', 5070), name: 'x', isVirtual: true,
    }],
    ['listen=127.0.0.1 tcp:eth0:*', { kind: 'listen', addresses: [address('127.0.0.1'), address('eth0', 0, 'tcp')], isVirtual: false }],
    ['listen=sctp:(1.2.3.4, 5.6.7.8):5060', {
      kind: 'listen', addresses: [address('1.2.3.4', 5060, 'sctp'), address('5.6.7.8', 5060, 'sctp')], isVirtual: false,
    }],
    ['alias="a" b.c', { kind: 'alias', addresses: [address('a'), address('b.c')] }],
    ['mpath="x/"', { kind: 'loadpath', path: 'x/' }],
    ['loadmodulex "a.so"', { kind: 'loadmodule', name: 'a.so', evaluate: true }],
    ['modparam("a|b", "c", -2)', { kind: 'modparam', module: 'a|b', name: 'c', value: { type: 'int', value: -2 }, evaluate: false }],
    ['flags A:3, B, C', {
      kind: 'flags', table: 'flags', flags: [{ name: 'A', number: 3 }, { name: 'B', number: 0 }, { name: 'C', number: 1 }],
    }],
    ['cfgengine "python"', { kind: 'cfgengine', name: 'python' }],
    ['kemi.reply_route_callback="f"', { kind: 'global', name: 'kemi.reply_route_callback', values: [{ type: 'string', value: 'f' }] }],
  ]
  for (const [text, expected] of table) assert.deepEqual(withoutSpans(firstItem(text)), expected, text)
})

test('routes have a kind and a name', () => {
  const text = `route { drop; } request_route { drop; } route[0x7] { drop; } reply_route { drop; } onreply_route["b c"] { drop; }
    failure_route[d] { drop; } branch_route[e] { drop; } onsend_route { drop; } event_route[tm:local-request] { drop; }`
  const show = (item: Item): string => (item.kind === 'route' ? `${item.route} ${item.name ?? ''}`.trim() : item.kind)
  const routes = parseSound(text).config.items.map(show)
  assert.deepEqual(routes, [
    'request', 'request', 'request 7', 'reply', 'onreply b c', 'failure d', 'branch e', 'onsend', 'event tm:local-request',
  ])
})

test('strings have the escapes of Kamailio', () => {
  const table: readonly (readonly [string, string])[] = [
    [String.raw`"a\n\r\t\a\"\\"`, 'a\n\r\t\x07"\\'],
    [String.raw`"\x41\x4g\101\08\8\q\1"`, 'A\x04gA\\08\\8\\q\\1'],
    ['"a\\\nb"', 'ab'],
    ['"a"\n\t"b" "c"', 'abc'],
    [String.raw`'a\n"'`, 'a\\n"'],
    ['"\xc3\xa4"', '\xc3\xa4'],
  ]
  for (const [text, value] of table) {
    const expression = expressionOf(text)
    assert.equal(expression.kind === 'string' ? expression.value : undefined, value, text)
  }
})

test('places point into the file, through defines and includes', () => {
  const files = { 'part.cfg': '\n  debug=BAD\n' }
  const text = '#!define BAD "x" + \\\n  "y"\nmy.value=BAD\ninclude_file "part.cfg"\nroute {\n\txlog(BAD BAD);\n}\n'
  const { diagnostics } = parse(text, files)
  const places = diagnostics.map(({ span }) => `${span.file}:${span.line}:${span.column}-${span.endLine}:${span.endColumn}`)
  assert.deepEqual(places, ['main.cfg:3:10-3:13', 'main.cfg:6:11-6:14', 'part.cfg:2:9-2:12'])
})

test('defines replace names wherever a token may begin', () => {
  const { config, defines } = parseSound(
    '#!define HOST 127.0.0.1\n#!define EMPTY\n#!define X HOST\nlisten=udp:X:5060;\n#!trydef X 1\n#!redef EMPTY 2\n'
    + 'my.a=EMPTY\n#!define S "a\nlog_prefix=S b"\n',
  )
  assert.equal(config.items.length, 3)
  assert.deepEqual(defines.get('X'), 'HOST')
  assert.deepEqual(defines.get('EMPTY'), '2')
  assert.ok(defines.has('KAMAILIO_5_6_3'))
  assert.deepEqual(withoutSpans(config.items[2] ?? assert.fail()), {
    kind: 'global', name: 'log_prefix', values: [{ type: 'string', value: 'a b' }],
  })
})

test('replacement rules change strings, variables and names', () => {
  const text = '#!subst "/a(.)c/[\\1]/g"\n#!substdef "!IP!1.2.3.4!g"\n#!substdefs "!WHO!x!g"\n'
    + 'log_prefix="abc aXc IP"\nlisten=udp:IP:5060\nlog_name=WHO\nroute { $var(x) = $avp(abc); }'
  const { config } = parseSound(text)
  const [prefix, listen, name, route] = config.items
  assert.ok(prefix?.kind === 'global' && listen?.kind === 'listen' && name?.kind === 'global' && route?.kind === 'route')
  assert.equal(prefix.values[0]?.value, '[b] [X] 1.2.3.4')
  assert.equal(listen.addresses[0]?.host, '1.2.3.4')
  assert.equal(name.values[0]?.value, 'x')
  assert.equal(route.body.statements.map(showStatement).join(), '$var(x) = $avp([b]);')
})

test('the command line and the environment define names', () => {
  const text = '#!defenv HOME\n#!defenvs A=HOME\nmy.a=N\nmy.b=A\nmy.c=HOME\nmy.d="old"\n#!ifdef FLAG\nmy.e=1\n#!endif\n'
  const { config } = parseSound(text, {}, {
    defines: new Map([['N', '5'], ['FLAG', undefined]]),
    environment: new Map([['HOME', '7']]),
    substs: [{ directive: 'subst', rule: '/old/new/' }],
  })
  const values = config.items.map((item) => (item.kind === 'custom' ? item.value.value : item.kind))
  assert.deepEqual(values, [5, '7', 7, 'new', 1])
})

test('conditionals choose text, nested and inside of routes', () => {
  const text = '#!define A\n#!ifdef B\nx {{{ "\n#!ifdef A\n#!else\n#!endif\n#!else\nmy.a=1\n#!endif\n'
    + '#!ifndef A\n"\n#!endif\nroute {\n#!ifdef A\ndrop;\n#!else\n}\n#!endif\n}\n'
  assert.equal(parseSound(text).config.items.length, 2)
})

test('files are looked for as named, then beside the including one; a missing import is no error', () => {
  const seen: string[] = []
  const files: Files = { 'etc/a.cfg': 'include_file "b.cfg"\nimport_file "none.cfg"\n', 'etc/b.cfg': 'my.b=1\n' }
  const { config, sources } = parseConfig('main.cfg', {
    readFile: (path) => {
      seen.push(path)
      return path === 'main.cfg' ? '#!include_file "etc/a.cfg"\nmy.a=2\n' : files[path]
    },
  })
  assert.deepEqual(seen, ['main.cfg', 'etc/a.cfg', 'b.cfg', 'etc/b.cfg', 'none.cfg', 'etc/none.cfg'])
  assert.deepEqual([...sources.keys()], ['main.cfg', 'etc/a.cfg', 'etc/b.cfg'])
  assert.equal(config.items.length, 2)
})

test('a name without parentheses may be an attribute, unless the file says it is Kamailio', () => {
  const mayBe = (text: string): boolean | undefined => {
    const item = parseSound(text).config.items.find(({ kind }) => kind === 'route')
    const statement = item?.kind === 'route' ? item.body.statements[0] : undefined
    return statement?.kind === 'assign' && statement.target.kind === 'variable' ? statement.target.mayBeAvp : undefined
  }
  assert.equal(mayBe('route { $name = 1; }'), true)
  assert.equal(mayBe('#!KAMAILIO\nroute { $name = 1; }'), false)
  assert.equal(parseSound('#!KAMAILIO\nroute { drop; }').config.compatibility, 'kamailio')
})

test('a file that cannot be read is an error without a line', () => {
  const { diagnostics, config } = parseConfig('none.cfg', { readFile: () => undefined })
  assert.deepEqual(diagnostics.map(({ code }) => code), ['KAH0124'])
  assert.deepEqual(config.items, [])
})

test('files and replacement rules that multiply themselves end with an error', () => {
  const codesOf = (text: string): string[] => parseConfig('a.cfg', { readFile: () => text }).diagnostics.map(({ code }) => code)
  assert.deepEqual(codesOf('include_file "a.cfg"\n'.repeat(3)), ['KAH0118', 'KAH0118', 'KAH0118', 'KAH0223'])
  assert.ok(codesOf(`#!subst "/o/${'o'.repeat(1000)}/g"\nloadmodule "${'o'.repeat(100)}"\n`).includes('KAH0115'))
  assert.ok(codesOf('#!subst "/x/y/"\n'.repeat(600)).includes('KAH0115'))
  assert.ok(codesOf(`#!subst "/${'x'.repeat(5000)}/y/"\n`).includes('KAH0120'))
})
