/** MariaDB and PostgreSQL themselves, by one list of behaviours. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { good } from '../../../test/support/databases.ts'
import { missingServer, startMysql, startPostgres, type DatabaseServer } from '../../../test/support/database-servers.ts'
import { until } from '../../../test/support/until.ts'
import { systemClock } from '../../base/clock.ts'
import { createLog, type LogRecord } from '../../base/log.ts'
import { isDbError, type Database, type Databases, type DbRows } from '../database.ts'
import { createDatabases } from '../databases.ts'
import { mysqlDriver } from '../mysql/mysql.ts'
import { postgresDriver } from '../postgres/postgres.ts'

const kinds = [
  {
    name: 'mysql', start: startMysql,
    table: 'CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) UNIQUE, n INT, big BIGINT, '
      + 'q DOUBLE, at DATETIME, raw BLOB, tx TEXT, dec_ DECIMAL(10,2)) CHARSET utf8mb4',
    types: ['int', 'string', 'int', 'bigint', 'double', 'datetime', 'blob', 'blob', 'string'], decimal: '1.50',
    sleep: 'SELECT SLEEP(1)',
  },
  {
    name: 'postgres', start: startPostgres,
    table: 'CREATE TABLE t (id SERIAL PRIMARY KEY, name VARCHAR(40) UNIQUE, n INT, big BIGINT, '
      + 'q DOUBLE PRECISION, at TIMESTAMP, raw BYTEA, tx TEXT, dec_ NUMERIC(10,2))',
    types: ['int', 'string', 'int', 'bigint', 'double', 'datetime', 'blob', 'blob', 'double'], decimal: 1.5,
    sleep: 'SELECT pg_sleep(1)',
  },
] as const

for (const kind of kinds) {
  describe(`${kind.name}: a real server`, { skip: missingServer(kind.name) }, () => {
    const records: LogRecord[] = []
    let broken = 0
    let server: DatabaseServer
    let databases: Databases
    let database: Database

    before(async () => {
      server = await kind.start()
      databases = createDatabases()
      const log = createLog(2, (record) => records.push(record))
      const onBroken = (): void => { broken++ }
      const common = { log, clock: systemClock, retries: 1, onBroken, connectTimeoutMs: 5000,
        queryTimeoutMs: 5000 }
      databases.register(mysqlDriver({ ...common, readFile: () => undefined, pingIntervalMs: 60_000, serverTimezone: false,
        countFound: false, useTls: false }))
      databases.register(postgresDriver({ ...common, keepAliveMs: 0, connection: {} }))
      const opened = databases.open(server.url)
      assert.ok(typeof opened !== 'string')
      database = opened
      good(await database.execute(kind.table))
    })
    after(async () => {
      await databases?.close()
      await server?.stop()
    })

    test('what is written is read back, in the types of the columns', async () => {
      const cells = [
        { column: 'name', value: 'Zo\xc3\xab \xf0\x9f\x93\x9e' }, { column: 'n', value: -5 }, { column: 'big', value: 5_000_000_000 },
        { column: 'q', value: 0.5, type: 'double' as const }, { column: 'at', value: 1_800_000_000, type: 'datetime' as const },
        { column: 'raw', value: '\x00\xff\'\\', type: 'blob' as const }, { column: 'tx', value: "it's \\ \"" },
          { column: 'dec_', value: '1.5' },
      ]
      assert.equal(good(await database.write({ kind: 'insert', table: 't', cells })), 1)
      const { columns, rows } = good(await database.select({ table: 't', columns: [],
        where: [{ column: 'at', value: 1_800_000_000, type: 'datetime' }] }))
      assert.deepEqual(columns.map(({ type }) => type), kind.types)
      assert.deepEqual(rows, [[
        1, 'Zo\xc3\xab \xf0\x9f\x93\x9e', -5, 5_000_000_000, 0.5, 1_800_000_000, '\x00\xff\'\\', "it's \\ \"", kind.decimal,
      ]])
      assert.deepEqual(good(await database.execute('SELECT id FROM t WHERE name = ?', ['Zo\xc3\xab \xf0\x9f\x93\x9e'])).rows, [[1]])
    })

    test('conditions, changes and collisions', async () => {
      const insert = (name: string, n: number | null, onDuplicate?: 'replace' | 'ignore' | 'update') =>
        database.write({ kind: 'insert', table: 't', cells: [{ column: 'name', value: name }, { column: 'n', value: n }], onDuplicate,
          key: ['name'] })
      good(await insert('a', 1))
      good(await insert('b', null))
      const failed = await insert('a', 2)
      assert.ok(isDbError(failed) && failed.kind === 'duplicate')
      assert.equal(good(await insert('a', 3, 'ignore')), 0)
      good(await insert('a', 4, 'update'))
      good(await insert('b', 5, 'replace'))
      const names = async (where: Parameters<Database['select']>[0]['where']): Promise<unknown> =>
        good(await database.select({ table: 't', columns: ['name', 'n'], where, orderBy: 'name DESC' })).rows
      assert.deepEqual(await names([{ column: 'n', operator: '>=', value: 4 }]), [['b', 5], ['a', 4]])
      assert.equal(good(await database.write({ kind: 'update', table: 't', cells: [{ column: 'n', value: null }],
        where: [{ column: 'name', value: 'b' }] })), 1)
      assert.deepEqual(await names([{ column: 'n', value: null }]), [['b', null]])
      assert.equal(good(await database.write({ kind: 'delete', table: 't', where: [{ column: 'n', value: null }] })), 1)
    })

    test('a batch is done whole or not at all', async () => {
      const insert = (name: string) => ({ kind: 'insert' as const, table: 't', cells: [{ column: 'name', value: name }] })
      assert.ok(isDbError(await database.batch([insert('x'), insert('a')])))
      assert.deepEqual(good(await database.execute("SELECT name FROM t WHERE name = 'x'")).rows, [])
      assert.equal(good(await database.batch([insert('x'), insert('y')])), 2)
    })

    test('a scan hands out all rows, some at a time', async () => {
      good(await database.execute('CREATE TABLE many (n INT)'))
      good(await database.batch(Array.from({ length: 25 },
        (_, n) => ({ kind: 'insert' as const, table: 'many', cells: [{ column: 'n', value: n }] }))))
      const sizes: number[] = []
      const take = async ({ rows }: DbRows): Promise<void> => { sizes.push(rows.length) }
      assert.equal(good(await database.scan({ table: 'many', columns: ['n'], orderBy: 'n' }, 10, take)), 25)
      assert.equal(sizes.reduce((sum, size) => sum + size, 0), 25)
      assert.ok(Math.max(...sizes) <= 10)
    })

    test('a statement that the server does not take is refused, and it goes on', async () => {
      for (const sql of ['SELEC 1', 'SELECT * FROM nosuch', 'SELECT nosuch FROM t']) {
        const failed = await database.execute(sql)
        assert.ok(isDbError(failed) && failed.kind === 'refused', sql)
      }
      assert.deepEqual(good(await database.execute("SELECT '?', 1 AS one")).rows, [['?', 1]])
    })

    test('a slow statement keeps nobody waiting but its own message', async () => {
      let isOver = false
      const slow = database.execute(kind.sleep).then(() => { isOver = true })
      for (let count = 0; count < 20; count++) good(await database.execute('SELECT 1'))
      assert.equal(isOver, false)
      await slow
    })

    test('a server that goes and comes back is told once each, and used again', async () => {
      await server.kill()
      for (let count = 0; count < 5; count++) {
        const failed = await database.execute('SELECT 1')
        assert.ok(isDbError(failed) && failed.kind === 'unavailable')
      }
      assert.ok(broken > 0)
      await server.restart()
      await until(() => records.some(({ text }) => text.endsWith('is back')), () => records.map(({ text }) => text).join('\n'), 20_000)
      good(await database.execute('SELECT 1'))
      assert.equal(records.length, 2, records.map(({ text }) => text).join('\n'))
      assert.match(records[0]?.text ?? '', /:\*\*\*@.* cannot be reached: /)
    })
  })
}
