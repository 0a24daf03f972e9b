import assert from 'node:assert/strict'
import { test } from 'node:test'
import { otherUri, readStoreParam, storeParam } from './store-param.ts'

const URIS: readonly (readonly [uri: string, replacement: string, password: string])[] = [
  ['sip:alice@example.com', 'sip:anonymous@anonymous.invalid', ''],
  ['sip:anonymous@anonymous.invalid', 'sip:a@b', ''],
  ['sip:alice@example.com', 'sip:anonymous@anonymous.invalid', 'secret'],
  ['sip:alice@example.com', 'sip:carol@example.net', 'a password that is longer than any of the URIs'],
]

test('each of two URIs is found again from the other one', () => {
  for (const [uri, replacement, password] of URIS) {
    const stored = readStoreParam(storeParam(uri, replacement, password), password)
    assert.ok(stored !== undefined)
    assert.equal(otherUri(stored, replacement), uri)
    assert.equal(otherUri(stored, uri), replacement)
  }
})

test('a value that is no base64 is refused', () => {
  assert.equal(readStoreParam('ab*d', ''), undefined)
})

test('padding is a hyphen, and tells how long the bytes are', () => {
  assert.equal(storeParam('a', '', ''), 'YQ--')
  assert.equal(readStoreParam('YQ--', ''), 'a')
  assert.equal(readStoreParam('YWI-', ''), 'ab')
})
