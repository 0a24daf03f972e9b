import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { good } from '../../../test/support/databases.ts'
import { missingServer, SERVER_ADDRESS, startRedis, type DatabaseServer } from '../../../test/support/database-servers.ts'
import { missingPrograms } from '../../../test/support/installed.ts'
import { until } from '../../../test/support/until.ts'
import { systemClock } from '../../base/clock.ts'
import { createLog, type LogRecord } from '../../base/log.ts'
import { isDbError, type Database, type Databases } from '../database.ts'
import { createDatabases } from '../databases.ts'
import { checkTableVersion } from '../table-version.ts'
import { redisDriver } from './redis.ts'
import { readKeys } from './table-keys.ts'

test('the parameter keys is read, or says what is wrong', () => {
  const keys = readKeys(['location=entry:ruid&usrdom:username,domain&all:', 'acc=entry:callid,time;x=entry:a'])
  assert.ok(typeof keys !== 'string')
  assert.deepEqual([...keys.keys()], ['version', 'location', 'acc', 'x'])
  assert.deepEqual(keys.get('location'), {
    entry: ['ruid'], mappings: [{ name: 'usrdom', columns: ['username', 'domain'] }, { name: 'all', columns: [] }],
  })
  for (const text of ['location', 'location=ruid', 'location=usrdom:username', '=entry:a']) assert.equal(typeof readKeys([text]),
    'string', text)
})

