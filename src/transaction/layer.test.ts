import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../test/support/sip-message.ts'
import { requestOf, target, testLayer, times } from '../../test/support/transaction-layer.ts'
import { branchId } from './branch-id.ts'
import { Option, Phase, type Transaction } from './transaction.ts'

function replyTo(transaction: Transaction, branch: number, salt: string) {
  const via = branchId(transaction.hashIndex, transaction.label, salt, branch)
  return messageOf([
    'SIP/2.0 200 OK', `Via: SIP/2.0/UDP 192.0.2.1;branch=${via}`,
    'From: <sip:a@b>;tag=f', 'To: <sip:c@d>;tag=t', 'Call-ID: x', 'CSeq: 1 INVITE',
  ])
}

test('a reply finds its branch', () => {
  const { layer, create } = testLayer()
  const [one, two] = [create(requestOf('INVITE')), create(requestOf('INVITE', { branch: 'z9hG4bK-two' }))]
  one.addBranch()
  const second = two.addBranch()
  const third = two.addBranch()
  assert.equal(layer.branchOf(replyTo(two, 0, layer.salt)), second)
  assert.equal(layer.branchOf(replyTo(two, 1, layer.salt)), third)
  assert.equal(layer.branchOf(replyTo(two, 2, layer.salt)), undefined)
  assert.equal(layer.branchOf(replyTo(two, 0, 'b2'.repeat(12))), undefined, 'of another life of the server')
  layer.remove(two)
  assert.equal(layer.branchOf(replyTo(two, 0, layer.salt)), undefined)
  assert.equal(layer.isLate(replyTo(two, 0, layer.salt)), false)
})

test('what is over waits for copies, then goes', async () => {
  const { clock, layer, create, removed } = testLayer()
  const transaction = create(requestOf('OPTIONS'))
  transaction.addBranch().request.endAfter(1000)
  layer.linger(transaction)
  assert.equal(transaction.phase, Phase.waiting)
  assert.equal(layer.find(requestOf('OPTIONS'), 'OPTIONS'), transaction)
  await clock.advance(times.waitMs - 100)
  assert.equal(layer.size, 1)
  // Once more does not begin the time anew.
  layer.linger(transaction)
  await clock.advance(200)
  assert.deepEqual([layer.size, layer.wheel.count, removed], [0, 0, [transaction]])
  assert.equal(transaction.phase, Phase.gone)
  layer.remove(transaction)
  assert.equal(removed.length, 1)
})

test('the request of a transaction that is over is read again for whoever asks', () => {
  const { layer, create } = testLayer()
  const request = requestOf('INVITE')
  const transaction = create(request)
  assert.equal(transaction.request, request)
  layer.linger(transaction)
  assert.notEqual(transaction.request, request)
  assert.equal(transaction.request.text, request.text)
})

test('a failure is repeated until its ACK, or until the time for that is over', async () => {
  const { clock, layer, create, sent } = testLayer()
  const transaction = create(requestOf('INVITE'))
  transaction.response.text = 'failure'
  transaction.response.target = target
  transaction.phase = Phase.completed
  transaction.response.repeat(times.retr1Ms, times.retr2Ms)
  transaction.response.endAfter(times.frMs)
  await clock.advance(times.frMs + 100)
  assert.equal(sent.length, 3)
  assert.equal(transaction.phase, Phase.waiting)
  await clock.advance(times.waitMs + 100)
  assert.equal(layer.size, 0)
})

test('a branch that gets no answer is told of once', async () => {
  const { clock, create, expired } = testLayer()
  const branch = create(requestOf('INVITE')).addBranch()
  branch.request.endAfter(times.frMs)
  await clock.advance(times.frMs - 50)
  assert.deepEqual(expired, [])
  await clock.advance(60_000)
  assert.deepEqual(expired, [branch])
})

test('options are bits of one number', () => {
  const transaction = testLayer().create(requestOf('INVITE'))
  transaction.set(Option.canceled)
  transaction.set(Option.local)
  transaction.set(Option.canceled, false)
  const { canceled, local, disable6xx } = Option
  assert.deepEqual([canceled, local, disable6xx].map((option) => transaction.has(option)), [false, true, false])
})

test('a layer that closes leaves no timer', async () => {
  const { clock, layer, create, sent } = testLayer()
  const branch = create(requestOf('INVITE')).addBranch()
  branch.request.text = 'x'
  branch.request.target = target
  branch.request.repeat(500, 4000)
  layer.close()
  await clock.advance(60_000)
  assert.deepEqual(sent, [])
})
