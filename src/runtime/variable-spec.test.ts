import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHost } from '../../test/support/test-host.ts'
import type { LogRecord } from '../base/log.ts'
import type { TransformationDef } from '../define/transformation.ts'
import type { PvValue } from '../define/value.ts'
import { variable, variableFamily, type VariableDef } from '../define/variable.ts'
import { ParseError } from '../sip/parse-error.ts'
import { parseMessage } from '../sip/parse-message.ts'
import { RouteContext } from './context.ts'
import { parseFormat } from './format.ts'
import { createPrepareEnv, parseInteger, prepareArg } from './prepare.ts'
import { indexValue, parseVariable, type VariableLookup } from './variable-spec.ts'
import { arg } from '../define/arg.ts'

const variables: Readonly<Record<string, VariableDef>> = {
  rm: variable('method', () => 'INVITE', { int: () => 1 }),
  'from.user': variable('user', () => 'alice'),
  nothing: variable('null', () => null),
  five: variable('number', () => 5, { set: () => true }),
  'rc?': variable('odd name', () => 7),
  echo: variableFamily('inner and index', { inner: 'required', index: true }, (inner, index, env) => {
    const nested = inner?.startsWith('$') ? env.variable(inner) : undefined
    if (typeof nested === 'string') return nested
    return {
      get: (context) =>
        `${nested ? String(nested.get(context)) : inner}/${index.kind === 'all' ? '*' : indexValue(index, context)}`,
    }
  }),
}

const transformations: Readonly<Record<string, TransformationDef>> = {
  's.len': { summary: 'length', params: [], bind: () => (value) => String(value).length },
  's.cut': {
    summary: 'characters from an offset',
    params: ['offset'],
    bind([first]) {
      if (first?.kind === 'int') return (value) => String(value).slice(first.value)
      if (first?.kind !== 'variable') return 'a number is needed'
      return (value, context) => String(value).slice(Number(first.value.get(context)))
    },
  },
}

const lookup: VariableLookup = {
  variable(name) {
    const def = variables[name]
    return def && { def, state: undefined }
  },
  transformation: (name) => transformations[name],
}

const env = createPrepareEnv(lookup)
const logged: LogRecord[] = []
const context = makeContext()

/** A context with a small buffer for formats. */
function makeContext(): RouteContext {
  const host = testHost({ records: logged })
  host.settings.pv_buffer_size = 64
  const [socket] = host.network.sockets
  assert.ok(socket)
  const received = { socket, sourceAddress: '192.0.2.9', sourcePort: 5060, connectionId: 0 }
  const message = parseMessage('OPTIONS sip:a@b SIP/2.0\r\n\r\n', received, 1)
  assert.ok(!(message instanceof ParseError))
  return new RouteContext(host, { index: 0, variables: [] }, message)
}

function read(text: string): PvValue | { error: string } {
  const parsed = parseVariable(text, lookup, env)
  return typeof parsed === 'string' ? { error: parsed } : parsed.variable.get(context)
}

test('variables are read in all their forms', () => {
  const cases: readonly [string, PvValue][] = [
    ['$rm', 'INVITE'],
    ['$(rm)', 'INVITE'],
    ['$from.user', 'alice'],
    ['$rc?', 7],
    ['$$', '$'],
    ['$($)', '$'],
    ['$echo(a)', 'a/0'],
    ['$echo(a(b)c)', 'a(b)c/0'],
    ['$(echo(a)[2])', 'a/2'],
    ['$(echo(a)[-1])', 'a/-1'],
    ['$(echo(a)[*])', 'a/*'],
    ['$(echo(a)[$five])', 'a/5'],
    ['$(echo($rm)[$(five)])', 'INVITE/5'],
    ['$(rm{s.len})', 6],
    ['$(rm{s.LEN})', 6],
    ['$(rm{s. len })', 6],
    ['$(rm{s.cut,2})', 'VITE'],
    ['$(rm{s.cut,$five})', 'E'],
    ['$(rm{s.cut,$(five)}{s.len})', 1],
    ['$(rm{s.cut,2} {s.len})', 4],
    ['$(echo(a)[1]{s.len})', 3],
    ['$(nothing{s.len})', null],
  ]
  for (const [text, want] of cases) assert.deepEqual(read(text), want, text)
})

