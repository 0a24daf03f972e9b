/** Every transformation with odd texts and parameters, in one run of Kamailio and in our functions. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TransformationDef } from '../../src/define/transformation.ts'
import type { PvValue } from '../../src/define/value.ts'
import { variable, variableFamily, type VariableDef } from '../../src/define/variable.ts'
import { sockTransformations } from '../../src/modules/corex/transformations.ts'
import { pvTransformations } from '../../src/modules/pv/transformations.ts'
import { textopsTransformations } from '../../src/modules/textops/transformations.ts'
import { RouteContext } from '../../src/runtime/context.ts'
import { createPrepareEnv } from '../../src/runtime/prepare.ts'
import { parseVariable, type VariableLookup } from '../../src/runtime/variable-spec.ts'
import { parseMessage } from '../../src/sip/parse-message.ts'
import { ParseError } from '../../src/sip/parse-error.ts'
import { testHost, testSocket } from '../support/test-host.ts'
import { kamailioInstalled } from './harness/server-process.ts'
import { answersIn, ask, CLIENT, CLIENT_PORT, quoted, runScript, SERVER } from './scripted-run.ts'
import { rowGroups, type Input } from './transformation-rows.ts'

const rows = rowGroups.flatMap(([inputs, names]) => inputs.flatMap((input) => names.map((name) => ({ input, name }))))

const request = [
  `OPTIONS sip:${SERVER} SIP/2.0`, `Via: SIP/2.0/UDP ${CLIENT}:${CLIENT_PORT};branch=z9hG4bK1`, 'From: <sip:alice@example.com>;tag=1',
  'To: <sip:bob@example.com>', 'Call-ID: 1', 'CSeq: 1 OPTIONS', 'Content-Length: 0', '', '',
].join('\r\n')

const settings: Readonly<Record<string, PvValue>> = { p: '3', i: 2, n: -2, c: ';', e: '', q: 'a.b' }

/** What a row gives: refused when the script is read, or the text printed, and the text or number when 1 is added. */
interface Outcome {
  readonly printed: string | undefined
  readonly plusOne: string | undefined
}

const assign = (input: Input): string =>
  `$vn(x) = ${input === null ? '$null' : typeof input === 'number' ? input : quoted(input)};`
const expression = (name: string): string => `$(vn(x){${name}})`

const start = Object.entries(settings)
  .map(([name, value]) => `$var(${name}) = ${typeof value === 'number' ? value : quoted(String(value))};`)
  .join(' ')

/** The time that Kamailio takes to read a script grows with the square of its length: several short ones are read in a fraction of it. */
const LINES_A_SCRIPT = 500

const run = async (lines: readonly string[]): Promise<Map<number, string | undefined>> => {
  const answers = new Map<number, string | undefined>()
  for (let first = 0; first < lines.length; first += LINES_A_SCRIPT) {
    const body = `${start}\n${lines.slice(first, first + LINES_A_SCRIPT).join('\n')}`
    for (const [row, answer] of answersIn(await runScript({ body, message: request, modules: ['textops', 'corex'] }))) answers.set(row, answer)
  }
  return answers
}

/** Reads each row while the script runs (pv_evalx), then those that were not refused once more as they stand in a script. */
async function outcomesOfKamailio(): Promise<Outcome[]> {
  const printed = await run(rows.map(({ input, name }, row) => `${assign(input)} ${ask(row, expression(name))}`))
  assert.equal(printed.size, rows.length)
  const sums = await run(
    rows.map(({ input, name }, row) =>
      printed.get(row) === undefined || /[^ -~]/.test(name) || name.includes('"')
        ? ''
        : `${assign(input)} $vn(t) = ${expression(name)} + "1"; xlog("@@${row}|$(vn(t){s.encode.hexa})@@\\n");`,
    ),
  )
  return rows.map((_row, row) => ({ printed: printed.get(row), plusOne: sums.get(row) }))
}

function ourContext(): RouteContext {
  const received = { socket: testSocket(), sourceAddress: CLIENT, sourcePort: CLIENT_PORT, connectionId: 0 }
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
  const transformations: Readonly<Record<string, TransformationDef>> = { ...pvTransformations, ...textopsTransformations, ...sockTransformations }
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
