import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { good, memoryDatabase, rowsOf, temporaryFolder } from '../../../test/support/databases.ts'
import { missingPrograms } from '../../../test/support/installed.ts'
import { isDbError, type Database, type DbRows } from '../database.ts'
import { createDatabases } from '../databases.ts'
import { sqliteDriver, type SqliteOptions } from './sqlite.ts'

const TABLE = 'CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20) UNIQUE, n INT, big BIGINT, q REAL, at DATETIME, raw BLOB)'
const cli = missingPrograms('sqlite3')

function fileDatabase(t: TestContext, path: string, options: Partial<SqliteOptions> = {}): Database {
  const databases = createDatabases()
  databases.register(sqliteDriver(() => options))
  t.after(() => databases.close())
  const database = databases.open(`sqlite:///${path}`)
  assert.ok(typeof database !== 'string')
  return database
}

const sqlite = (path: string, sql: string): string => execFileSync('sqlite3', [path], { input: sql, encoding: 'latin1' }).trim()

test('what is written is read back, in the types of the columns', async (t) => {
  const database = await memoryDatabase(t, TABLE)
  const cells = [
    { column: 'name', value: 'Zo\xc3\xab' }, { column: 'n', value: -5 }, { column: 'big', value: 5_000_000_000 },
    { column: 'q', value: 0.5, type: 'double' as const }, { column: 'at', value: 1_800_000_000, type: 'datetime' as const },
    { column: 'raw', value: '\x00\xff', type: 'blob' as const },
  ]
  assert.equal(good(await database.write({ kind: 'insert', table: 't', cells })), 1)
  const { columns, rows } = good(await database.select({ table: 't', columns: [] }))
  assert.deepEqual(columns.map(({ name, type }) => `${name} ${type}`), [
    'id int', 'name string', 'n int', 'big bigint', 'q double', 'at datetime', 'raw blob',
  ])
  assert.deepEqual(rows, [[1, 'Zo\xc3\xab', -5, 5_000_000_000, 0.5, 1_800_000_000, '\x00\xff']])
})

test('bytes that are no UTF-8 come back as they went, and are found', async (t) => {
  const database = await memoryDatabase(t, TABLE)
  for (const name of ['\xff\xfe', '\xe9t\xe9', 'plain', '\xef\xbf\xbd']) {
    good(await database.write({ kind: 'insert', table: 't', cells: [{ column: 'name', value: name }, { column: 'n', value: 1 }] }))
    const where = [{ column: 'name', value: name }]
    assert.deepEqual(good(await database.select({ table: 't', columns: ['name', 'n'], where })).rows, [[name, 1]])
  }
  assert.deepEqual(await rowsOf(database, 'SELECT typeof(name) FROM t GROUP BY 1'), [['text']])
})

test('conditions, order and columns are those of the query', async (t) => {
  const database = await memoryDatabase(t, TABLE, "INSERT INTO t (name, n) VALUES ('a', 1), ('b', 2), ('c', NULL), ('d', 3)")
  const names = async (where: Parameters<Database['select']>[0]['where'], orderBy = 'id'): Promise<unknown> =>
    good(await database.select({ table: 't', columns: ['name'], where, orderBy })).rows.flat()
  assert.deepEqual(await names([{ column: 'n', operator: '>=', value: 2 }]), ['b', 'd'])
  assert.deepEqual(await names([{ column: 'n', operator: '!=', value: 2 }]), ['a', 'd'])
  assert.deepEqual(await names([{ column: 'n', value: null }]), ['c'])
  assert.deepEqual(await names([{ column: 'n', operator: '!=', value: null }], 'n DESC'), ['d', 'b', 'a'])
  assert.deepEqual(await names([{ column: 'n', value: 1 }, { column: 'name', value: 'b' }]), [])
  assert.deepEqual(await names([{ column: 'name', value: "' or 1=1 --" }]), [])
})

test('a column that there is none of is an error, not a text', async (t) => {
  const database = await memoryDatabase(t, TABLE)
  const failed = await database.select({ table: 't', columns: ['nosuch'] })
  assert.ok(isDbError(failed))
  assert.equal(failed.kind, 'refused')
  assert.match(failed.reason, /nosuch/)
})

test('a row that collides fails, replaces, gives way or updates', async (t) => {
  const database = await memoryDatabase(t, TABLE, "INSERT INTO t (name, n, q) VALUES ('a', 1, 0.5)")
  const insert = (onDuplicate: 'fail' | 'replace' | 'ignore' | 'update', n: number): ReturnType<Database['write']> =>
    database.write({
      kind: 'insert', table: 't', cells: [{ column: 'name', value: 'a' }, { column: 'n', value: n }], onDuplicate, key: ['name'],
    })
  const failed = await insert('fail', 2)
  assert.ok(isDbError(failed))
  assert.equal(failed.kind, 'duplicate')
  const state = (): Promise<unknown> => rowsOf(database, 'SELECT n, q FROM t')
  assert.equal(good(await insert('ignore', 3)), 0)
  assert.deepEqual(await state(), [[1, 0.5]])
  assert.equal(good(await insert('update', 4)), 1)
  assert.deepEqual(await state(), [[4, 0.5]])
  assert.equal(good(await insert('replace', 5)), 1)
  assert.deepEqual(await state(), [[5, null]])
})

