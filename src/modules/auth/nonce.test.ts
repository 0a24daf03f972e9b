import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../test/support/sip-message.ts'
import { testHost } from '../../../test/support/test-host.ts'
import { SetupError } from '../../define/define.ts'
import { DigestCredentials } from '../../sip/headers/digest-credentials.ts'
import { createNonceMemory, type MemoryParams, type NonceMemory } from './nonce-memory.ts'
import { checkNonce, makeNonce, type NonceRules, type NonceVerdict } from './nonce.ts'

const SECRET = 'the secret of two servers, long enough'
const HALF = SECRET.length / 2
const SOURCE = 15
const message = messageOf([
  'REGISTER sip:example.com SIP/2.0', 'From: <sip:alice@example.com>;tag=f1', 'To: <sip:alice@example.com>', 'Call-ID: c1',
])
message.received = { ...message.received, sourceAddress: '127.0.44.9' }

function rules(parts: Partial<NonceRules> = {}): NonceRules {
  return { secret: SECRET, checksSecret: '', expireSeconds: 300, driftSeconds: 3, counts: false, once: false, memory: undefined, ...parts }
}
const divided = { secret: SECRET.slice(0, HALF), checksSecret: SECRET.slice(HALF) }

function answer(nonce: string, nc?: string): DigestCredentials {
  const credentials = new DigestCredentials()
  credentials.nonce = nonce
  credentials.nc = nc
  return credentials
}

function memoryOf(parts: Partial<MemoryParams>, counts: boolean, once: boolean): NonceMemory {
  const params = { nid_pool_no: 0, nc_array_size: 0, nc_array_order: 0, otn_in_flight_no: 0, otn_in_flight_order: 0, ...parts }
  const memory = createNonceMemory(testHost(), params, counts, once)
  assert.ok(memory !== undefined && !(memory instanceof SetupError))
  return memory
}

/** When the nonce was made, in seconds: its bytes 4 to 8. */
const since = (nonce: string): number => Buffer.from(nonce, 'base64').readInt32BE(4)

// Kamailio 5.6.3 made these with the same secret.
const PLAIN = 'awzjRGsM4hgCLdCYG3321pUVewWFv/3a'
const CHECKED = 'awzjRWsM4hnbjLv/6w/+Jb4Fhioso/9OkTcnU5z1E4fC2EmXKbrwsQ=='
const REMEMBERED = 'awzjRmsM4ho2CAizYH9sliKLQktHyriBBjQNhcA='

test('a nonce is the one that Kamailio makes at that time with that secret', () => {
  assert.equal(makeNonce(rules(), since(PLAIN), 1, 0, message), PLAIN)
  assert.equal(makeNonce(rules(divided), since(CHECKED), 1, SOURCE, message), CHECKED)
})

test('nonces of Kamailio are good here, and not with another secret', () => {
  const rows: readonly (readonly [nonce: string, rules: NonceRules, checks: number, verdict: NonceVerdict])[] = [
    [PLAIN, rules(), 0, 'good'],
    [PLAIN, rules({ secret: 'another' }), 0, 'invalid'],
    [CHECKED, rules(divided), SOURCE, 'good'],
    [CHECKED, rules({ ...divided, checksSecret: 'another' }), SOURCE, 'stale'],
    [REMEMBERED, rules(), 0, 'good'],
    [REMEMBERED.replace('BjQNhcA', 'BjQNhdA'), rules(), 0, 'invalid'],
  ]
  for (const [nonce, used, checks, verdict] of rows) {
    const nowSeconds = since(nonce)
    assert.equal(checkNonce(used, answer(nonce), { nowSeconds, startedSeconds: nowSeconds - 10, checks, message }), verdict, nonce)
  }
})

test('a nonce is good from the start of the server on, for its time, and a little before it was made', () => {
  const made = since(PLAIN)
  const rows: readonly (readonly [now: number, started: number, verdict: NonceVerdict])[] = [
    [made, made, 'good'], [made + 300, made, 'good'], [made + 301, made, 'stale'],
    [made + 5, made + 1, 'stale'], [made - 3, made - 100, 'good'], [made - 4, made - 100, 'stale'],
    // A clock that was put back behind the start counts as the start.
    [made - 2, made + 50, 'good'],
  ]
  for (const [nowSeconds, startedSeconds, verdict] of rows) {
    const text = `${nowSeconds - made} ${startedSeconds - made}`
    assert.equal(checkNonce(rules(), answer(PLAIN), { nowSeconds, startedSeconds, checks: 0, message }), verdict, text)
  }
})

