import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDefinition, type Definition } from './definition.ts'
import { HashTable, Memory, type Item } from './hash-table.ts'

function tableOf(text: string, bytes = 1e6): { readonly table: HashTable; readonly memory: Memory } {
  const definition = parseDefinition(text)
  if (typeof definition === 'string') throw new Error(definition)
  const memory = new Memory(bytes)
  return { table: new HashTable(definition, memory), memory }
}

test('a definition has a name and attributes, or a reason against it', () => {
  const rows: [string, Partial<Definition> | RegExp][] = [
    ['a=>size=4', { name: 'a', slots: 16, autoexpire: 0, updateexpire: 1, initval: undefined }],
    [' a => size = 1 ; autoexpire = 3 ;', { name: 'a', slots: 8, autoexpire: 3 }],
    ['a=>size=20;initval=-3;updateexpire=0', { slots: 16384, initval: -3, updateexpire: 0 }],
    ['a=>dbtable=t;cols="k, a,b";dbmode=1', { dbtable: 't', columns: ['k', 'a', 'b'], dbmode: 1 }],
    ['a=>size=4,anything', { slots: 16 }],
    ['a', /failed parsing/],
    ['a=>size=4;;', /failed parsing/],
    ['a=>size=x', /invalid htable parameter/],
    ['a=>colour=4', /invalid htable parameter/],
    ['a=>cols="k"', /two columns/],
  ]
  for (const [text, want] of rows) {
    const found = parseDefinition(text)
    if (want instanceof RegExp) assert.match(String(found), want, text)
    else assert.deepEqual(typeof found === 'string' ? found : { ...found, ...want }, found, text)
  }
})

test('items stand by slot and hash, and those of one hash by age', () => {
  const { table } = tableOf('a=>size=2')
  for (const key of ['Bob', 'x', 'bob', 'y', 'BOB', 'käse']) assert.ok(table.add(key, key, 0))
  const keys = [...table.items()].map(({ key }) => key)
  assert.deepEqual(keys.filter((key) => key.toLowerCase() === 'bob'), ['Bob', 'bob', 'BOB'])
  const walked: string[] = []
  for (let item = table.next(undefined); item !== undefined; item = table.next(item)) walked.push(item.key)
  assert.deepEqual(walked, keys)
})

test('a walk goes on from a place whose item is gone', () => {
  const { table } = tableOf('a=>size=2')
  for (let n = 0; n < 20; n++) table.add(`key ${n}`, n, 0)
  const seen: string[] = []
  for (let item: Item | undefined = table.next(undefined); item !== undefined; item = table.next(item)) {
    seen.push(item.key)
    table.remove(item)
  }
  assert.equal(seen.length, 20)
  assert.equal(table.count, 0)
})

test('memory is counted and bounded', () => {
  const { table, memory } = tableOf('a=>size=2', 300)
  const item = table.add('one', 'value', 0)
  assert.ok(item)
  assert.ok(table.add('two', 5, 0))
  assert.equal(table.add('three', 'x'.repeat(200), 0), undefined)
  assert.equal(table.setValue(item, 'x'.repeat(200)), false)
  assert.equal(item.value, 'value')
  table.remove(item)
  table.clear()
  assert.equal(memory.used, 0)
})
