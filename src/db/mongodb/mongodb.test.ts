/**
 * No MongoDB server can be had where these tests run: a store in memory stands for one, and a port that nobody listens on for one that
 * is away.
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { BSON, type Document, type Filter } from 'mongodb'
import { good } from '../../../test/support/databases.ts'
import { freePort } from '../../../test/support/free-port.ts'
import { systemClock } from '../../base/clock.ts'
import { createLog } from '../../base/log.ts'
import { isDbError, type Database } from '../database.ts'
import { createDatabases } from '../databases.ts'
import { fromField } from './documents.ts'
import { mongodbDriver, type DocumentStore } from './mongodb.ts'

/** As far as conditions are made of $and, and of one comparison for each. */
function fits(document: Document, filter: Filter<Document>): boolean {
  const parts: readonly Document[] = filter['$and'] ?? []
  return parts.every((part) => Object.entries(part).every(([column, condition]) => {
    const [[operator = '', wanted] = []] = Object.entries(condition)
    const [a, b] = [fromField(document[column]), fromField(wanted)]
    if (operator === '$eq') return a === b
    if (operator === '$ne') return a !== b
    if (a === null || b === null) return false
    return { $lt: a < b, $lte: a <= b, $gt: a > b, $gte: a >= b }[operator] ?? false
  }))
}

function memoryStore(): DocumentStore {
  const tables = new Map<string, Document[]>()
  const rows = (table: string): Document[] => tables.get(table) ?? tables.set(table, []).get(table) ?? []
  const found = (table: string, filter: Filter<Document>): Document[] => rows(table).filter((document) => fits(document, filter))
  const insert = (table: string, document: Document): void => {
    // What cannot be written as BSON throws.
    BSON.calculateObjectSize(document)
    rows(table).push({ _id: rows(table).length, ...document })
  }
  return {
    ping: async () => undefined,
    async *find(table, filter, _fields, sort) {
      const [[column = '', sign = 1] = []] = Object.entries(sort)
      const order = (a: Document, b: Document): number => (Number(fromField(a[column])) - Number(fromField(b[column]))) * sign
      yield* column === '' ? found(table, filter) : found(table, filter).sort(order)
    },
    insert: async (table, document) => insert(table, document),
    async update(table, filter, changes, upsert) {
      const documents = found(table, filter)
      for (const document of documents) Object.assign(document, changes)
      if (documents.length === 0 && upsert) insert(table, changes)
      return documents.length
    },
    async replace(table, filter, document) {
      const [old] = found(table, filter)
      if (old !== undefined) rows(table).splice(rows(table).indexOf(old), 1)
      insert(table, document)
    },
    async remove(table, filter) {
      const documents = found(table, filter)
      tables.set(table, rows(table).filter((document) => !documents.includes(document)))
      return documents.length
    },
    close: async () => undefined,
  }
}

function open(t: TestContext, url: string, store?: DocumentStore): Database {
  const databases = createDatabases()
  const options = { log: createLog(-9, () => undefined), clock: systemClock }
  databases.register(store === undefined ? mongodbDriver(options) : mongodbDriver(options, () => store))
  t.after(() => databases.close())
  const database = databases.open(url)
  assert.ok(typeof database !== 'string')
  return database
}

test('rows are documents, in the types of their cells', async (t) => {
  const database = open(t, 'mongodb://localhost/kamailio', memoryStore())
  const cells = [
    { column: 'a', value: 5 }, { column: 'b', value: 5_000_000_000, type: 'bigint' as const },
      { column: 'c', value: 2, type: 'double' as const },
    { column: 'd', value: 1_800_000_000, type: 'datetime' as const }, { column: 'e', value: 'Zo\xc3\xab' }, { column: 'f', value: null },
    { column: 'g', value: '\x00\xff', type: 'blob' as const },
  ]
  assert.equal(good(await database.write({ kind: 'insert', table: 't', cells })), 1)
  const { columns, rows } = good(await database.select({ table: 't', columns: [] }))
  assert.deepEqual(columns.map(({ type }) => type), ['int', 'bigint', 'double', 'datetime', 'string', 'string', 'blob'])
  assert.deepEqual(rows, [[5, 5_000_000_000, 2, 1_800_000_000, 'Zo\xc3\xab', null, '\x00\xff']])
})

test('conditions, changes and collisions', async (t) => {
  const database = open(t, 'mongodb://localhost/kamailio', memoryStore())
  const insert = (a: number, n: number, onDuplicate?: 'replace' | 'ignore' | 'update') => database.write({
    kind: 'insert', table: 't', cells: [{ column: 'a', value: a }, { column: 'n', value: n }], onDuplicate, key: ['a'],
  })
  for (const a of [1, 2, 3]) good(await insert(a, a))
  assert.equal(good(await insert(1, 9, 'ignore')), 0)
  good(await insert(2, 8, 'update'))
  good(await insert(3, 7, 'replace'))
  const rows = async (where: Parameters<Database['select']>[0]['where']): Promise<unknown> =>
    good(await database.select({ table: 't', columns: ['a', 'n'], where, orderBy: 'n DESC' })).rows
  assert.deepEqual(await rows([]), [[2, 8], [3, 7], [1, 1]])
  assert.deepEqual(await rows([{ column: 'n', operator: '>', value: 1 }, { column: 'n', operator: '<', value: 8 }]), [[3, 7]])
  assert.equal(good(await database.write({ kind: 'update', table: 't', cells: [{ column: 'n', value: 0 }],
    where: [{ column: 'a', value: 1 }] })), 1)
  assert.equal(good(await database.write({ kind: 'delete', table: 't', where: [{ column: 'n', operator: '!=', value: 0 }] })), 2)
  assert.deepEqual(await rows([]), [[1, 0]])
  let count = 0
  assert.equal(good(await database.scan({ table: 't', columns: ['a'] }, 10, (part) => { count += part.rows.length })), 1)
  assert.equal(count, 1)
})

test('a server that is away is an error, not an exception', async (t) => {
  const database = open(t, `mongodb://127.0.43.2:${await freePort('127.0.43.2')}/kamailio`)
  assert.equal((await database.connect())?.kind, 'unavailable')
  const failed = await database.select({ table: 't', columns: [] })
  assert.ok(isDbError(failed) && failed.kind === 'unavailable')
})