test('a batch is done whole or not at all', async (t) => {
  const database = await memoryDatabase(t, TABLE)
  const insert = (name: string) => ({ kind: 'insert' as const, table: 't', cells: [{ column: 'name', value: name }] })
  const remove = { kind: 'delete' as const, table: 't', where: [{ column: 'name', value: 'a' }] }
  assert.equal(good(await database.batch([insert('a'), insert('b'), remove])), 3)
  assert.ok(isDbError(await database.batch([insert('c'), insert('b')])))
  assert.deepEqual(await rowsOf(database, 'SELECT name FROM t'), [['b']])
})

test('a scan hands out all rows, some at a time, while others write', async (t) => {
  const database = await memoryDatabase(t, TABLE)
  await database.execute('INSERT INTO t (n) WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 25) SELECT x FROM c')
  const sizes: number[] = []
  const seen: unknown[] = []
  const take = async ({ rows }: DbRows): Promise<void> => {
    sizes.push(rows.length)
    seen.push(...rows.flat())
    good(await database.execute('UPDATE t SET q = 1 WHERE n = 1'))
  }
  assert.equal(good(await database.scan({ table: 't', columns: ['n'], orderBy: 'n' }, 10, take)), 25)
  assert.deepEqual(sizes, [10, 10, 5])
  assert.deepEqual(seen, Array.from({ length: 25 }, (_, index) => index + 1))
  assert.equal(good(await database.scan({ table: 't', columns: [], where: [{ column: 'n', value: 99 }] }, 10, take)), 0)
})

test('a statement tells of rows, changes and the new key', async (t) => {
  const database = await memoryDatabase(t, TABLE)
  const insert = good(await database.execute('INSERT INTO t (name) VALUES (?)', ["it's ? a"]))
  assert.deepEqual([insert.affectedRows, insert.insertId, insert.hasRows, insert.rows], [1, 1, false, []])
  const none = good(await database.execute('SELECT * FROM t WHERE id = ?', [7]))
  assert.deepEqual([none.hasRows, none.rows], [true, []])
  const found = good(await database.execute("SELECT id, name AS \"who?\", '?' FROM t WHERE id = ?;", [1]))
  assert.deepEqual(found.columns.map(({ name }) => name), ['id', 'who?', "'?'"])
  assert.deepEqual(found.rows, [[1, "it's ? a", '?']])
  assert.deepEqual(good(await database.execute('SELECT id, id, id + 1 FROM t')).rows, [[1, 1, 2]])
})

test('functions of MySQL are there', async (t) => {
  const database = await memoryDatabase(t)
  const rows: readonly (readonly [sql: string, value: unknown])[] = [
    ["INET_ATON('127.0.0.1')", 2130706433], ["inet_aton('255.255.255.255')", 4294967295],
    ["INET_ATON('x')", null], ['INET_ATON(NULL)', null],
    ['INET_NTOA(2130706433)', '127.0.0.1'], ["INET_NTOA('3232235777')", '192.168.1.1'], ['INET_NTOA(-1)', null],
    ["CONCAT('a', 1, 'b')", 'a1b'], ["CONCAT('a', NULL)", null], ["CONCAT_WS('-', 'a', NULL, 'b')", 'a-b'],
    ['UNIX_TIMESTAMP(FROM_UNIXTIME(1800000000))', 1_800_000_000], ['UNIX_TIMESTAMP() - UNIX_TIMESTAMP(NOW())', 0],
    ["DATE_FORMAT('2026-03-04 15:06:07', '%Y/%m/%d %H:%i:%s %W %M %%')", '2026/03/04 15:06:07 Wednesday March %'],
    ["IF(1 > 2, 'a', 'b')", 'b'], ["LEFT('hello', 2)", 'he'], ["RIGHT('hello', 2)", 'lo'], ["UCASE('a')", 'A'], ["LOCATE('l', 'hello')", 3],
    ["LPAD('5', 3, '0')", '005'], ["RPAD('5', 3, 'xy')", '5xy'],
    ["UNIX_TIMESTAMP(NOW()) - UNIX_TIMESTAMP(NOW() - INTERVAL 2 HOUR)", 7200],
    ["UNIX_TIMESTAMP(DATE_ADD('2026-01-01', INTERVAL 1 DAY)) - UNIX_TIMESTAMP('2026-01-01')", 86400],
    ["SUBSTRING_INDEX('a.b.c', '.', 2)", 'a.b'], ["SUBSTRING_INDEX('a.b.c', '.', -1)", 'c'],
    ["FIND_IN_SET('b', 'a,b')", 2], ['GREATEST(1, 3, 2)', 3], ['LEAST(4, 3)', 3], ["MD5('a')", '0cc175b9c0f1b6a831c399e269772661'],
    ["'0123' REGEXP '^0[0-9]+$'", 1], ["REVERSE('abc')", 'cba'], ["CHAR_LENGTH('Zo\xc3\xab')", 3], ['SLEEP(0)', 0],
  ]
  for (const [sql, value] of rows) assert.deepEqual(await rowsOf(database, `SELECT ${sql}`), [[value]], sql)
})

