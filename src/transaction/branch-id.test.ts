import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { branchId, branchNumberOf, BRANCHES_MAX, labelOf, parseBranchId } from './branch-id.ts'

const salt = '0123456789abcdef01234567'
const parse = (text: string, by = salt): number => parseBranchId(text, 0, text.length, by)

test('a branch names its transaction and its number', () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 1, max: 0x3fffffff }), fc.integer({ min: 0, max: BRANCHES_MAX - 1 }),
    (hash, label, branch) => {
      const id = parse(branchId(hash, label, salt, branch))
      assert.deepEqual([labelOf(id), branchNumberOf(id)], [label, branch])
    },
  ))
})

test('it is read within a Via', () => {
  const text = `SIP/2.0/UDP 192.0.2.1;branch=${branchId(10, 7, salt, 3)};rport`
  const start = text.indexOf('z9hG4bK')
  const id = parseBranchId(text, start, text.lastIndexOf(';'), salt)
  assert.deepEqual([labelOf(id), branchNumberOf(id)], [7, 3])
})

test('branches of others are not taken for own ones', () => {
  const own = branchId(10, 7, salt, 0)
  const others = [
    '', 'z9hG4bK', 'z9hG4bK1.', 'z9hG4bK1.2.3', own.slice(0, -1), `${own}g`, own.replace('z9hG4bK', 'x9hG4bK'),
    own.replace('.00000007', '.0000000x'), branchId(10, 7, salt, BRANCHES_MAX),
    branchId(10, 7, salt.replace('0', '1'), 0), `${own}${'0'.repeat(9)}`,
  ]
  for (const other of others) assert.equal(parse(other), -1, other)
  assert.equal(parseBranchId(own, -1, own.length, salt), -1)
  fc.assert(fc.property(fc.string(), (text) => { assert.equal(parse(text), -1) }))
})
