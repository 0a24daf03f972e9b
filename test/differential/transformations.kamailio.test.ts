/** Every transformation with odd texts and parameters, in one run of Kamailio and in our functions. */
import assert from 'node:assert/strict'
import dgram from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TransformationDef } from '../../src/define/transformation.ts'
import type { PvValue } from '../../src/define/value.ts'
import { variable, variableFamily, type VariableDef } from '../../src/define/variable.ts'
import { pvTransformations } from '../../src/modules/pv/transformations.ts'
import { RouteContext } from '../../src/runtime/context.ts'
import { createPrepareEnv } from '../../src/runtime/prepare.ts'
import { parseVariable, type VariableLookup } from '../../src/runtime/variable-spec.ts'
import { parseMessage } from '../../src/sip/parse-message.ts'
import { ParseError } from '../../src/sip/parse-error.ts'
import { testHost, testSocket } from '../support/test-host.ts'
import { kamailio, kamailioInstalled, listenersOf, ServerProcess } from './harness/server-process.ts'
import { rowGroups, type Input } from './transformation-rows.ts'

const ADDRESS = '127.0.70.1'
const rows = rowGroups.flatMap(([inputs, names]) => inputs.flatMap((input) => names.map((name) => ({ input, name }))))

const request = [
  `OPTIONS sip:${ADDRESS} SIP/2.0`, `Via: SIP/2.0/UDP ${ADDRESS}:5099;branch=z9hG4bK1`, 'From: <sip:alice@example.com>;tag=1',
  'To: <sip:bob@example.com>', 'Call-ID: 1', 'CSeq: 1 OPTIONS', 'Content-Length: 0', '', '',
].join('\r\n')

const settings: Readonly<Record<string, PvValue>> = { p: '3', i: 2, n: -2, c: ';', e: '', q: 'a.b' }

/** What a row gives: refused when the script is read, or the text printed, and the text or number when 1 is added. */
interface Outcome {
  readonly printed: string | undefined
  readonly plusOne: string | undefined
}

const quoted = (text: string): string =>
  `"${[...text].map((char) => (/[ !#-&(-[\]-~]/.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)).join('')}"`
const assign = (input: Input): string =>
  `$vn(x) = ${input === null ? '$null' : typeof input === 'number' ? input : quoted(input)};`
const expression = (name: string): string => `$(vn(x){${name}})`

function configuration(body: string): string {
  const start = Object.entries(settings)
    .map(([name, value]) => `$var(${name}) = ${typeof value === 'number' ? value : quoted(String(value))};`)
    .join(' ')
  return `#!KAMAILIO
debug=0
log_stderror=yes
children=1
listen=udp:${ADDRESS}:5060
disable_tcp=yes
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "textops.so"
modparam("xlog", "buf_size", 131072)
pv_buffer_size=65536
request_route {
${start}
${body}
xlog("@@end@@\\n");
exit;
}
`
}

