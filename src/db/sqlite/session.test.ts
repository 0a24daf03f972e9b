/** The same session over each library that may be there: which one a server uses depends on its Node. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nativeEngine } from './engine-native.ts'
import { nodeEngine } from './engine-node.ts'
import { wasmEngine } from './engine-wasm.ts'
import type { SqliteAnswer } from './protocol.ts'
import { SqliteSession } from './session.ts'

const SETTINGS = { path: ':memory:', readOnly: false, journalMode: '', busyTimeoutMs: 0 }
const engines = [['node:sqlite', nodeEngine()], ['libsqlite3', nativeEngine()], ['node-sqlite3-wasm', wasmEngine]] as const

for (const [name, engine] of engines) {
  test(`${name} gives values in their columns' types`, { skip: engine === undefined ? 'not in this Node' : false }, () => {
    assert.ok(engine !== undefined)
    const session = new SqliteSession(SETTINGS, engine)
    const run = (sql: string, ...values: readonly (string | number | null)[]): SqliteAnswer =>
      session.run({ kind: 'execute', sql, values: values.map((value) => ({ value })), types: {} })
    run('CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR(9), c BIGINT, d DATETIME, e REAL, f BLOB, g DECIMAL(5,2))')
    const insert = "INSERT INTO t (b, c, d, e, f, g) VALUES (?, ?, ?, ?, x'00ff', ?)"
    assert.equal(run(insert, 'x', 9_007_199_254_740_000, 2462502.5, 2, 7.9).insertId, 1)
    const answer = run('SELECT *, a + 1, b || ?, NULL, 1.5 FROM t', '\xff')
    assert.deepEqual(answer.columns.map(({ type }) => type), [
      'int', 'string', 'bigint', 'datetime', 'double', 'blob', 'int', 'int', answer.columns[8]?.type, 'string', 'double',
    ])
    assert.deepEqual(answer.rows, [[1, 'x', 9_007_199_254_740_000, Date.UTC(2030, 0, 1) / 1000, 2, '\x00\xff', 7, 2, 'x\xff', null, 1.5]])
    assert.deepEqual(run("SELECT INET_ATON('1.2.3.4'), CONCAT('a', 'b', ?)", 'c').rows, [[16909060, 'abc']])
    assert.throws(() => run('SELECT nosuch(1)'), /nosuch/)
    session.close()
  })
}
