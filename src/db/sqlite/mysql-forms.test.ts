import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromMysqlForms } from './mysql-forms.ts'

const rows: readonly (readonly [mysql: string, sqlite: string])[] = [
  ['SELECT 1', 'SELECT 1'],
  ["INSERT INTO b (ip, hits) VALUES ('x', 1) ON DUPLICATE KEY UPDATE hits = hits + 1, ua = 'on duplicate key update';",
    "INSERT INTO b (ip, hits) VALUES ('x', 1) ON CONFLICT DO UPDATE SET hits = hits + 1, ua = 'on duplicate key update';"],
  ['insert into b values (?, 1) on duplicate key update ip = VALUES(ip), n = values( `n` )',
    'insert into b values (?, 1) ON CONFLICT DO UPDATE SET ip = excluded.ip, n = excluded.`n`'],
  ["insert into b values ('a', 1) on duplicate key update x = '1', ip = VALUES(ip)",
    "insert into b values ('a', 1) ON CONFLICT DO UPDATE SET x = '1', ip = excluded.ip"],
  ['INSERT IGNORE INTO b VALUES (1)', 'INSERT OR IGNORE INTO b VALUES (1)'],
  ['SELECT * FROM t WHERE at > NOW() - INTERVAL 2 HOUR', 'SELECT * FROM t WHERE at > NOW() - (2 * 3600 / 86400.0)'],
  ['SELECT DATE_SUB(NOW(), interval ? day)', 'SELECT DATE_SUB(NOW(), (? * 86400 / 86400.0))'],
  ["SELECT LEFT(a, 2), 'LEFT(' FROM t LEFT JOIN u", "SELECT \"LEFT\"(a, 2), 'LEFT(' FROM t LEFT JOIN u"],
  ["SELECT if(a = 'if(', 1, 0)", "SELECT \"if\"(a = 'if(', 1, 0)"],
]

test("MySQL's forms are put into SQLite's words, outside of quotes", () => {
  for (const [mysql, sqlite] of rows) assert.equal(fromMysqlForms(mysql), sqlite)
})
