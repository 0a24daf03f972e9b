import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RpcDouble, RpcStruct } from '../define/define.ts'
import { readArgument } from './cmd.ts'
import { shownForPeople } from './cmd-table.ts'

const row = (name: string, count: number): RpcStruct => new RpcStruct().add('name', name).add('count', count)

test('structures that are alike are rows of a table, numbers to the right', () => {
  assert.equal(shownForPeople([row('a', 1), row('longer', 1000)]), [
    'name    count', '------  -----', 'a           1', 'longer   1000', '',
  ].join('\n'))
})

test('a structure by itself is shown line by line, what is in it indented', () => {
  const inner = new RpcStruct().add('port', 5060)
  assert.equal(shownForPeople([new RpcStruct().add('proto', 'udp').add('to', inner)]), 'proto: udp\nto:\n  port: 5060\n')
})

test('plain values stand one a line', () => {
  assert.equal(shownForPeople(['a', 2, new RpcDouble(1.5)]), 'a\n2\n1.5\n')
})

test('structures that differ are blocks with a blank line between', () => {
  assert.equal(shownForPeople([row('a', 1), new RpcStruct().add('x', 2)]), 'name:  a\ncount: 1\n\nx: 2\n')
})

const words: readonly (readonly [word: string, argument: unknown])[] = [
  ['12', 12], ['-3', -3], ['s:12', '12'], ['abc', 'abc'], ['', ''], ['s:', ''], ['12a', '12a'],
]
for (const [word, argument] of words) {
  test(`the word "${word}" is sent as ${JSON.stringify(argument)}`, () => assert.equal(readArgument(word), argument))
}

test('a word with a point between digits is a double', () => {
  const argument = readArgument('1.5')
  assert.ok(argument instanceof RpcDouble)
  assert.equal(argument.value, 1.5)
})
