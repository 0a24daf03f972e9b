import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../test/support/sip-message.ts'
import { statelessBranch } from './branch.ts'

interface Parts {
  readonly method?: string
  readonly via?: string
  readonly callId?: string
  readonly cseq?: string
  readonly uri?: string
}

const BRANCH = 'z9hG4bK-524287-1---8f3c'

function branchOf(parts: Parts): string {
  const { method = 'INVITE', callId = 'a84b4c76e66710@pc33', cseq = '1', uri = 'sip:bob@b' } = parts
  const { via = `SIP/2.0/UDP 192.0.2.9:5070;branch=${BRANCH}` } = parts
  const message = messageOf([
    `${method} ${uri} SIP/2.0`, `Via: ${via}`, 'From: <sip:alice@a>;tag=1', 'To: <sip:bob@b>', `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
  ])
  const first = message.firstVia()
  assert.ok(first !== undefined)
  return statelessBranch(message, first)
}

test('a branch is unique by its cookie and made of digits', () => {
  assert.match(branchOf({}), /^z9hG4bK[0-9a-f]{3}\.[0-9a-f]{16}\.0$/)
})

test('a retransmission, a CANCEL and the ACK to a failure have the branch of their INVITE (RFC 3261 §16.11)', () => {
  const invite = branchOf({})
  for (const method of ['INVITE', 'CANCEL', 'ACK']) assert.equal(branchOf({ method }), invite, method)
})

test('with a unique branch, another call or another hop gives another branch', () => {
  const all = [
    {}, { via: `SIP/2.0/UDP 192.0.2.9:5070;branch=${BRANCH}x` }, { via: `SIP/2.0/UDP 192.0.2.9:5071;branch=${BRANCH}` },
    { via: `SIP/2.0/UDP 192.0.2.8:5070;branch=${BRANCH}` }, { callId: 'b84b4c76e66710@pc33' }, { cseq: '2' },
  ].map(branchOf)
  assert.equal(new Set(all).size, all.length, all.join(' '))
})

test('with a unique branch, the Request-URI does not count: CANCEL may lack what the script made of it', () => {
  assert.equal(branchOf({ uri: 'sip:carol@c' }), branchOf({}))
})

test('without a unique branch all of Call-ID and the Request-URI count', () => {
  for (const via of ['SIP/2.0/UDP 192.0.2.9:5070', 'SIP/2.0/UDP 192.0.2.9:5070;branch=1']) {
    const all = [{ via }, { via, uri: 'sip:carol@c' }, { via, callId: 'a84b4c76e66710@pc34' }, { via, cseq: '2' }].map(branchOf)
    assert.equal(new Set(all).size, all.length, via)
    assert.equal(branchOf({ via }), branchOf({ via, method: 'CANCEL' }))
  }
})

test('counted branches do not collide', () => {
  const all = new Set(Array.from({ length: 20_000 }, (_, index) => branchOf({ via: `SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK-${index}` })))
  assert.equal(all.size, 20_000)
})
