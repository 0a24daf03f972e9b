import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHost } from '../../../test/support/test-host.ts'
import { VirtualClock } from '../../../test/support/virtual-clock.ts'
import { DbError, type Database, type DbWrite } from '../../db/database.ts'
import type { LogRecord } from '../../base/log.ts'
import { RowQueue } from './row-queue.ts'

const CELLS = [{ column: 'method', value: 'INVITE' }]

/** A database that does as it is told, and keeps what was written. */
function fakeDatabase() {
  const written: string[] = []
  const state = { error: undefined as DbError | undefined, isSilent: false }
  const unused = (): never => {
    throw new Error('not expected here')
  }
  const database: Database = {
    scheme: 'fake', shownUrl: 'fake:', hasSql: false,
    connect: async () => state.error,
    select: unused, scan: unused, batch: unused, execute: unused,
    write: (statement: DbWrite) => {
      if (state.isSilent) return new Promise(() => undefined)
      if (state.error !== undefined) return Promise.resolve(state.error)
      written.push(statement.table)
      return Promise.resolve(1)
    },
    close: async () => undefined,
  }
  return { database, written, state }
}

function start() {
  const records: LogRecord[] = []
  const host = testHost({ records })
  const clock = new VirtualClock()
  const fake = fakeDatabase()
  const rows = new RowQueue(fake.database, clock, host.log, host.statistics)
  const count = (name: string): number => host.statistics.counter('acc', name).value
  return { ...fake, clock, rows, records, count }
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

test('rows are written in their order, and who waits hears of it', async () => {
  const { rows, written, count } = start()
  rows.add('first', CELLS)
  assert.equal(await rows.write('second', CELLS), true)
  assert.deepEqual(written, ['first', 'second'])
  assert.equal(count('db_written'), 2)
})

test('a row that the database refuses is lost, and the log says why', async () => {
  const { rows, state, records, count } = start()
  state.error = new DbError('refused', 'no such table: x')
  assert.equal(await rows.write('x', CELLS), false)
  assert.equal(count('db_failed'), 1)
  assert.deepEqual(records.map(({ text }) => text), ['failed to insert into database: no such table: x'])
})

test('while the database is away rows are kept, nobody waits, and the log says so once', async () => {
  const { rows, state, written, records, clock, count } = start()
  state.error = new DbError('unavailable', 'connection refused')
  assert.equal(await rows.write('a', CELLS), false)
  assert.equal(rows.write('b', CELLS), false)
  assert.equal(count('db_queued'), 2)
  clock.advance(1000)
  await turn()
  state.error = undefined
  clock.advance(1000)
  await turn()
  await turn()
  assert.deepEqual(written, ['a', 'b'])
  assert.equal(count('db_queued'), 0)
  assert.deepEqual(records.map(({ text }) => text), [
    'the database is away (connection refused): rows are kept and tried again', 'the database is back',
  ])
})

test('a queue that is full takes no more, and counts what it dropped', () => {
  const { rows, state, count } = start()
  state.isSilent = true
  for (let index = 0; index < 20_008; index++) assert.equal(rows.add('t', CELLS), true)
  assert.equal(rows.add('t', CELLS), false)
  assert.equal(count('db_dropped'), 1)
})

test('a stop waits for rows that are on their way, but not for ever', async () => {
  const { rows, state, clock, records } = start()
  state.isSilent = true
  for (let index = 0; index < 10; index++) rows.add('t', CELLS)
  const stopped = rows.drain()
  clock.advance(3000)
  await stopped
  assert.equal(records.at(-1)?.text, '2 rows were never written')
})