test('texts that are no nonce are refused, whatever they are', () => {
  const now = since(PLAIN)
  for (const nonce of ['', 'short', `${PLAIN}=`, PLAIN.slice(0, 28), `${PLAIN.slice(0, 30)}=x`, 'A'.repeat(4000), '\u0000'.repeat(33)]) {
    const verdict = checkNonce(rules(), answer(nonce), { nowSeconds: now, startedSeconds: now, checks: 0, message })
    assert.ok(verdict !== 'good', nonce)
  }
})

test('what goes into a nonce must be the same in the answer', () => {
  const nonce = makeNonce(rules(divided), 1000, 1, SOURCE, message)
  const rows: readonly (readonly [lines: readonly string[], source: string])[] = [
    [['REGISTER sip:example.org SIP/2.0', 'From: <sip:alice@example.com>;tag=f1', 'Call-ID: c1'], '127.0.44.9'],
    [['REGISTER sip:example.com SIP/2.0', 'From: <sip:alice@example.com>;tag=f2', 'Call-ID: c1'], '127.0.44.9'],
    [['REGISTER sip:example.com SIP/2.0', 'From: <sip:alice@example.com>;tag=f1', 'Call-ID: c2'], '127.0.44.9'],
    [['REGISTER sip:example.com SIP/2.0', 'From: <sip:alice@example.com>;tag=f1', 'Call-ID: c1'], '127.0.44.8'],
  ]
  for (const [lines, sourceAddress] of rows) {
    const other = messageOf([...lines])
    other.received = { ...other.received, sourceAddress }
    const situation = { nowSeconds: 1000, startedSeconds: 1000, checks: SOURCE, message: other }
    assert.equal(checkNonce(rules(divided), answer(nonce), situation), 'stale', lines.join())
  }
  const situation = { nowSeconds: 1000, startedSeconds: 1000, checks: SOURCE, message }
  assert.equal(checkNonce(rules(divided), answer(nonce), situation), 'good')
})

test('nc must grow, up to 255, and a nonce for one time is good once', () => {
  const situation = { nowSeconds: 1000, startedSeconds: 1000, checks: 0, message }
  const counted = rules({ counts: true, memory: memoryOf({}, true, false) })
  const nonce = makeNonce(counted, 1000, 1, 0, message)
  const verdict = (nc: string): NonceVerdict => checkNonce(counted, answer(nonce, nc), situation)
  assert.deepEqual(
    ['00000001', '00000001', '0000000f', '0000000e', '000000FF', '00000100', '1', 'x0000001'].map(verdict),
    ['good', 'stale', 'good', 'stale', 'good', 'stale', 'bad-nc', 'bad-nc'],
  )
  const once = rules({ once: true, memory: memoryOf({ nid_pool_no: 4 }, false, true) })
  const another = makeNonce(once, 1000, 3, 0, message)
  assert.deepEqual([1, 2].map(() => checkNonce(once, answer(another), situation)), ['good', 'reused'])
  assert.equal(checkNonce(once, answer(PLAIN), { ...situation, nowSeconds: since(PLAIN) }), 'stale')
})

test('nonces that the memory has no room for are too old, and none is taken twice', () => {
  const memory = memoryOf({ nc_array_size: 1024, otn_in_flight_no: 1024 }, true, true)
  const first = memory.next(0)
  for (let count = 0; count < 1023; count++) memory.next(0)
  assert.equal(memory.countUp(first, 0, 1), true)
  memory.next(0)
  assert.equal(memory.countUp(first, 0, 2), false)
  assert.equal(memory.useOnce(first, 0), false)
  const last = memory.next(0)
  assert.deepEqual([memory.useOnce(last, 0), memory.useOnce(last, 0), memory.useOnce(last, 1)], [true, false, false])
})
