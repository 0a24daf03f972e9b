import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromMysqlForms } from './mysql-forms.ts'

const rows: readonly (readonly [mysql: string, postgres: string])[] = [
  ['SELECT 1', 'SELECT 1'],
  ["SELECT INET_ATON('127.0.0.1')", "SELECT (CAST('127.0.0.1' AS inet) - inet '0.0.0.0')"],
  ['SELECT inet_ntoa(ip) AS ip FROM t', "SELECT host(inet '0.0.0.0' + CAST(ip AS bigint)) AS ip FROM t"],
  [
    'SELECT UNIX_TIMESTAMP(), unix_timestamp(at)',
    'SELECT CAST(extract(epoch FROM now()) AS bigint), CAST(extract(epoch FROM at) AS bigint)',
  ],
  ["SELECT 'INET_ATON(1)', my_inet_aton(2) FROM t WHERE a = INET_ATON(lower(')' || ?))",
    "SELECT 'INET_ATON(1)', my_inet_aton(2) FROM t WHERE a = (CAST(lower(')' || ?) AS inet) - inet '0.0.0.0')"],
]

test("MySQL's functions are put into PostgreSQL's words, outside of quotes", () => {
  for (const [mysql, postgres] of rows) assert.equal(fromMysqlForms(mysql), postgres)
})
