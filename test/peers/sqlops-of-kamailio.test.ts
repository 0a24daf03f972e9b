/** The same queries on MariaDB and PostgreSQL by Kamailio and by us: what the script sees must be the same. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { allDatabases } from '../../src/server/all-databases.ts'
import { missingServer, startMysql, startPostgres } from '../support/database-servers.ts'
import { good, temporaryFolder } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'
import { startKamailio } from './kamailio.ts'

const ADDRESS = '127.0.46.1'

const statements = `
  sql_query("ca", "select * from t order by id", "r");
  xlog("rc $rc rows $dbr(r=>rows) cols $dbr(r=>cols)\\n");
  $var(i) = 0;
  while ($var(i) < $dbr(r=>rows)) {
    $var(j) = 0;
    while ($var(j) < $dbr(r=>cols)) {
      xlog("[$var(i),$var(j)] $dbr(r=>colname[$var(j)]) = $dbr(r=>[$var(i),$var(j)])\\n");
      $var(j) = $var(j) + 1;
    }
    $var(i) = $var(i) + 1;
  }
  sql_query("ca", "select count(*) as c, 1.5 as d, 'x' as s, null as n, 1 as one from t", "e");
  xlog("$dbr(e=>[0,0]) $dbr(e=>[0,1]) $dbr(e=>[0,2]) $dbr(e=>[0,3]) $dbr(e=>[0,4])\\n");
  sql_query("ca", "insert into t (name, n) values ('$(hdr(X-Name){s.escape.common})', 7)"); xlog("insert $rc $sqlrows(ca)\\n");
  sql_query("ca", "update t set n = n + 1 where name like '%$tU%'"); xlog("update $rc $sqlrows(ca)\\n");
  sql_query("ca", "select id, n from t where name = '$(hdr(X-Name){s.escape.common})'", "r"); xlog("find $rc $dbr(r=>[0,1])\\n");
  sql_query("ca", "select id from t where id = $(hdr(X-Id)) limit $var(one)", "r"); xlog("bare $rc $dbr(r=>[0,0])\\n");
  sql_query("ca", "delete from t where n = 8"); xlog("delete $rc $sqlrows(ca)\\n");
  sql_query("ca", "select * from t where id = 99", "r"); xlog("none $rc $dbr(r=>rows) $dbr(r=>cols)\\n");
  sql_query("ca", "select * from nosuch", "r"); xlog("bad $rc\\n");
  sql_query("ca", "select 1"); xlog("unwanted $rc\\n");
  sql_xquery("ca", "select * from t order by id", "x"); xlog("x $rc $xavp(x=>name) $xavp(x=>big) $xavp(x=>at) $xavp(x[1]=>name) $xavp(x=>q)\\n");
  sql_pvquery("ca", "select id, name, big from t order by id", "$var(a),$avp(b);$avp(c)"); xlog("pv $rc $var(a) $avp(b) $avp(c)\\n");
`

/** The honeypot: each packet adds a row, or counts on in the row of its source. */
const honeypot = `
  sql_xquery("ca", "insert into baddies (ip_address, hits, last_seen, ua, country, city) values (INET_ATON('$si'), 1, NOW(), '$ua', 'AU', '') ON DUPLICATE KEY UPDATE last_seen = NOW(), hits = hits + 1;", "r_sql");
  xlog("baddies $rc $sqlrows(ca)\\n");
  sql_xquery("ca", "insert into baddies (ip_address, hits, last_seen, ua, country, city) values (INET_ATON('$si'), 1, NOW(), '$ua', 'AU', '') ON DUPLICATE KEY UPDATE last_seen = NOW(), hits = hits + 1;", "r_sql");
  xlog("baddies $rc $sqlrows(ca)\\n");
  $var(sql) = "select INET_NTOA(ip_address) as ip_address from baddies;";
  sql_query("ca", "$var(sql)", "result_sql");
  xlog("$rc $dbr(result_sql=>rows) $dbr(result_sql=>colname[0]) $dbr(result_sql=>[0,0])\\n");
  sql_query("ca", "select ip_address, hits, ua from baddies where ip_address = INET_ATON('$si')", "b");
  xlog("$rc $dbr(b=>[0,0]) $dbr(b=>[0,1]) $dbr(b=>[0,2])\\n");
`

const configuration = (port: number, driver: string, url: string, more: string): string => `
listen=udp:${ADDRESS}:${port}
children=1
debug=0
log_stderror=yes
loadmodule "${driver}.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "textops.so"
loadmodule "sl.so"
loadmodule "sqlops.so"
modparam("sqlops", "sqlcon", "ca=>${url}")
request_route {
  $var(one) = 1;
${statements}${more}
  sl_reply("200", "OK");
}
`

