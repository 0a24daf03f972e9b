import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseOptions } from './options.ts'

test('the whole command line of a Kamailio start script is understood', () => {
  const line = '-f a.cfg -DD -E -w /tmp -Y /run -P pid -m 64 -M8 -n 2 -A WITH_X -A N="v" -l udp:127.0.0.1:5060 -L /m -x fm -X fm'
  const { given, operands, errors } = parseOptions(line.split(' '))
  assert.deepEqual(errors, [])
  assert.deepEqual(operands, [])
  assert.deepEqual(given.get('file'), ['a.cfg'])
  assert.equal(given.get('foreground')?.length, 2)
  assert.deepEqual(given.get('privateMemory'), ['8'])
  assert.deepEqual(given.get('define'), ['WITH_X', 'N="v"'])
})

for (const [title, words, errors] of [
  ['an unknown switch is named', ['-Z'], ['unknown option -Z']],
  ['a missing value is told', ['-f'], ['option -f needs a value: file']],
  ['an unknown long option is named without its value', ['--nosuch=1'], ['unknown option --nosuch']],
] as const) {
  test(title, () => assert.deepEqual(parseOptions(words).errors, errors))
}

test('long options take their value with and without the equals sign', () => {
  const { given } = parseOptions(['--debug=3', '--alias', 'udp:x:5060'])
  assert.deepEqual(given.get('debugLevel'), ['3'])
  assert.deepEqual(given.get('alias'), ['udp:x:5060'])
})

test('operands stay in order, and all behind two dashes are operands', () => {
  assert.deepEqual(parseOptions(['run', '-E', 'a.cfg', '--', '-x']).operands, ['run', 'a.cfg', '-x'])
})
