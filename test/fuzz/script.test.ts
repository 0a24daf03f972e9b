import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawDiagnostic } from '../../src/script/diagnostic.ts'
import { parseConfig } from '../../src/script/parse.ts'
import { agreementCases } from '../script/agreement-cases.ts'

const folder = fileURLToPath(new URL('../script/diagnostics/', import.meta.url))
const faulty = readdirSync(folder).filter((name) => name.endsWith('.cfg')).map((name) => readFileSync(folder + name, 'latin1'))
const seeds = [...agreementCases.map(({ text }) => text), ...faulty]

/** Stretches that break things when they are put where they do not belong. */
const pieces = [
  '{', '}', '(', ')', '"', "'", '/*', '*/', '#!ifdef A\n', '#!endif\n', '#!else\n', '#!define A A B\n', '#!define B A A\n', ' A ', '$',
  '$(', '@', '%', '%f.', ';', '=', '==', '\\', '\n', 'route', 'route[', 'if (', 'else', 'case ', 'switch (1) {', '1.2.3.', '::',
  '#!subst "/(a|b*)*c/\\1x/g"\n', 'include_file "case.cfg"\n', '\xef\xbb\xbf', '\x00', '\xff', '-', '!', 'defined ', '(int)', 'event_route [', 'listen=', 'flags ',
  '#!substdef "!x!x x!g"\n',
]

function parseAndDraw(text: string): void {
  const { diagnostics, sources } = parseConfig('case.cfg', { readFile: (path) => (path === 'case.cfg' ? text : undefined) })
  assert.ok(diagnostics.length < 5000)
  for (const diagnostic of diagnostics) {
    const drawn = drawDiagnostic(diagnostic, sources)
    assert.match(drawn, /^case\.cfg(:\d+:\d+)?: (error|warning) KAH0\d\d\d: /)
  }
}

test('no configuration makes the parser throw, however it is mutilated', () => {
  const change = fc.record({ at: fc.nat(), cut: fc.nat({ max: 12 }), piece: fc.constantFrom('', ...pieces) })
  fc.assert(fc.property(fc.constantFrom(...seeds), fc.array(change, { maxLength: 5 }), (seed, changes) => {
    let text = seed
    for (const { at, cut, piece } of changes) {
      const place = at % (text.length + 1)
      text = text.slice(0, place) + piece + text.slice(place + cut)
    }
    parseAndDraw(text)
  }), { numRuns: 3000 })
})

test('deep nesting, long chains and growing defines end with an error, not with a crash', () => {
  const multiplying = Array.from({ length: 60 }, (_, index) => `#!define N${index + 1} N${index} N${index}\n`).join('')
  const texts = [
    `route { if ${'('.repeat(50_000)}1) drop; }`,
    `route { $var(x) = ${'!'.repeat(50_000)}1; }`,
    `route { $var(x) = ${'1 + '.repeat(50_000)}1; }`,
    `route { ${'if (1) { '.repeat(20_000)} drop; }`,
    `route { ${'if (1) '.repeat(20_000)} drop; }`,
    `route { if (1) drop; ${'else if (1) drop; '.repeat(20_000)} }`,
    `route { ${'switch (1) { case 1: '.repeat(20_000)} }`,
    '{'.repeat(100_000),
    '}'.repeat(100_000),
    '(int)'.repeat(10_000),
    `${multiplying}#!define N0 x\nN60\n`,
    '#!define A B\n#!define B A\nA\n',
    '#!ifdef A\n'.repeat(2000),
    'include_file "case.cfg"\n',
    'include_file "case.cfg"\n'.repeat(20),
    '#!substdef "!x!x x!g"\nloadmodule "xlog.so"\n'.repeat(40),
    '#!substdef "!x!x x!g"\n#!subst "/(x|b*)*c/x\\1x/g"\nloadmodule "xlog.so"\ninclude_file "case.cfg"\ninclude_file "case.cfg"\n',
    'x '.repeat(100_000),
    '"'.repeat(99_999),
    `${'/*'.repeat(50_000)}`,
  ]
  for (const text of texts) parseAndDraw(text)
})

test('a configuration of 5,000 lines is read whole', () => {
  const block = `route[NAME_X] {
	# what comes here is what configurations are made of
	if (is_method("INVITE") && !has_totag() && $var(count) + 1 > 5) {
		$var(reason) = "no way: " + $rU + "@" + $rd;
		xlog("L_INFO", "[$ci] $rm from $si:$sp $(hdr(Contact){nameaddr.uri}{s.len})\\n");
		if (src_ip == 10.0.0.0/8 || uri == myself) {
			sl_send_reply("403", "Forbidden");
			exit;
		} else if (@ruri.user == "alice") {
			route(OTHER);
		}
	}
	switch ($rU) {
		case "a":
		case /"^b":
			drop;
		default:
			$avp(x) = (int)$rU;
			break;
	}
}
`
  const blocks = Array.from({ length: 250 }, (_, index) => block.replace('_X', `_${index}`)).join('')
  assert.ok(blocks.split('\n').length > 5000)
  const { config, diagnostics } = parseConfig('case.cfg', { readFile: () => blocks })
  assert.deepEqual(diagnostics, [])
  assert.equal(config.items.filter((item) => item.kind === 'route').length, 250)
})
