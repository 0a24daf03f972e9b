import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestAlgorithm, digestHash, digestResponse, storedSecret, type DigestAlgorithm } from './digest.ts'

function algorithmOf(name: string): DigestAlgorithm {
  const algorithm = digestAlgorithm(name)
  assert.ok(algorithm !== undefined, name)
  return algorithm
}

interface Vector {
  readonly title: string
  readonly algorithm: string
  readonly user: string
  readonly realm: string
  readonly password: string
  readonly nonce: string
  readonly nc: string
  readonly cnonce: string
  readonly qop: string
  readonly method: string
  readonly uri: string
  readonly body?: string
  readonly response: string
}

const RFC7616 = {
  user: 'Mufasa', realm: 'http-auth@example.org', password: 'Circle of Life', method: 'GET', uri: '/dir/index.html',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v', nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  qop: 'auth',
}
const RFC2617 = {
  user: 'Mufasa', realm: 'testrealm@host.com', password: 'Circle Of Life', method: 'GET', uri: '/dir/index.html',
  nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', nc: '00000001', cnonce: '0a4f113b',
}

const vectors: readonly Vector[] = [
  { title: 'RFC 7616 §3.9.1, MD5', ...RFC7616, algorithm: 'MD5', response: '8ca523f5e9506fed4657c9700eebdbec' },
  {
    title: 'RFC 7616 §3.9.1, SHA-256', ...RFC7616, algorithm: 'SHA-256',
    response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  },
  { title: 'RFC 2617 §3.5', ...RFC2617, algorithm: 'MD5', qop: 'auth', response: '6629fae49393a05397450978507c4ef1' },
  { title: 'RFC 2069: no qop', ...RFC2617, algorithm: '', qop: '', response: '670fd8c2df070c60b045671b8b24ff02' },
  // The next ones were computed from the formulas with another implementation (Python's hashlib).
  {
    title: 'auth-int, which hashes the body', ...RFC2617, algorithm: 'MD5', qop: 'auth-int', method: 'POST', body: 'v=0',
    response: '2c34a816923cdbb491ee02c0522596a8',
  },
  { title: 'MD5-sess', ...RFC2617, algorithm: 'MD5-sess', qop: 'auth', response: '8e3825c57e897f5a0dec6c2d4e5059d0' },
  {
    title: 'SHA-256-sess', ...RFC2617, algorithm: 'SHA-256-sess', qop: 'auth',
    response: 'b8822e12417cb7750f4e2b8515f0dcf25b7dd26993e80bee1426201446a7f59b',
  },
]

for (const vector of vectors) {
  test(`${vector.title} gives the known response`, () => {
    const algorithm = algorithmOf(vector.algorithm)
    const secret = storedSecret(algorithm, vector.user, vector.realm, vector.password)
    assert.equal(digestResponse({ ...vector, algorithm, secret }), vector.response)
  })
}

test('SHA-512-256 hashes the user name as erratum 4897 of RFC 7616 says', () => {
  const hash = digestHash(algorithmOf('SHA-512-256'), 'J\u00c3\u00a4s\u00c3\u00b8n Doe:api@example.org')
  assert.equal(hash, '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b')
})

test('names of algorithms are read in any case, and others are none', () => {
  assert.deepEqual(digestAlgorithm('md5-SESS'), { hash: 'md5', digits: 32, isSession: true })
  for (const name of ['SHA-1', 'SHA256', '-sess', 'MD5 ']) assert.equal(digestAlgorithm(name), undefined, name)
})