describe('redis: a real server', { skip: missingServer('redis') || missingPrograms('redis-cli') }, () => {
  const records: LogRecord[] = []
  let server: DatabaseServer
  let databases: Databases
  let database: Database
  const cli = (...words: string[]): readonly string[] =>
    execFileSync('redis-cli', ['-h', SERVER_ADDRESS, '-p', String(server.port), '-n', '5', ...words],
      { encoding: 'latin1' }).trim().split('\n').sort()

  before(async () => {
    server = await startRedis()
    databases = createDatabases()
    const keys = readKeys(['location=entry:ruid&usrdom:username,domain&timer:partition,keepalive'])
    assert.ok(typeof keys !== 'string')
    databases.register(redisDriver({ log: createLog(2, (record) => records.push(record)), clock: systemClock, keys,
      readSchema: () => undefined }))
    const opened = databases.open(server.url)
    assert.ok(typeof opened !== 'string')
    database = opened
    assert.equal(await database.connect(), undefined)
  })
  after(async () => {
    await databases?.close()
    await server?.stop()
  })

  const contact = (ruid: string, username: string, q: number) => database.write({
    kind: 'insert', table: 'location', cells: [
      { column: 'ruid', value: ruid }, { column: 'username', value: username }, { column: 'domain', value: 'example.com' },
      { column: 'q', value: q, type: 'double' }, { column: 'expires', value: 1_800_000_000, type: 'datetime' },
        { column: 'path', value: null },
      { column: 'user_agent', value: 'Zo\xc3\xab \xff:\n' }, { column: 'partition', value: 0 }, { column: 'keepalive', value: 1 },
    ],
  })

  test('a row lies where Kamailio would put it', async () => {
    assert.equal(good(await contact('r1', 'alice', 0.5)), 1)
    const fields = cli('--csv', 'HGETALL', 'location:entry::r1')[0] ?? ''
    assert.match(fields, /"q","0\.500000"/)
    assert.match(fields, /"expires","20\d\d-\d\d-\d\d \d\d:\d\d:\d\d"/)
    assert.doesNotMatch(fields, /path/)
    assert.deepEqual(cli('KEYS', '*'), [
      'location::index::timer', 'location::index::usrdom', 'location:entry::r1', 'location:timer::0:1',
        'location:usrdom::alice:example.com',
    ])
    assert.deepEqual(cli('SMEMBERS', 'location:usrdom::alice:example.com'), ['location:entry::r1'])
    assert.deepEqual(cli('SMEMBERS', 'location::index::usrdom'), ['location:usrdom::alice:example.com'])
  })

  test('rows are found by key, by mapping, and by looking at all of them', async () => {
    good(await contact('r2', 'alice', 0.7))
    good(await contact('r3', 'bob', 0.9))
    const found = async (where: Parameters<Database['select']>[0]['where'], orderBy = 'ruid'): Promise<unknown> =>
      good(await database.select({ table: 'location', columns: ['ruid', 'q'], where, orderBy })).rows
    assert.deepEqual(await found([{ column: 'ruid', value: 'r1' }]), [['r1', 0.5]])
    assert.deepEqual(await found([{ column: 'username', value: 'alice' }, { column: 'domain', value: 'example.com' }]),
      [['r1', 0.5], ['r2', 0.7]])
    assert.deepEqual(await found([{ column: 'q', operator: '>', value: 0.6, type: 'double' }], 'q DESC'), [['r3', 0.9], ['r2', 0.7]])
    assert.deepEqual(await found([{ column: 'ruid', value: 'r1' }, { column: 'username', value: 'bob' }]), [])
    assert.deepEqual(await found([{ column: 'path', value: null }]), [['r1', 0.5], ['r2', 0.7], ['r3', 0.9]])
    const { rows } = good(await database.select({ table: 'location', columns: ['user_agent', 'expires', 'path'],
      where: [{ column: 'ruid', value: 'r1' }] }))
    assert.deepEqual(rows, [['Zo\xc3\xab \xff:\n', 1_800_000_000, null]])
    let count = 0
    assert.equal(good(await database.scan({ table: 'location', columns: ['ruid'] }, 2, (part) => { count += part.rows.length })), 3)
    assert.equal(count, 3)
  })

  test('changes move rows between mappings, and deletions take them out', async () => {
    const where = [{ column: 'ruid', value: 'r2' }]
    assert.equal(good(await database.write({ kind: 'update', table: 'location', cells: [{ column: 'username', value: 'carol' }],
      where })), 1)
    assert.deepEqual(cli('SMEMBERS', 'location:usrdom::alice:example.com'), ['location:entry::r1'])
    assert.deepEqual(cli('SMEMBERS', 'location:usrdom::carol:example.com'), ['location:entry::r2'])
    assert.equal(good(await database.write({ kind: 'delete', table: 'location',
      where: [{ column: 'username', operator: '!=', value: 'bob' }] })), 2)
    assert.deepEqual(cli('KEYS', 'location:entry::*'), ['location:entry::r3'])
    assert.deepEqual(cli('KEYS', 'location:usrdom::*'), ['location:usrdom::bob:example.com'])
  })

  test('rows that collide, rows without key, tables that are none', async () => {
    const collided = await contact('r3', 'bob', 0.1)
    assert.ok(isDbError(collided) && collided.kind === 'duplicate')
    const cells = [{ column: 'ruid', value: 'r3' }, { column: 'q', value: 0.2, type: 'double' as const }]
    good(await database.write({ kind: 'insert', table: 'location', cells, onDuplicate: 'update' }))
    assert.equal(cli('HGET', 'location:entry::r3', 'username')[0], 'bob')
    good(await database.write({ kind: 'insert', table: 'location', cells, onDuplicate: 'replace' }))
    assert.equal(cli('HGET', 'location:entry::r3', 'username')[0], '')
    const keyless = await database.write({ kind: 'insert', table: 'acc', cells: [{ column: 'callid', value: 'x' }] })
    assert.ok(isDbError(keyless) && keyless.kind === 'refused')
    const unknown = await database.select({ table: 'nosuch', columns: [] })
    assert.ok(isDbError(unknown) && unknown.kind === 'refused')
    const sql = await database.execute('SELECT 1')
    assert.ok(isDbError(sql) && sql.kind === 'unsupported')
  })

  test("a table's version is what was written, else that of its schema", async () => {
    assert.equal(await checkTableVersion(database, 'location', 9), undefined)
    cli('HSET', 'version:entry::location', 'table_name', 'location', 'table_version', '8')
    assert.match(await checkTableVersion(database, 'location', 9) ?? '', /version 8/)
    assert.equal(await checkTableVersion(database, 'location', [8, 9]), undefined)
  })

  test('a server that goes and comes back is told once each, and used again', async () => {
    await server.kill()
    for (let count = 0; count < 3; count++) {
      const failed = await database.select({ table: 'location', columns: ['ruid'] })
      assert.ok(isDbError(failed) && failed.kind === 'unavailable')
    }
    await server.restart()
    await until(() => records.some(({ text }) => text.endsWith('is back')), () => records.map(({ text }) => text).join('\n'), 20_000)
    good(await database.select({ table: 'location', columns: ['ruid'] }))
    assert.equal(records.length, 2)
  })
})