async function ask(port: number, name: string): Promise<void> {
  const socket = createSocket('udp4')
  let answer = ''
  socket.on('message', (bytes) => { answer = bytes.toString('latin1') })
  socket.send(
    `OPTIONS sip:o@${ADDRESS} SIP/2.0\r\nVia: SIP/2.0/UDP ${ADDRESS};rport;branch=z9hG4bKs\r\nMax-Forwards: 70\r\nFrom: <sip:a@${ADDRESS}>;tag=1\r\n`
    + `To: <sip:Brien@${ADDRESS}>\r\nCall-ID: s\r\nCSeq: 1 OPTIONS\r\nX-Name: ${name}\r\nX-Id: 2\r\nContent-Length: 0\r\n\r\n`, port, ADDRESS)
  await until(() => answer.startsWith('SIP/2.0 200'), () => 'OPTIONS was not answered').finally(() => socket.close())
}

/** What the script logged. */
const saidBy = (server: RunningServer): readonly string[] => [...server.output().matchAll(/<script>: (.*)/g)].map(([, text = '']) => text)

async function compare(
  t: TestContext, driver: string, url: string, name: string, create: string, rows: readonly string[], more = '',
): Promise<void> {
  const databases = allDatabases()
  t.after(() => databases.close())
  const database = databases.open(url)
  assert.ok(typeof database !== 'string')
  const folder = temporaryFolder(t)
  chmodSync(folder, 0o777)
  const said: (readonly string[])[] = []
  for (const which of ['kamailio', 'kahea'] as const) {
    for (const sql of ['DROP TABLE IF EXISTS t', create, ...rows]) good(await database.execute(sql))
    const port = await freePort(ADDRESS)
    const cfg = configuration(port, driver, url, more)
    const path = join(folder, `${which}.cfg`)
    writeFileSync(path, cfg)
    const server = which === 'kamailio' ? await startKamailio(path, cfg, folder) : await startKahea(['-f', path, '-DD', '-E'])
    await ask(port, name).finally(() => server.stop())
    said.push(saidBy(server))
  }
  assert.ok((said[0]?.length ?? 0) > 30, said[0]?.join('\n'))
  assert.deepEqual(said[1], said[0])
}

const kamailio = missingPrograms('kamailio')

test('MariaDB gives scripts the same as through Kamailio', { skip: kamailio || missingServer('mysql') }, async (t) => {
  const server = await startMysql()
  t.after(() => server.stop())
  await compare(t, 'db_mysql', server.url, "Zo\u00eb O'Brien",
    'CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40), n INT, u INT UNSIGNED, ti TINYINT, big BIGINT, q DOUBLE, f FLOAT, '
    + 'de DECIMAL(10,2), at DATETIME, da DATE, raw BLOB, tx TEXT, ch CHAR(5), en ENUM(\'a\',\'b\'))',
    [
      "INSERT INTO t VALUES (1, 'one', -5, 3232235777, 3, 5000000000, 0.5, 1.5, 7.25, '2026-11-30 12:13:14', '2026-11-30', 'raw', 'text', 'ch', 'b')",
      'INSERT INTO t (id) VALUES (2)', "INSERT INTO t (id, name, n, tx) VALUES (3, '', 0, '')", 'DROP TABLE IF EXISTS baddies',
      'CREATE TABLE baddies (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, ip_address INT unsigned UNIQUE, hits INT, last_seen DATETIME, '
        + 'ua TEXT, country TEXT, city TEXT)',
    ], honeypot)
})

test('PostgreSQL gives scripts the same as through Kamailio', { skip: kamailio || missingServer('postgres') }, async (t) => {
  const server = await startPostgres()
  t.after(() => server.stop())
  await compare(t, 'db_postgres', server.url, 'Zo\u00eb Brien', // Backslashes before quotes are no SQL there, so that Kamailio's query fails.
    'CREATE TABLE t (id SERIAL PRIMARY KEY, name VARCHAR(40), n INT, si SMALLINT, big BIGINT, q DOUBLE PRECISION, f REAL, de NUMERIC(10,2), at TIMESTAMP, '
    + 'bo BOOLEAN, raw BYTEA, tx TEXT, ch CHAR(5))',
    [
      "INSERT INTO t VALUES (1, 'one', -5, 3, 5000000000, 0.5, 1.5, 7.25, '2026-11-30 12:13:14', true, 'raw', 'text', 'ch')",
      'INSERT INTO t (id) VALUES (2)', "INSERT INTO t (id, name, n, tx) VALUES (3, '', 0, '')", "SELECT setval('t_id_seq', 10)",
    ])
})
