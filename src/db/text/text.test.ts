import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { good, temporaryFolder } from '../../../test/support/databases.ts'
import { systemClock } from '../../base/clock.ts'
import { createLog, type LogRecord } from '../../base/log.ts'
import { isDbError, type Database } from '../database.ts'
import { createDatabases } from '../databases.ts'
import { createTables } from '../schema/create-tables.ts'
import { schemaTables } from '../schema/schema.ts'
import { readTable, writeRow } from './table-file.ts'
import { textDriver, type TextOptions } from './text.ts'

const FORMAT = { delimiter: ':', emptyTexts: false, rowsMax: 100 }
const TABLE = 'id(int,auto) nick(str) flag(double,null) desc(string,null) at(time,null) \n'
  + '1:nick:0.34:a\\tgood\\: friend\\n:1800000000\n2:cole:-3.75::\n'

function open(t: TestContext, folder: string, options: Partial<TextOptions> = {}, records: LogRecord[] = []): Database {
  const databases = createDatabases()
  const log = createLog(3, (record) => records.push(record))
  databases.register(textDriver({ ...FORMAT, log, clock: systemClock, isReread: false, folder: '/nosuch', ...options }))
  t.after(() => databases.close())
  const database = databases.open(`text://${folder}`)
  assert.ok(typeof database !== 'string')
  return database
}

function filled(t: TestContext, text = TABLE): string {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'people'), text, 'latin1')
  return folder
}

const fileOf = (folder: string, name = 'people'): string => readFileSync(join(folder, name), 'latin1')

test('a file is read into columns and rows, and written as it was', () => {
  const table = readTable(TABLE, FORMAT)
  assert.ok(typeof table !== 'string')
  assert.deepEqual(table.columns.map(({ name, type }) => `${name} ${type}`),
    ['id int', 'nick string', 'flag double', 'desc string', 'at datetime'])
  assert.deepEqual(table.rows, [[1, 'nick', 0.34, 'a\tgood: friend\n', 1_800_000_000], [2, 'cole', -3.75, null, null]])
  assert.equal(`${table.header}\n${table.rows.map((row) => writeRow(row, table.columns, FORMAT)).join('')}`, TABLE)
})

const refused: readonly (readonly [text: string, reason: RegExp])[] = [
  ['', /first line/], ['a(int) b\n', /"b"/], ['a(wrong)\n', /a\(wrong\)/], ['a(int,odd)\n', /a\(int,odd\)/],
    ['a(int)\nx\n', /line 2: "x" in a/],
  ['a(str) b(int)\n1:\n', /b is empty/], ['a(int)\n1:2:3\n', /3 fields/], [`a(int)\n${'1\n'.repeat(101)}`, /more than 100/],
]

test('a file that is no table says what is wrong', () => {
  for (const [text, reason] of refused) {
    const table = readTable(text, FORMAT)
    assert.ok(typeof table === 'string', text)
    assert.match(table, reason)
  }
})

test('an empty field is null, or a text where emptystring is set', () => {
  const rows = (emptyTexts: boolean): unknown => {
    const table = readTable('a(str,null) b(int,null)\n:\n', { ...FORMAT, emptyTexts })
    return typeof table === 'string' ? table : table.rows
  }
  assert.deepEqual(rows(false), [[null, null]])
  assert.deepEqual(rows(true), [['', null]])
  const strict = readTable('a(str) b(int,null)\n:\n', FORMAT)
  assert.deepEqual(typeof strict === 'string' ? strict : strict.rows, [['', null]])
})

