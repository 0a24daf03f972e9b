import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestOf, testLayer } from '../../test/support/transaction-layer.ts'
import { chooseBranch, replyPriority } from './reply-choice.ts'

function branchesWith(statuses: readonly number[]): ReturnType<ReturnType<typeof testLayer>['create']>['branches'] {
  const transaction = testLayer().create(requestOf('INVITE'))
  for (const status of statuses) {
    const branch = transaction.addBranch()
    branch.lastStatus = status
    branch.reply = status === 408 ? 'faked' : requestOf('INVITE')
  }
  return transaction.branches
}

function winnerOf(...statuses: number[]): number | string {
  const winner = chooseBranch(branchesWith(statuses), 0)
  return typeof winner === 'string' ? winner : winner.lastStatus
}

test('6xx wins, then 3xx, then 4xx, then 5xx; of the same class the lower one', () => {
  assert.equal(winnerOf(503, 404, 302, 603), 603)
  assert.equal(winnerOf(503, 404, 302), 302)
  assert.equal(winnerOf(503, 404), 404)
  assert.equal(winnerOf(503, 500), 500)
  assert.equal(winnerOf(486, 480, 404), 404)
})

test('of 4xx those win that ask for something', () => {
  for (const asking of [401, 407, 415, 420, 484]) assert.equal(winnerOf(404, asking, 400), asking, String(asking))
  assert.ok(replyPriority(401) < replyPriority(400))
  assert.ok(replyPriority(700) > replyPriority(599))
})

test('of equal ones the first branch wins', () => {
  const branches = branchesWith([486, 486])
  assert.equal(chooseBranch(branches, 0), branches[0])
})

test('nothing is chosen while a branch is pending, and none where all were dropped', () => {
  assert.equal(winnerOf(404, 180), 'pending')
  assert.equal(winnerOf(404, 0), 'pending')
  const branches = branchesWith([404, 503])
  for (const branch of branches) branch.isDropped = true
  assert.equal(chooseBranch(branches, 0), 'none')
  assert.equal(winnerOf(), 'none')
})

test('faked_reply_prio moves a made-up 408 behind or before real ones, unless it has just come', () => {
  const branches = branchesWith([408, 486])
  const [made, real] = branches
  assert.equal(chooseBranch(branches, 0), made)
  assert.equal(chooseBranch(branches, 2000), real)
  assert.equal(chooseBranch(branches, 2000, made), made)
})
