import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeFlowToken, encodeFlowToken, keyOfSecret, type Flow } from './flow-token.ts'

const key = keyOfSecret('')
const overUdp: Flow = { transport: 'udp', localAddress: '127.0.30.1', localPort: 5060, peerAddress: '127.0.30.9', peerPort: 5070 }

/** Made by Kamailio 5.6.3, whose key comes of an empty secret. */
const byKamailio: readonly { readonly flow: Flow; readonly token: string }[] = [
  { flow: overUdp, token: 'an+uSm/FGHiONgF/AB4BE8R/AB4JE84=' },
  { flow: { ...overUdp, transport: 'tcp', peerPort: 0xb4f7 }, token: 'K9JLYOeyoEGgQQJ/AB4BE8R/AB4JtPc=' },
  {
    flow: { transport: 'udp', localAddress: '::1', localPort: 6060, peerAddress: '::1', peerPort: 6070 },
    token: '5flRS3WJeE+5gYEAAAAAAAAAAAAAAAAAAAABF6wAAAAAAAAAAAAAAAAAAAABF7Y=',
  },
]

for (const { flow, token } of byKamailio) {
  test(`a flow over ${flow.transport} of ${flow.peerAddress} has the token that Kamailio gives it`, () => {
    assert.equal(encodeFlowToken(key, flow), token)
    assert.deepEqual(decodeFlowToken(key, token), flow)
  })
}

test('every transport and both families come back as they were', () => {
  for (const transport of ['udp', 'tcp', 'tls', 'sctp', 'ws', 'wss'] as const) {
    for (const [localAddress, peerAddress] of [['192.0.2.1', '203.0.113.255'], ['2001:db8::1:0:2', 'fe80::ffff:1']] as const) {
      const flow: Flow = { transport, localAddress, localPort: 65535, peerAddress, peerPort: 1 }
      assert.deepEqual(decodeFlowToken(key, encodeFlowToken(key, flow)), flow)
    }
  }
})

test('a flow without numeric addresses of one family has no token', () => {
  assert.equal(encodeFlowToken(key, { ...overUdp, peerAddress: 'example.com' }), '')
  assert.equal(encodeFlowToken(key, { ...overUdp, peerAddress: '::1' }), '')
  assert.equal(encodeFlowToken(key, { ...overUdp, localAddress: '' }), '')
})

test('secrets make different keys, and the token of another key is forged', () => {
  const other = keyOfSecret('johndoessecretphrase')
  assert.notEqual(encodeFlowToken(other, overUdp), encodeFlowToken(key, overUdp))
  assert.equal(decodeFlowToken(other, encodeFlowToken(key, overUdp)), 'forged')
})

test('a token with any bit changed is forged', () => {
  const bytes = Buffer.from(encodeFlowToken(key, overUdp), 'base64')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(decodeFlowToken(key, changed.toString('base64')), 'forged', `bit ${bit}`)
  }
})

/** What others put where a token may stand. */
const texts: readonly { readonly text: string; readonly want: 'absent' | 'forged' }[] = [
  { text: '', want: 'absent' },
  { text: 'bob', want: 'absent' },
  { text: '====', want: 'absent' },
  { text: 'an+uSm/FGHiONgF/AB4BE8R/AB4JE84', want: 'absent' },
  { text: 'an+uSm/FGHiONgF/AB4BE8R/AB4JE84%3D', want: 'absent' },
  { text: 'an+uSm/FGHiONgF/AB4BE8R/AB4JE84=AAAA', want: 'absent' },
  { text: 'an+uSm/FGHiONgF/AB4BE8R/AB4J', want: 'absent' },
  { text: 'a'.repeat(32), want: 'absent' },
  { text: `${'a'.repeat(30)}==`, want: 'absent' },
  { text: `${'a'.repeat(31)}=`, want: 'forged' },
  { text: `${'a'.repeat(63)}=`, want: 'forged' },
  { text: 'a'.repeat(64), want: 'absent' },
  { text: `${'a'.repeat(15)}=${'a'.repeat(15)}=`, want: 'forged' },
  { text: `${'~'.repeat(31)}=`, want: 'forged' },
  { text: `${'\u0000'.repeat(31)}=`, want: 'forged' },
  { text: 'an-uSm_FGHiONgF_AB4BE8R_AB4JE84=', want: 'forged' },
  { text: `${'a'.repeat(1_000_003)}=`, want: 'absent' },
]

for (const { text, want } of texts) {
  test(`${JSON.stringify(text.slice(0, 70))} is ${want}`, () => {
    assert.equal(decodeFlowToken(key, text), want)
  })
}