test('what is no variable is refused', () => {
  const faulty = [
    'rm', '$', '$ x', '$unknown', '$rm.', '$rm(x)', '$echo', '$echo()', '$echo(a', '$(rm', '$(rm[1])', '$(echo(a)[])',
    '$(echo(a)[x])', '$(echo(a)[$rx])', '$(rm{s.nope})', '$(rm{len})', '$(rm{s.len)', '$(rm x)', '$($x)', '$(rm{s.cut,a})',
  ]
  for (const text of faulty) {
    const result = read(text)
    assert.ok(typeof result === 'object' && result !== null, text)
  }
})

test('formats print their variables between their texts', () => {
  const cases: readonly [string, string][] = [
    ['', ''],
    ['plain', 'plain'],
    ['$rm', 'INVITE'],
    ['<$rm>', '<INVITE>'],
    ['$rm-$five', 'INVITE-5'],
    ['$rm,$five;$nothing', 'INVITE,5;<null>'],
    ['a$(five)b$(five)c$(five)d$(five)e', 'a5b5c5d5e'],
    ['$five$five$five$five$five$five', '555555'],
    ['100$$ $$', '100$ $'],
    ['[$(nothing{s.len})]', '[]'],
    ['$rm:$from.user', 'INVITE:alice'],
    ['\xe9$(rm)\xe9', '\xe9INVITE\xe9'],
  ]
  for (const [text, want] of cases) {
    const format = parseFormat(text, lookup, env)
    assert.ok(typeof format !== 'string', text)
    assert.equal(format.evaluate(context), want, text)
  }
})

test('a format with a faulty variable is refused with its position', () => {
  for (const [text, position] of [['ab$', 3], ['a $nope b', 3], ['$rm$echo', 4], ['x$(rm', 2], ['say $rm.', 5]] as const) {
    const format = parseFormat(text, lookup, env)
    assert.ok(typeof format === 'string' && format.startsWith(`at ${position}:`), `${text}: ${String(format)}`)
  }
})

test('a format longer than the buffer is an error and empty', () => {
  const format = parseFormat('$rm'.repeat(20), lookup, env)
  assert.ok(typeof format !== 'string')
  assert.equal(format.evaluate(context), '')
  assert.equal(format.evaluateWithin(context, 1000), 'INVITE'.repeat(20))
  assert.match(logged.at(-1)?.text ?? '', /does not fit/)
})

test('whole numbers are decimal with a sign', () => {
  for (const [text, want] of [['12', 12], ['-3', -3], ['+4', 4], ['0x10', undefined], ['12x', undefined], ['', undefined]] as const) {
    assert.equal(parseInteger(text), want, text)
  }
})

test('number arguments are fixed or come from variables that hold a number', () => {
  const number = arg.int('n', 'a number', { max: 10 })
  assert.deepEqual(prepareArg(number, '7', env), { fixed: 7 })
  for (const faulty of ['11', 'x', '$nope']) assert.equal(typeof prepareArg(number, faulty, env), 'string', faulty)
  const cases = [['$five', 5], ['$rm', 1], ['$from.user', Number.NaN]] as const
  for (const [text, want] of cases) {
    const prepared = prepareArg(number, text, env)
    assert.ok(typeof prepared !== 'string' && 'evaluate' in prepared, text)
    assert.equal(prepared.evaluate(context), want, text)
  }
})

test('text arguments without variables are fixed, variables to write must be writable', () => {
  assert.deepEqual(prepareArg(arg.str('s', 'a text'), 'plain', env), { fixed: 'plain' })
  const text = prepareArg(arg.str('s', 'a text'), 'x$rm', env)
  assert.ok(typeof text !== 'string' && 'evaluate' in text)
  assert.equal(text.evaluate(context), 'xINVITE')
  assert.equal(typeof prepareArg(arg.writable('w', 'a variable'), '$rm', env), 'string')
  assert.equal(typeof prepareArg(arg.writable('w', 'a variable'), '$five', env), 'object')
})
