import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHost } from '../../../test/support/test-host.ts'
import type { Database, DbError, DbRows, DbValue } from '../../db/database.ts'
import { withRecord } from './change.ts'
import { loadTable } from './load.ts'
import { usrlocParams, type UsrlocParams } from './params.ts'
import type { AorRecord } from './record.ts'
import { Usrloc } from './state.ts'

const row = (user: string, uri: string): DbValue[] =>
  [user, uri, 0, 1, 'c', 1, 0, 0, 'phone', null, null, null, null, 0, `ruid-${uri}`, null, 0, 0, -1, 0]

const given = (rows: readonly (readonly DbValue[])[]): DbRows => ({ columns: [], rows })

/** A table that is read a row at a time; `between` runs behind each of them. */
function databaseOf(rows: readonly DbValue[][], between: (read: number) => Promise<void>): Database {
  const unused = (): never => {
    throw new Error('this test did not expect that to be used')
  }
  return {
    scheme: 'test', shownUrl: 'test', hasSql: false, connect: async () => undefined,
    select: async ({ where = [] }) => given(rows.filter(([user]) => user === where[0]?.value)),
    async scan(_query, _atOnce, take): Promise<number | DbError> {
      for (const [index, each] of rows.entries()) {
        await take(given([each]))
        await between(index + 1)
      }
      return rows.length
    },
    write: unused, batch: unused, execute: unused, close: async () => undefined,
  }
}

function usrlocWith(params: Partial<UsrlocParams>): Usrloc {
  const initial = Object.fromEntries(Object.entries(usrlocParams).map(([name, { initial: value }]) => [name, value]))
  return new Usrloc(testHost(), { ...(initial as UsrlocParams), ...params })
}

function count(record: AorRecord | undefined): number {
  let contacts = 0
  for (let at = record?.contacts; at !== undefined; at = at.next) contacts++
  return contacts
}

test('who is asked for while the table is read is found with all contacts, and has each once afterwards', async () => {
  const usrloc = usrlocWith({ db_mode: 1 })
  const table = usrloc.table('location')
  const rows = [row('alice', '1'), row('bob', '2'), row('alice', '3'), row('carol', '4')]
  const seen: string[] = []
  usrloc.database = databaseOf(rows, async (read) => {
    for (const user of ['alice', 'carol', 'dave']) {
      const found = await withRecord(usrloc, table, user, count)
      if (read === 1) seen.push(`${user} ${found}`)
    }
  })
  assert.equal(await loadTable(usrloc, table), true)
  assert.deepEqual(seen, ['alice 2', 'carol 1', 'dave 0'])
  assert.deepEqual(['alice', 'bob', 'carol'].map((user) => count(table.get(user))), [2, 1, 1])
  assert.deepEqual([table.users, table.contacts], [3, 4])
})
