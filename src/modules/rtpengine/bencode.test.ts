import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BencodeDictionary, decodeDictionary, encode } from './bencode.ts'

test('a question keeps its entries in order, and those that come twice', () => {
  const inner = new BencodeDictionary().add('b', [])
  const question = new BencodeDictionary().add('supports', ['load limit']).add('z', -5).add('a', '').add('a', inner)
  assert.equal(encode(question), 'd8:supportsl10:load limite1:zi-5e1:a0:1:ad1:bleee')
})

const readable: readonly (readonly [text: string, again: string])[] = [
  ['de', 'de'],
  ['d6:result4:ponge', 'd6:result4:ponge'],
  ['d1:ai12e1:bli1ei2eee', 'd1:ai12e1:bli1ei2eee'],
  ['d1:ai0ee', 'd1:ai0ee'],
  ['d1:ai+7ee', 'd1:ai7ee'],
  // What stands behind it is nobody's business, and the end of the text ends what is open.
  ['d1:a1:beXYZ', 'd1:a1:be'],
  ['d', 'de'],
  ['d1:a1:b', 'd1:a1:be'],
  ['d1:ad1:b2:cd', 'd1:ad1:b2:cdee'],
  ['d1:a3:\xe9\r\ne', 'd1:a3:\xe9\r\ne'],
]

for (const [text, again] of readable) {
  test(`${JSON.stringify(text)} is a dictionary`, () => {
    const read = decodeDictionary(text)
    assert.ok(read !== undefined)
    assert.equal(encode(read), again)
  })
}

const unreadable = [
  '', 'hello', 'le', 'i5e', '3:abc', 'd1:a', 'd1:ae', 'd1:a5:abce', 'di1e1:ae', 'd1:ai01ee', 'd1:aiee', 'd1:ai1',
  'd1:a01:be', 'd1:a-1:be', 'd1:a99999999999:be',
  'd1:axe', `d1:a${'l'.repeat(200)}${'e'.repeat(201)}`, `${'d1:a'.repeat(200)}`, 'D6:result4:ponge', ' d6:result4:ponge',
]

for (const text of unreadable) {
  test(`${JSON.stringify(text.slice(0, 30))} is none`, () => {
    assert.equal(decodeDictionary(text), undefined)
  })
}

test('values are found by key and kind, the first of a name', () => {
  const read = decodeDictionary('d1:t1:x1:ti5e1:ni7e1:ld1:t1:yee')
  assert.ok(read !== undefined)
  assert.equal(read.text('t'), 'x')
  assert.equal(read.int('t', -1), -1)
  assert.equal(read.int('n', -1), 7)
  assert.equal(read.dictionary('l')?.text('t'), 'y')
  assert.equal(read.list('l'), undefined)
})
