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
  for (const isArmed of [false, true]) {
    const { clock, layer, create } = testLayer()
    const transaction = create(requestOf('OPTIONS'))
    // One that may have to run a route again is kept as it is.
    if (isArmed) transaction.arm().onReply = 'R'
    transaction.addBranch().request.endAfter(1000)
    layer.linger(transaction)
    assert.equal(transaction.phase, Phase.waiting)
    assert.equal(layer.find(requestOf('OPTIONS'), 'OPTIONS'), transaction)
    await clock.advance(times.waitMs - 100)
    assert.deepEqual([layer.size, layer.waitingCount], [1, 1])
    assert.equal(layer.find(requestOf('OPTIONS'), 'OPTIONS') === transaction, isArmed)
    // Once more does not begin the time anew.
    layer.linger(transaction)
    await clock.advance(200)
    assert.deepEqual([layer.size, layer.waitingCount, layer.wheel.count], [0, 0, 0])
    assert.equal(layer.find(requestOf('OPTIONS'), 'OPTIONS'), undefined)
  }
})

test('a transaction that is over is made again of what was kept of it', async () => {
  const { clock, layer, create, sent } = testLayer()
  const request = requestOf('OPTIONS', { branch: 'z9hG4bK-other' })
  const transaction = create(request)
  transaction.addBranch().lastStatus = 200
  transaction.status = 200
  transaction.relayedBranch = 0
  transaction.response.text = 'the last reply'
  transaction.response.target = target
  transaction.set(Option.disable6xx)
  const { label, hashIndex } = transaction
  layer.linger(transaction)
  await clock.advance(100)
  const found = layer.find(requestOf('OPTIONS', { branch: 'z9hG4bK-other' }), 'OPTIONS')
  assert.ok(found !== undefined && found !== transaction)
  const { status, phase, method } = found
  assert.deepEqual([found.label, found.hashIndex, status, phase, method], [label, hashIndex, 200, Phase.waiting, 'OPTIONS'])
  assert.deepEqual([found.request.text, found.has(Option.disable6xx), found.branches], [request.text, true, []])
  assert.equal(layer.byLabel(label)?.hashIndex, hashIndex)
  assert.deepEqual([...layer.all()].map((each) => each.label), [label])
  assert.ok(layer.isLate(replyTo(transaction, 0, layer.salt)))
  assert.equal(layer.branchOf(replyTo(transaction, 0, layer.salt)), undefined)
  layer.retransmit(found.response)
  assert.deepEqual(sent.map(({ text }) => text), ['the last reply'])
  assert.equal(layer.find(requestOf('OPTIONS'), 'OPTIONS'), undefined)
})

test('an INVITE that was answered still has the branch that answers once more', async () => {
  const { clock, layer, create } = testLayer()
  const transaction = create(requestOf('INVITE'))
  transaction.addBranch().lastStatus = 200
  transaction.status = 200
  layer.linger(transaction)
  await clock.advance(100)
  const branch = layer.branchOf(replyTo(transaction, 0, layer.salt))
  assert.deepEqual([branch?.index, branch?.lastStatus, branch?.transaction.label], [0, 200, transaction.label])
  assert.ok(branch?.transaction !== transaction)
})

test('an INVITE that failed keeps its branches: late failures are acknowledged from what was sent', async () => {
  const { clock, layer, create } = testLayer()
  const transaction = create(requestOf('INVITE'))
  const branch = transaction.addBranch()
  branch.lastStatus = 486
  transaction.status = 486
  layer.linger(transaction)
  assert.equal(transaction.request.text, requestOf('INVITE').text)
  await clock.advance(100)
  assert.equal(layer.branchOf(replyTo(transaction, 0, layer.salt)), branch)
  assert.equal(transaction.request.text, requestOf('INVITE').text)
})

test('thousands that are over are found by request and by label until their time ends, oldest first', async () => {
  const { clock, layer, create } = testLayer()
  const labels: number[] = []
  for (let index = 0; index < 5000; index++) {
    const transaction = create(requestOf('OPTIONS', { branch: `z9hG4bK-${index}`, cseq: index + 1 }))
    labels.push(transaction.label)
    layer.linger(transaction)
    if (index % 100 === 99) await clock.advance(40)
  }
  await clock.advance(100)
  assert.equal(layer.size, 5000)
  for (const index of [0, 1023, 1024, 4999]) {
    const found = layer.find(requestOf('OPTIONS', { branch: `z9hG4bK-${index}`, cseq: index + 1 }), 'OPTIONS')
    assert.equal(found?.label, labels[index])
    assert.equal(layer.byLabel(labels[index] ?? 0)?.label, labels[index])
  }
  await clock.advance(times.waitMs - 1000)
  assert.ok(layer.size > 0 && layer.size < 5000)
  assert.equal(layer.byLabel(labels[0] ?? 0), undefined)
  assert.ok(layer.byLabel(labels[4999] ?? 0) !== undefined)
  await clock.advance(times.waitMs)
  assert.deepEqual([layer.size, layer.wheel.count], [0, 0])
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
