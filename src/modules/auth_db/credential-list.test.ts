import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PrepareEnv } from '../../define/define.ts'
import { parseCredentialList } from './credential-list.ts'

const env: PrepareEnv = {
  variable: (text) => (text.startsWith('$') ? { text, get: () => null, set: () => true } : `${text} is no variable`),
  format: () => 'none',
  regex: () => 'none',
}

test('a list of columns names variables or means AVPs, the last one first', () => {
  const loaded = parseCredentialList('$avp(a)=rpid; email ;$xavp(x=>y) = z;', env)
  assert.ok(typeof loaded !== 'string')
  assert.deepEqual(loaded.map(({ column, target }) => [column, target.text]), [
    ['z', '$xavp(x=>y)'], ['email', '$avp(email)'], ['rpid', '$avp(a)'],
  ])
})

test('what names no column or no variable is an error', () => {
  for (const text of ['a;;b', '$avp(x)=', 'x=y', ' ']) assert.equal(typeof parseCredentialList(text, env), 'string', text)
  assert.deepEqual(parseCredentialList('', env), [])
})