test('rows are asked for, changed and written back', async (t) => {
  const folder = filled(t)
  const database = open(t, folder)
  const where = [{ column: 'nick', value: 'nick' }]
  const query = { table: 'people', columns: ['id', 'desc', { name: 'at', type: 'datetime' as const }], where }
  assert.deepEqual(good(await database.select(query)).rows, [[1, 'a\tgood: friend\n', 1_800_000_000]])
  const cells = [{ column: 'nick', value: 'new\\\0' }, { column: 'at', value: 1_900_000_000, type: 'datetime' as const }]
  assert.equal(good(await database.write({ kind: 'insert', table: 'people', cells })), 1)
  good(await database.write({ kind: 'update', table: 'people', cells: [{ column: 'flag', value: 2 }], where }))
  good(await database.write({ kind: 'delete', table: 'people', where: [{ column: 'id', operator: '=', value: 2 }] }))
  await database.close()
  assert.equal(fileOf(folder), `${TABLE.split('\n')[0]}\n1:nick:2.00:a\\tgood\\: friend\\n:1800000000\n3:new\\\\\\0:::1900000000\n`)
})

test('SQL works on the files', async (t) => {
  const folder = filled(t)
  const database = open(t, folder)
  assert.deepEqual(good(await database.execute('SELECT nick FROM people WHERE id > ? ORDER BY nick DESC', [0])).rows, [['nick'], ['cole']])
  good(await database.execute("INSERT INTO people (nick) VALUES ('sql')"))
  await database.close()
  assert.match(fileOf(folder), /\n3:sql:::\n$/)
})

test('rows that collide in their key are replaced, updated or left', async (t) => {
  const database = open(t, filled(t))
  const insert = (onDuplicate: 'replace' | 'ignore' | 'update', flag: number) => database.write({
    kind: 'insert', table: 'people', cells: [{ column: 'nick', value: 'cole' }, { column: 'flag', value: flag }], onDuplicate,
      key: ['nick'],
  })
  const rows = async (): Promise<unknown> => good(await database.execute("SELECT id, flag FROM people WHERE nick = 'cole'")).rows
  good(await insert('ignore', 5))
  assert.deepEqual(await rows(), [[2, -3.75]])
  good(await insert('update', 6))
  assert.deepEqual(await rows(), [[2, 6]])
  good(await insert('replace', 7))
  assert.deepEqual(await rows(), [[2, 7]])
})

test('a column that may not be null refuses a row without it, and tables that are none are refused', async (t) => {
  const records: LogRecord[] = []
  const folder = filled(t)
  writeFileSync(join(folder, 'broken'), 'a(int)\nx\n')
  const database = open(t, folder, {}, records)
  const failed = await database.write({ kind: 'insert', table: 'people', cells: [{ column: 'flag', value: 1 }] })
  assert.ok(isDbError(failed) && failed.kind === 'refused')
  for (const table of ['nosuch', '../people', 'broken']) assert.ok(isDbError(await database.select({ table, columns: [] })), table)
  assert.match(records[0]?.text ?? '', /broken: line 2/)
})

test('a file that changed is read again in mode 1 only', async (t) => {
  for (const isReread of [false, true]) {
    const folder = filled(t)
    const database = open(t, folder, { isReread })
    const count = async (): Promise<number> => good(await database.select({ table: 'people', columns: ['id'] })).rows.length
    assert.equal(await count(), 2)
    writeFileSync(join(folder, 'people'), `${TABLE}3:third:::\n`)
    utimesSync(join(folder, 'people'), Date.now() / 1000 + 5, Date.now() / 1000 + 5)
    assert.equal(await count(), isReread ? 3 : 2)
  }
})

test("Kamailio's tables are made, with their versions", async (t) => {
  const folder = temporaryFolder(t)
  const database = open(t, folder)
  const tables = schemaTables.filter(({ group }) => group === 'standard' || group === 'usrloc')
  assert.deepEqual(good(await createTables(database, tables)).map(({ state }) => state), ['made', 'made', 'made'])
  await database.close()
  assert.match(fileOf(folder, 'location'),
    /^id\(int,auto\) ruid\(string\) username\(string\) domain\(string,null\) .* expires\(int\) q\(double\)/)
  assert.match(fileOf(folder, 'version'), /:location:9\n/)
})