test('a text in a column for dates is local time', async (t) => {
  const database = await memoryDatabase(t, TABLE, "INSERT INTO t (at) VALUES ('2030-05-28 21:32:15'), (NOW())")
  const [[text] = [], [now] = []] = await rowsOf(database, 'SELECT at FROM t')
  assert.equal(text, new Date(2030, 4, 28, 21, 32, 15).getTime() / 1000)
  assert.ok(Math.abs(Number(now) - Date.now() / 1000) < 10)
})

test('an error leaves the database usable', async (t) => {
  const database = await memoryDatabase(t, TABLE)
  const failed = await database.execute('SELEC 1')
  assert.ok(isDbError(failed) && failed.kind === 'refused')
  assert.deepEqual(await rowsOf(database, 'SELECT 1'), [[1]])
})

test('a slow query keeps nobody from working', async (t) => {
  const database = await memoryDatabase(t)
  const slow = database.execute('SELECT SLEEP(0.5)')
  let isOver = false
  void slow.then(() => { isOver = true })
  await new Promise((resolve) => { setImmediate(resolve) })
  assert.equal(isOver, false)
  good(await slow)
})

test('a file of another program, or none, is told at start', async (t) => {
  const folder = temporaryFolder(t)
  const missing = await fileDatabase(t, join(folder, 'nosuch', 'k.db')).connect()
  assert.ok(missing?.kind === 'unavailable', missing?.reason)
  const none = await fileDatabase(t, '/etc/passwd').connect()
  assert.ok(none?.kind === 'unavailable', none?.reason)
  const absent = await fileDatabase(t, join(folder, 'absent.db'), { readOnly: true }).connect()
  assert.ok(absent?.kind === 'unavailable', absent?.reason)
})

test('other programs read what is written, and are read', { skip: cli }, async (t) => {
  const path = join(temporaryFolder(t), 'k.db')
  const database = fileDatabase(t, path)
  good(await database.execute(TABLE))
  const at = 1_800_000_000
  const cells = [{ column: 'name', value: 'ours' }, { column: 'at', value: at, type: 'datetime' as const }]
  good(await database.write({ kind: 'insert', table: 't', cells }))
  assert.equal(sqlite(path, "SELECT name, strftime('%s', at + 0.5 / 86400) FROM t;"), `ours|${at}`)
  sqlite(path, "INSERT INTO t (name, at) VALUES ('theirs', julianday('2026-01-02 03:04:05'));")
  const { rows } = good(await database.select({ table: 't', columns: ['name', 'at'], where: [{ column: 'name', value: 'theirs' }] }))
  assert.deepEqual(rows, [['theirs', Date.UTC(2026, 0, 2, 3, 4, 5) / 1000]])
})
test('a file that another program holds is waited for', { skip: cli }, async (t) => {
  const path = join(temporaryFolder(t), 'k.db')
  const database = fileDatabase(t, path)
  good(await database.execute(TABLE))
  const other = spawn('sqlite3', [path], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => other.kill())
  other.stdin.write("BEGIN EXCLUSIVE; INSERT INTO t (name) VALUES ('theirs'); SELECT 'held';\n")
  await new Promise((resolve) => { other.stdout.once('data', resolve) })
  const ours = database.execute("INSERT INTO t (name) VALUES ('ours')")
  setTimeout(() => other.stdin.end('COMMIT;\n'), 300)
  good(await ours)
  assert.deepEqual(await rowsOf(database, 'SELECT name FROM t ORDER BY id'), [['theirs'], ['ours']])
})

test('a file that stays locked is an error in the end', { skip: cli }, async (t) => {
  const path = join(temporaryFolder(t), 'k.db')
  const database = fileDatabase(t, path, { busyTimeoutMs: 50 })
  good(await database.execute(TABLE))
  const other = spawn('sqlite3', [path], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => other.kill())
  other.stdin.write("BEGIN EXCLUSIVE; SELECT 'held';\n")
  await new Promise((resolve) => { other.stdout.once('data', resolve) })
  const failed = await database.execute("INSERT INTO t (name) VALUES ('ours')")
  assert.ok(isDbError(failed) && failed.kind === 'timeout')
})
