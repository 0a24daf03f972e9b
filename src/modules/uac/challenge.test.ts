import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChallenge } from './challenge.ts'

const GOOD: readonly (readonly [text: string, realm: string, nonce: string, opaque: string, qop: string])[] = [
  ['Digest realm="r", nonce="n"', 'r', 'n', '', ''],
  ['digest  nonce="n",realm="r",opaque="o",qop="auth,auth-int",algorithm=MD5', 'r', 'n', 'o', 'auth,auth-int'],
  ['Digest realm="a b", nonce="n", stale=FALSE, algorithm="md5", qop=auth', 'a b', 'n', '', 'auth'],
  ['Digest REALM = "r" , nonce = "n", domain="x", other=12', 'r', 'n', '', ''],
]

const BAD: readonly (readonly [text: string, problem: RegExp])[] = [
  ['Basic realm="r"', /^parse error/],
  ['Digest', /^parse error/],
  ['Digest realm=r, nonce="n"', /^parse error/],
  ['Digest realm="r', /^$/],
  ['Digest realm="r"', /^realm or nonce missing/],
  ['Digest realm="", nonce="n"', /^realm or nonce missing/],
  ['Digest realm="r", nonce="n", algorithm=SHA-256', /^unsupported algorithm "SHA-256"/],
  ['Digest realm="r", nonce="n", algorithm=MD5-sess', /^unsupported algorithm/],
  ['Digest realm="r", nonce="n", stale=maybe', /^unsupported stale/],
]

test('challenges are read', () => {
  for (const [text, realm, nonce, opaque, qop] of GOOD) {
    assert.deepEqual(parseChallenge(text), { realm, nonce, opaque, qop, hasQop: qop.startsWith('auth') }, text)
  }
})

test('challenges that cannot be answered are refused', () => {
  for (const [text, problem] of BAD) assert.match(String(parseChallenge(text)), problem, text)
})
