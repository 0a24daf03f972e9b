import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDefinition } from './definition.ts'
import { HashTable, Memory } from './hash-table.ts'
import { SlotLocks } from './slot-locks.ts'

function lockedTable() {
  const tasks: (() => void)[] = []
  const clock = {
    now: () => 0,
    monotonic: () => 0,
    after(_delayMs: number, task: () => void) {
      tasks.push(task)
      return () => void tasks.splice(tasks.indexOf(task), 1)
    },
  }
  const definition = parseDefinition('a=>size=2')
  if (typeof definition === 'string') throw new Error(definition)
  return { table: new HashTable(definition, new Memory(1e6)), locks: new SlotLocks(clock), tasks }
}

test('a lock is given back as often as it was taken, then the next one has it', async () => {
  const { table, locks, tasks } = lockedTable()
  const [one, two] = [{}, {}]
  assert.equal(locks.take(table, 1, one), true)
  assert.equal(locks.take(table, 1, one), true)
  assert.equal(locks.take(table, 2, two), true)
  const waiting = locks.take(table, 1, two)
  assert.ok(waiting instanceof Promise)
  locks.release(table, 1, two)
  locks.release(table, 1, one)
  assert.equal(tasks.length, 1)
  locks.release(table, 1, one)
  assert.equal(await waiting, true)
  assert.equal(tasks.length, 0)
})

test('who waits too long goes without', async () => {
  const { table, locks, tasks } = lockedTable()
  locks.take(table, 1, {})
  const waiting = locks.take(table, 1, {})
  tasks[0]?.()
  assert.equal(await waiting, false)
})
