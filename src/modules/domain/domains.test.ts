import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHost } from '../../../test/support/test-host.ts'
import { DbError, type Database, type DbValue } from '../../db/database.ts'
import { findDomain, isLocal, NO_DOMAINS, reload, type Domains } from './domains.ts'

type Rows = readonly (readonly DbValue[])[]

/** A database whose tables are these rows; it counts how often it was read. */
function databaseOf(tables: { domain: Rows | DbError; domain_attrs: Rows }): { readonly database: Database; readonly reads: string[] } {
  const reads: string[] = []
  const unused = (): never => assert.fail('not used')
  const database: Database = {
    scheme: 'test', shownUrl: '', hasSql: false, connect: async () => undefined, select: unused, write: unused, batch: unused,
    execute: unused, close: async () => undefined,
    async scan({ table }, _rowsAtOnce, take) {
      reads.push(table)
      const rows = table === 'domain' ? tables.domain : tables.domain_attrs
      if (rows instanceof DbError) return rows
      await take({ columns: [], rows })
      return rows.length
    },
  }
  return { database, reads }
}

function domainsWith(database: Database): Domains {
  const params = {
    db_url: '', domain_table: 'domain', domain_attrs_table: 'domain_attrs', did_col: 'did', domain_col: 'domain', name_col: 'name',
    type_col: 'type', value_col: 'value', register_myself: 0,
  }
  return { host: testHost(), params, database, table: NO_DOMAINS, reading: undefined }
}

test('a domain has the attributes of its identifier, in any case of letters', async () => {
  const { database } = databaseOf({
    domain: [['Example.com', 'ID'], ['other.org', null]],
    domain_attrs: [['id', 'limit', 0, '5'], ['Id', 'name', 2, 'x'], ['other.org', 'own', 2, 'y']],
  })
  const domains = domainsWith(database)
  assert.equal(await reload(domains), undefined)
  assert.deepEqual(findDomain(domains, 'EXAMPLE.COM')?.attributes, [{ name: 'name', value: 'x' }, { name: 'limit', value: 5 }])
  assert.deepEqual(findDomain(domains, 'other.org')?.attributes, [{ name: 'own', value: 'y' }])
  assert.equal(isLocal(domains, 'nowhere'), -1)
})

test('what was read before stays when the tables cannot be read, or have a row that is no good', async () => {
  const domains = domainsWith(databaseOf({ domain: [['a', 'a']], domain_attrs: [] }).database)
  await reload(domains)
  const failures: readonly { domain: Rows | DbError; domain_attrs: Rows }[] = [
    { domain: new DbError('unavailable', 'gone'), domain_attrs: [] },
    { domain: [['b', '']], domain_attrs: [] },
    { domain: [[null, 'b']], domain_attrs: [] },
    { domain: [['b', 'b']], domain_attrs: [['b', 'n', 1, 'v']] },
    { domain: [['b', 'b']], domain_attrs: [['b', 'n', 0, 'v']] },
  ]
  for (const tables of failures) {
    const next: Domains = { ...domains, database: databaseOf(tables).database }
    assert.equal(typeof await reload(next), 'string')
    assert.deepEqual([isLocal(next, 'a'), isLocal(next, 'b')], [1, -1])
  }
})

test('who asks for a reload while one goes on waits for that one', async () => {
  const { database, reads } = databaseOf({ domain: [['a', 'a']], domain_attrs: [] })
  const domains = domainsWith(database)
  await Promise.all([reload(domains), reload(domains), reload(domains)])
  assert.deepEqual(reads, ['domain_attrs', 'domain'])
  await reload(domains)
  assert.equal(reads.length, 4)
})
