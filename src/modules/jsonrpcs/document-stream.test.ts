import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DocumentStream } from './document-stream.ts'

function cut(pieces: readonly string[]): { documents: string[]; tooLong: number } {
  const found = { documents: [] as string[], tooLong: 0 }
  const stream = new DocumentStream((document) => found.documents.push(document), () => found.tooLong++)
  for (const piece of pieces) stream.add(piece)
  return found
}

test('documents end with their outermost bracket, in however many pieces they come', () => {
  assert.deepEqual(cut(['{"a":', '{"b":1}}\n{"c"', ':[2]}']).documents, ['{"a":{"b":1}}', '{"c":[2]}'])
})

test('brackets and quotes inside of texts do not count', () => {
  assert.deepEqual(cut(['{"a":"}\\"]{"}']).documents, ['{"a":"}\\"]{"}'])
})

test('what stands between documents is skipped', () => {
  assert.deepEqual(cut(['abc }\n{} x {}']).documents, ['{}', '{}'])
})

test('a document beyond 64 KB is dropped, and the next one is read', () => {
  const { documents, tooLong } = cut([`{"a":"${'x'.repeat(70_000)}`, '{"b":1}'])
  assert.equal(tooLong, 1)
  assert.deepEqual(documents, ['{"b":1}'])
})
