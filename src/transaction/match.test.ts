import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SipMessage } from '../sip/message.ts'
import { requestOf, testLayer, type RequestParts } from '../../test/support/transaction-layer.ts'
import { requestKey } from './match.ts'

/** Whether a request finds the transaction of another. */
function finds(first: SipMessage, then: SipMessage, { status = 0, comparesUri = true } = {}): boolean {
  const { layer, create } = testLayer({ comparesUri })
  const transaction = create(first)
  transaction.status = status
  return layer.find(then, first.method) === transaction
}

test('copies, the ACK to a failure and the CANCEL belong to a transaction', () => {
  const invite = requestOf('INVITE')
  assert.ok(finds(invite, requestOf('INVITE')))
  assert.ok(finds(invite, requestOf('CANCEL')))
  assert.ok(finds(invite, requestOf('ACK', { toTag: 't' }), { status: 486 }))
  assert.ok(!finds(invite, requestOf('ACK', { toTag: 't' }), { status: 200 }), 'the ACK to a 2xx is a transaction of its own')
})

test('what differs in branch, sender, Call-ID or CSeq is another transaction', () => {
  const changes: RequestParts[] = [
    { branch: 'z9hG4bK-two' }, { branch: 'z9hG4bK-ONE' }, { sentBy: '192.0.2.9:5071' }, { sentBy: '192.0.2.8:5070' },
    { callId: 'other@b' }, { cseq: 2 },
  ]
  for (const change of changes) assert.ok(!finds(requestOf('INVITE'), requestOf('INVITE', change)), JSON.stringify(change))
  assert.ok(finds(requestOf('INVITE', { sentBy: 'Host.example' }), requestOf('INVITE', { sentBy: 'host.EXAMPLE' })))
})

test('a branch without cookie goes by the rules of RFC 2543', () => {
  const old = (method: string, parts: RequestParts = {}): SipMessage => requestOf(method, { branch: '1', ...parts })
  assert.ok(finds(old('INVITE'), old('INVITE')))
  assert.ok(finds(requestOf('INVITE', { branch: '' }), requestOf('INVITE', { branch: '' })))
  for (const change of [{ fromTag: 'g' }, { toTag: 't' }, { branch: '2' }, { sentBy: '192.0.2.7' }, { uri: 'sip:y@example.com' }]) {
    assert.ok(!finds(old('INVITE'), old('INVITE', change)), JSON.stringify(change))
  }
  assert.ok(finds(old('INVITE'), old('INVITE', { uri: 'sip:y@example.com' }), { comparesUri: false }), 'ruri_matching off')
  // The ACK comes with another top Via branch, or none.
  assert.ok(finds(old('INVITE'), old('ACK', { branch: '9', toTag: 't' }), { status: 404 }))
  assert.ok(!finds(old('INVITE'), old('ACK', { branch: '9', toTag: 't' }), { status: 200 }))
  assert.ok(!finds(requestOf('INVITE'), old('INVITE')), 'with cookie and without are never the same')
})

test('transactions with the same key are told apart', () => {
  const { layer, create } = testLayer()
  // The key of old requests is made of Call-ID and CSeq alone.
  const [one, two, three] = ['f', 'g', 'h'].map((fromTag) => create(requestOf('INVITE', { branch: '1', fromTag })))
  const find = (fromTag: string): unknown => layer.find(requestOf('INVITE', { branch: '1', fromTag }), 'INVITE')
  assert.equal(requestKey(requestOf('INVITE', { branch: '1', fromTag: 'f' }), 'INVITE'), one?.key)
  assert.deepEqual([one, two, three].map((transaction) => transaction?.key), [one?.key, one?.key, one?.key])
  assert.deepEqual([find('f') === one, find('g') === two, find('h') === three], [true, true, true])
  assert.ok(two !== undefined)
  layer.remove(two)
  assert.deepEqual([find('f') === one, find('g'), find('h') === three], [true, undefined, true])
  for (const left of [one, three]) if (left !== undefined) layer.remove(left)
  assert.deepEqual([find('f'), find('h'), layer.size], [undefined, undefined, 0])
})
