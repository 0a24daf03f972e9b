/** Our tables beside those that Kamailio's own scripts make, as the databases themselves describe them. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { good, temporaryFolder } from '../../../test/support/databases.ts'
import { missingServer, startMysql, startPostgres, SERVER_ADDRESS } from '../../../test/support/database-servers.ts'
import { missingPrograms } from '../../../test/support/installed.ts'
import { allDatabases } from '../../server/all-databases.ts'
import type { Database } from '../database.ts'
import { checkTables, createTables } from './create-tables.ts'
import { schemaGroups, schemaTables, usualGroups } from './schema.ts'

const SCRIPTS = '/usr/share/kamailio'
const noScripts = existsSync(join(SCRIPTS, 'db_sqlite')) ? false : 'not installed: kamailio-sqlite-modules (.ci/run installs it)'
const script = (kind: string): string =>
  ['standard', ...schemaGroups.filter((group) => group !== 'standard')]
    .map((group) => readFileSync(join(SCRIPTS, kind, `${group}-create.sql`), 'latin1')).join('\n')

async function ours(url: string): Promise<{ readonly database: Database; close(): Promise<void> }> {
  const databases = allDatabases()
  const database = databases.open(url)
  assert.ok(typeof database !== 'string', String(database))
  const reports = good(await createTables(database, schemaTables))
  assert.deepEqual(reports.filter(({ state }) => state !== 'made'), [])
  assert.deepEqual(good(await checkTables(database, schemaTables)).filter(({ state }) => state !== 'right'), [])
  return { database, close: () => databases.close() }
}

test('all groups have tables, and versions that are numbers', () => {
  assert.ok(schemaTables.length > 60)
  assert.deepEqual(schemaTables.filter(({ version }) => !(version > 0)).map(({ name }) => name), [])
  assert.deepEqual(usualGroups.filter((group) => !schemaGroups.includes(group)), [])
})

test('on SQLite they are as Kamailio makes them', { skip: noScripts || missingPrograms('sqlite3') }, async (t) => {
  const folder = temporaryFolder(t)
  const describe = (file: string): readonly string[] => execFileSync('sqlite3', [file], {
    input: `SELECT m.name, p.* FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY 1, 2;
      SELECT m.name, l.name, l."unique", i.name FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) i
        WHERE m.type = 'table' AND l.origin = 'c' ORDER BY 1, 2, i.seqno;
      SELECT m.name, group_concat(i.name) FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) i
        WHERE m.type = 'table' AND l.origin = 'u' GROUP BY m.name, l.name ORDER BY 1, 2;
      SELECT table_name, table_version FROM version ORDER BY 1;`,
    encoding: 'latin1',
  }).split('\n')
  const theirs = join(folder, 'theirs.db')
  execFileSync('sqlite3', [theirs], { input: script('db_sqlite') })
  const made = await ours(`sqlite:///${folder}/ours.db`)
  await made.close()
  assert.deepEqual(describe(join(folder, 'ours.db')), describe(theirs))
})

test('on MariaDB they are as Kamailio makes them', { skip: noScripts || missingServer('mysql') }, async () => {
  const server = await startMysql()
  try {
    const client = (input: string, name: string): void => {
      const place = ['--no-defaults', `--host=${SERVER_ADDRESS}`, `--port=${server.port}`, '--user=kamailio', '--password=kamailiorw']
      execFileSync('mariadb', [...place, name], { input })
    }
    client('CREATE DATABASE theirs', 'kamailio')
    client(script('mysql'), 'theirs')
    const { database, close } = await ours(server.url)
    const describe = async (name: string): Promise<unknown> => [
      good(await database.execute(
        'SELECT table_name, column_name, column_type, is_nullable, column_default, extra, column_key FROM information_schema.columns '
        + 'WHERE table_schema = ? ORDER BY 1, ordinal_position', [name],
      )).rows,
      good(await database.execute(
        'SELECT table_name, index_name, non_unique, column_name FROM information_schema.statistics '
        + 'WHERE table_schema = ? ORDER BY 1, 2, seq_in_index', [name],
      )).rows,
      good(await database.execute(`SELECT table_name, table_version FROM ${name}.version ORDER BY 1`)).rows,
    ]
    assert.deepEqual(await describe('kamailio'), await describe('theirs'))
    await close()
  } finally {
    await server.stop()
  }
})

test('on PostgreSQL they are as Kamailio makes them', { skip: noScripts || missingServer('postgres') }, async () => {
  const server = await startPostgres()
  try {
    const psql = (input: string, name: string): void => {
      execFileSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-h', SERVER_ADDRESS, '-p', String(server.port), '-U', 'kamailio', name],
        { input, stdio: 'pipe' })
    }
    psql('CREATE DATABASE theirs', 'kamailio')
    psql(script('postgres'), 'theirs')
    const made = await ours(server.url)
    const databases = allDatabases()
    const theirs = databases.open(server.url.replace(/kamailio$/, 'theirs'))
    assert.ok(typeof theirs !== 'string')
    const describe = async (database: Database): Promise<unknown> => [
      good(await database.execute(
        'SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default FROM information_schema.columns '
        + "WHERE table_schema = 'public' ORDER BY 1, ordinal_position",
      )).rows,
      good(await database.execute("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2")).rows,
      good(await database.execute('SELECT table_name, table_version FROM version ORDER BY 1')).rows,
    ]
    assert.deepEqual(await describe(made.database), await describe(theirs))
    await databases.close()
    await made.close()
  } finally {
    await server.stop()
  }
})

test('tables that are there stay as they are, and a wrong version is told', async (t) => {
  const databases = allDatabases()
  const database = databases.open(`sqlite:///${temporaryFolder(t)}/k.db`)
  assert.ok(typeof database !== 'string')
  const two = schemaTables.filter(({ name }) => name === 'version' || name === 'address')
  good(await createTables(database, two))
  good(await database.execute("UPDATE version SET table_version = 4 WHERE table_name = 'address'"))
  assert.deepEqual(good(await createTables(database, two)).map(({ state, found }) => [state, found]), [['kept', 1], ['kept', 4]])
  assert.deepEqual(good(await checkTables(database, two)).map(({ state }) => state), ['right', 'wrong version'])
  good(await database.execute('DROP TABLE address'))
  assert.deepEqual(good(await checkTables(database, two)).map(({ state }) => state), ['right', 'missing'])
  await databases.close()
})