/** Starts Kamailio with a script, sends it one request and answers what it logged. */
async function runKamailio(body: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'transformations-'))
  const cfg = configuration(body)
  const file = join(folder, 'kamailio.cfg')
  writeFileSync(file, cfg, 'latin1')
  const args = ['-f', file, '-DD', '-E', '-w', folder, '-Y', folder, '-P', join(folder, 'pid'), '-m', '64', '-M', '256']
  const server = new ServerProcess(kamailio, args, listenersOf(cfg), folder)
  const client = dgram.createSocket('udp4')
  try {
    assert.ok(await server.ready(20000), server.stderr)
    client.send(Buffer.from(request, 'latin1'), 5060, ADDRESS)
    const end = performance.now() + 20000
    while (!server.stderr.includes('@@end@@') && server.exit === null && performance.now() < end) {
      await new Promise((resolve) => { setTimeout(resolve, 20) })
    }
    return server.stderr
  } finally {
    client.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function answers(log: string): Map<number, string> {
  const found = new Map<number, string>()
  for (const [, row, hexa] of log.matchAll(/@@(\d+)\|([0-9a-f]*|refused)@@/g)) {
    found.set(Number(row), hexa === 'refused' ? 'refused' : Buffer.from(hexa ?? '', 'hex').toString('latin1'))
  }
  return found
}

/** Reads each row while the script runs (pv_evalx), then those that were not refused once more as they stand in a script. */
async function outcomesOfKamailio(): Promise<Outcome[]> {
  const evaluated = rows.map(
    ({ input, name }, row) =>
      `${assign(input)} $vn(t) = ${quoted(expression(name))}; $vn(r) = $null;
if (pv_evalx("$vn(r)", "$vn(t)")) { xlog("@@${row}|$(vn(r){s.encode.hexa})@@\\n"); } else { xlog("@@${row}|refused@@\\n"); }`,
  )
  const log = await runKamailio(evaluated.join('\n'))
  const printed = answers(log)
  assert.equal(printed.size, rows.length, log.slice(-2000))
  const standing = rows.map(({ input, name }, row) =>
    printed.get(row) === 'refused' || /[^ -~]/.test(name) || name.includes('"')
      ? ''
      : `${assign(input)} $vn(t) = ${expression(name)} + "1"; xlog("@@${row}|$(vn(t){s.encode.hexa})@@\\n");`,
  )
  const sums = answers(await runKamailio(standing.join('\n')))
  return rows.map((_row, index) => {
    const text = printed.get(index)
    return { printed: text === 'refused' ? undefined : text, plusOne: sums.get(index) }
  })
}

function ourContext(): RouteContext {
  const received = { socket: testSocket(), sourceAddress: ADDRESS, sourcePort: 5099, connectionId: 0 }
  const message = parseMessage(request, received, 1)
  if (message instanceof ParseError) throw new Error(message.reason)
  return new RouteContext(testHost(), { index: 0, variables: [] }, message)
}

function ourOutcomes(): Outcome[] {
  let x: Input = null
  const variables: Readonly<Record<string, VariableDef>> = {
    fU: variable('user', () => 'alice'),
    var: variableFamily('set', { inner: 'required' }, (inner = '') => ({ get: () => settings[inner] ?? 0 })),
    vn: variableFamily('input', { inner: 'required' }, (inner) => ({ get: () => (inner === 'x' ? x : null) })),
  }
  const transformations: Readonly<Record<string, TransformationDef>> = pvTransformations
  const lookup: VariableLookup = {
    variable(name) {
      const def = variables[name]
      return def && { def, state: undefined }
    },
    transformation: (name) => transformations[name],
  }
  const env = createPrepareEnv(lookup)
  const context = ourContext()
  return rows.map(({ input, name }) => {
    const text = expression(name)
    const parsed = parseVariable(text, lookup, env)
    if (typeof parsed === 'string' || parsed.end !== text.length) return { printed: undefined, plusOne: undefined }
    x = input
    const value = parsed.variable.get(context)
    const plusOne = typeof value === 'number' ? String((value + 1) | 0) : `${value ?? ''}1`
    return { printed: parsed.variable.print(context), plusOne }
  })
}

test('transformations give what Kamailio gives', { skip: !kamailioInstalled() && 'kamailio is not installed' }, async () => {
  const theirs = await outcomesOfKamailio()
  const ours = ourOutcomes()
  const differences: string[] = []
  rows.forEach(({ input, name }, index) => {
    const their = theirs[index]
    const our = ours[index]
    if (their?.printed === our?.printed && (their?.plusOne === undefined || their.plusOne === our?.plusOne)) return
    const shown = (outcome: Outcome | undefined): string =>
      outcome?.printed === undefined ? 'refused' : JSON.stringify([outcome.printed, outcome.plusOne])
    const text = JSON.stringify(input) ?? ''
    differences.push(`${text.length > 120 ? `${text.slice(0, 40)}...` : text} {${name}}: Kamailio ${shown(their)}, here ${shown(our)}`)
  })
  assert.deepEqual(differences, [])
})
