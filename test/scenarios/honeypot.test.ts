/**
 * A honeypot writes down who scans it, and a second server drops them: on MariaDB, where Debian's Kamailio with the same configuration writes the
 * same rows, on SQLite (examples/honeypot), and in memory. Nothing that a scanner sends harms the table.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Database, DbResult } from '../../src/db/database.ts'
import { allDatabases } from '../../src/server/all-databases.ts'
import { startKamailio } from '../peers/kamailio.ts'
import { missingServer, startMysql } from '../support/database-servers.ts'
import { good, rowsOf, temporaryFolder } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { mmdbFile, networkOfIpv4, type MmdbValue } from '../support/mmdb-file.ts'
import { startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'
import { Scanner, type Probe } from './scanner.ts'

const HONEYPOT = '127.0.67.1'
const GUARD = '127.0.67.2'
const HONEST = '127.0.69.1'
const WAIT_MS = 20_000
const examples = join(import.meta.dirname, '..', '..', 'examples', 'honeypot')

const named = (en: string): MmdbValue => ({ map: { names: { map: { en } } } })

/** Addresses of 127.0.67.32/27 are in Melbourne, all others nowhere. */
function placesFile(folder: string): string {
  const path = join(folder, 'places.mmdb')
  const record = { map: { city: named('Melbourne'), country: { map: { iso_code: 'AU' } } } }
  writeFileSync(path, mmdbFile([{ bits: networkOfIpv4('127.0.67.32/27'), record }]))
  return path
}

const TABLE = `CREATE TABLE baddies (
id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
ip_address INT unsigned UNIQUE,
hits INT,
last_seen DATETIME,
ua TEXT,
country TEXT,
city TEXT
)`

const INSERT = 'insert into baddies (ip_address, hits, last_seen, ua, country, city) values'
const ON_DUPLICATE = 'ON DUPLICATE KEY UPDATE last_seen = NOW(), hits = hits + 1;'

const mysqlHead = (place: string, url: string): string => `#!KAMAILIO
debug=0
log_stderror=yes
children=1
auto_aliases=no
listen=udp:${place}
${existsSync(DEBIAN) ? `mpath="${DEBIAN}/"` : ''}
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
loadmodule "db_mysql.so"
loadmodule "sqlops.so"
#Create a new MySQL database connection called blacklist_db
modparam("sqlops","sqlcon","blacklist_db=>${url}")
#Set timeouts for MySQL Connections
modparam("db_mysql", "ping_interval", 60)
modparam("db_mysql", "auto_reconnect", 1)
modparam("db_mysql", "timeout_interval", 2)
`
const DEBIAN = '/usr/lib/x86_64-linux-gnu/kamailio/modules'

const honeypotCfg = (place: string, url: string, places: string): string => `${mysqlHead(place, url)}
loadmodule "geoip2.so"
modparam("geoip2", "path", "${places}")
request_route {
	route(AddToBlacklist);
	sl_reply('200', 'Sure thing boss!');
}
route[AddToBlacklist]{
	xlog("Packet received from IP $si");
	if(geoip2_match("$si", "src")){
		sql_xquery("blacklist_db", "${INSERT} (INET_ATON('$si'), 1, NOW(), '$ua', '$gip2(src=>cc)', '$gip2(src=>city)') ${ON_DUPLICATE}", "r_sql");
	}else{ ##If no match in GeoIP2 leave Country & City fields blank
		sql_xquery("blacklist_db", "${INSERT} (INET_ATON('$si'), 1, NOW(), '$ua', '', '') ${ON_DUPLICATE}", "r_sql");
	}
}
`

/** As in the article; `where` makes it ask for the sender alone. */
const guardCfg = (place: string, url: string, where: string): string => `${mysqlHead(place, url)}
request_route {
	route(CheckBlacklist);
	sl_reply("200", "Welcome");
}
route[CheckBlacklist]{
	xlog("Checking blacklist for ip $si");
	#Define a variable containing the SQL query we'll run
	$var(sql) = "select INET_NTOA(ip_address) as ip_address from baddies${where}";
	#Log the SQL query we're going to run to syslog for easy debugging
	xlog("Query to run is $var(sql)");
	#Query blacklist_db running the query stored in $var(sql) and store the result of the query to result_sql
	sql_query("blacklist_db", "$var(sql)", "result_sql");
	#If more than 0 records were returned from the database, drop the traffic
	if($dbr(result_sql=>rows)>0){
		xlog("This guy is bad news. Dropping traffic from $si");
		exit;
	}else{
		xlog("No criminal record for $si - Allowing to progress");
	}
}
`

/** Requests in their order. None has a quote that MySQL would take for the end of a text. */
const visits: readonly Probe[] = [
  { from: '127.0.67.33', agent: 'friendly-scanner' },
  { from: '127.0.67.34', method: 'INVITE', user: '900972592277524', agent: 'sipcli/v1.8' },
  { from: '127.0.67.33', method: 'REGISTER', user: '1001', agent: 'friendly-scanner' },
  { from: '127.0.68.1', method: 'INVITE', user: '00972592277524', agent: 'VaxSIPUserAgent/3.1' },
  { from: '127.0.68.2' },
  { from: '127.0.68.3', agent: 'Cisco "7960" (Zo\xc3\xab)' },
  { from: '127.0.67.33', agent: 'friendly-scanner' },
  { from: '127.0.68.1', method: 'SUBSCRIBE', agent: 'another name' },
]

/** What breaks out of `'$ua'` where values are pasted; each from an address of its own. */
const hostileAgents: readonly string[] = [
  "'); drop table baddies; --", "x', 'AU', 'Hobart') ON DUPLICATE KEY UPDATE hits = 1000; --", "\\'); delete from baddies; --", "' or '1'='1", '\\', "'", "''", '"', ';',
  "', (select password from mysql.user), ''); --", '%27); drop table baddies; --', '/*', "*/ drop table baddies; /*", '$(rU{s.escape.common})', "$var(x)'", `long ${"'".repeat(400)}`,
]

async function sendAll(scanner: Scanner, probes: readonly Probe[], address: string, port: number, log: () => string): Promise<void> {
  for (const probe of probes) {
    const before = scanner.answersAt(probe.from).length
    await scanner.send(probe, address, port)
    await until(() => scanner.answersAt(probe.from).length > before, log, WAIT_MS)
    assert.equal(scanner.answersAt(probe.from).at(-1), 'SIP/2.0 200 Sure thing boss!')
  }
}

const hostile = (): readonly { readonly from: string, readonly agent: string }[] =>
  hostileAgents.map((agent, index) => ({ from: `127.0.68.${100 + index}`, agent }))

const numberOf = (address: string): number => address.split('.').reduce((number, part) => number * 256 + Number(part), 0)

const rows = (database: Database): Promise<DbResult['rows']> => rowsOf(database, 'SELECT ip_address, hits, ua, country, city FROM baddies ORDER BY ip_address')

/** A backslash that escapes something, and a doubled quote, are read as scripts write them (sqlops). */
const asRead = (agent: string): string => agent.replace(/\\(.)|''/g, (_all, escaped: string | undefined) => escaped ?? "'")

/** The table is whole: each hostile visitor is a row with what it said of itself. */
async function holdsHostile(database: Database): Promise<void> {
  const found = new Map((await rows(database)).map(([address, hits, agent]) => [address, [hits, agent]]))
  for (const { from, agent } of hostile()) assert.deepEqual(found.get(numberOf(from)), [1, asRead(agent)], agent)
}

function openDatabase(t: TestContext, url: string): Database {
  const databases = allDatabases()
  t.after(() => databases.close())
  const database = databases.open(url)
  assert.ok(typeof database !== 'string')
  return database
}

/** The guard answers the honest address and drops the listed one, which asked first. */
async function guards(scanner: Scanner, guard: RunningServer, port: number, listed: string, drop: RegExp): Promise<void> {
  const before = scanner.answersAt(listed).length
  await scanner.send({ from: listed, agent: 'friendly-scanner' }, GUARD, port)
  await until(() => drop.test(guard.output()), () => guard.output(), WAIT_MS)
  await scanner.send({ from: HONEST, agent: 'a phone' }, GUARD, port)
  await until(() => scanner.answersAt(HONEST).at(-1) === 'SIP/2.0 200 Welcome', () => guard.output(), WAIT_MS)
  assert.equal(scanner.answersAt(listed).length, before, 'no answer to who is listed')
}

const skipMysql = missingServer('mysql') || missingPrograms('kamailio', 'sipsak')

test('MariaDB: the same rows as with Kamailio, sipsak among them; a second server drops who is listed', { skip: skipMysql, timeout: 120_000 }, async (t) => {
  const folder = temporaryFolder(t)
  const mysql = await startMysql()
  t.after(() => mysql.stop())
  const administration = openDatabase(t, mysql.url)
  const urlOf = async (name: string): Promise<string> => {
    good(await administration.execute(`CREATE DATABASE ${name}`))
    const url = mysql.url.replace(/\/kamailio$/, `/${name}`)
    good(await openDatabase(t, url).execute(TABLE))
    return url
  }
  const [theirs, ours] = [await urlOf('theirs'), await urlOf('blacklist')]
  const places = placesFile(folder)
  const start = async (name: string, cfgOf: (place: string) => string, isKamailio: boolean, address = HONEYPOT): Promise<{ server: RunningServer, port: number }> => {
    const port = await freePort(address)
    const cfg = cfgOf(`${address}:${port}`)
    const path = join(folder, `${name}.cfg`)
    writeFileSync(path, cfg, 'latin1')
    const server = isKamailio ? await startKamailio(path, cfg, folder) : await startKahea(['-f', path, '-DD', '-E'])
    t.after(() => server.stop())
    return { server, port }
  }
  const scanner = new Scanner(t)

  const open = await start('guard', (place) => guardCfg(place, ours, ';'), false, GUARD)
  await scanner.send({ from: HONEST }, GUARD, open.port)
  await until(() => scanner.answersAt(HONEST).length === 1, () => open.server.output(), WAIT_MS)
  await until(() => open.server.output().includes(`No criminal record for ${HONEST} - Allowing to progress`), () => open.server.output(), WAIT_MS)

  const kamailio = await start('kamailio', (place) => honeypotCfg(place, theirs, places), true)
  await sendAll(scanner, visits, HONEYPOT, kamailio.port, () => kamailio.server.output())
  await kamailio.server.stop()
  const own = await start('honeypot', (place) => honeypotCfg(place, ours, places), false)
  await sendAll(scanner, visits, HONEYPOT, own.port, () => own.server.output())
  const database = openDatabase(t, ours)
  const written = await rows(database)
  assert.deepEqual(written, await rows(openDatabase(t, theirs)))
  assert.deepEqual(written[0], [numberOf('127.0.67.33'), 3, 'friendly-scanner', 'AU', 'Melbourne'])
  assert.deepEqual(written[2], [numberOf('127.0.68.1'), 2, 'VaxSIPUserAgent/3.1', '', ''])

  await sendAll(scanner, hostile(), HONEYPOT, own.port, () => own.server.output())
  await holdsHostile(database)
  for (let round = 0; round < 2; round++) {
    const { status, output } = await startProgram('sipsak', ['-v', '-s', `sip:100@${HONEYPOT}:${own.port}`], folder).finished
    assert.equal(status, 0, output)
  }
  const [sipsak] = await rowsOf(database, "SELECT hits, ua, INET_NTOA(ip_address) FROM baddies WHERE ua LIKE 'sipsak%'")
  assert.match(String(sipsak), /^2,sipsak [\d.]+,127\.0\./)

  // As in the article it asks whether anybody is listed, so that nobody gets in.
  await scanner.send({ from: HONEST }, GUARD, open.port)
  await until(() => open.server.output().includes(`Dropping traffic from ${HONEST}`), () => open.server.output(), WAIT_MS)
  const guard = await start('guard-one', (place) => guardCfg(place, ours, ` where ip_address = INET_ATON('" + $si + "');`), false, GUARD)
  await guards(scanner, guard.server, guard.port, '127.0.67.33', /This guy is bad news\. Dropping traffic from 127\.0\.67\.33/)
})

test('the example, on SQLite: villains are counted by ON CONFLICT, and the guard drops them', { timeout: 120_000 }, async (t) => {
  const folder = temporaryFolder(t)
  const url = `sqlite:///${folder}/blacklist.db`
  const database = openDatabase(t, url)
  good(await database.execute(readFileSync(join(examples, 'blacklist.sql'), 'utf8')))
  const start = async (name: string, given: string, address: string, more: readonly string[]): Promise<{ server: RunningServer, port: number }> => {
    const port = await freePort(address)
    const path = join(folder, `${name}.cfg`)
    writeFileSync(path, readFileSync(join(examples, `${name}.cfg`), 'latin1').replaceAll(given, `${address}:${port}`), 'latin1')
    const server = await startKahea(['-f', path, '-DD', '-E', '-A', `SQLCON="blacklist_db=>${url}"`, ...more])
    t.after(() => server.stop())
    return { server, port }
  }
  const honeypot = await start('kamailio', '127.0.0.1:5060', HONEYPOT, ['-A', `GEOIP="${placesFile(folder)}"`])
  const guard = await start('guard', '127.0.0.1:5062', GUARD, [])
  const scanner = new Scanner(t)
  await sendAll(scanner, visits, HONEYPOT, honeypot.port, () => honeypot.server.output())
  const written = await rows(database)
  assert.deepEqual(written[0], [numberOf('127.0.67.33'), 3, 'friendly-scanner', 'AU', 'Melbourne'])
  assert.deepEqual(written[2], [numberOf('127.0.68.1'), 2, 'another name', '', ''])
  assert.equal(written.length, 5)
  await sendAll(scanner, hostile(), HONEYPOT, honeypot.port, () => honeypot.server.output())
  await holdsHostile(database)
  await guards(scanner, guard.server, guard.port, '127.0.67.33', /Dropping traffic from 127\.0\.67\.33 \(3 hits\)/)

  // The verdict is kept: a second request is dropped without a question.
  good(await database.execute('DROP TABLE baddies'))
  await guards(scanner, guard.server, guard.port, '127.0.67.33', /Dropping traffic/)
  assert.ok(!guard.server.output().includes('cannot be asked'))
  await scanner.send({ from: '127.0.69.2' }, GUARD, guard.port)
  await until(() => scanner.answersAt('127.0.69.2').includes('SIP/2.0 200 Welcome'), () => guard.server.output(), WAIT_MS)
  await until(() => guard.server.output().includes('the blacklist cannot be asked about 127.0.69.2'), () => guard.server.output(), WAIT_MS)
})

test('in memory: three strikes, and an address gets no answer', async (t) => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'guide', 'honeypot.md'), 'latin1')
  const block = [...page.matchAll(/^```cfg\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text).find((text) => text.includes('htable.so'))
  assert.ok(block !== undefined, 'the guide shows it')
  const port = await freePort(GUARD)
  const path = join(temporaryFolder(t), 'kamailio.cfg')
  writeFileSync(path, `#!KAMAILIO\nlog_stderror=yes\nlisten=udp:${GUARD}:${port}\n${block}`, 'latin1')
  const server = await startKahea(['-f', path, '-DD', '-E'])
  t.after(() => server.stop())
  const scanner = new Scanner(t)
  const villain = '127.0.67.33'
  await scanner.send({ from: villain, agent: 'Phone' }, GUARD, port)
  await until(() => scanner.answersAt(villain).length === 1, () => server.output(), WAIT_MS)
  for (let strike = 1; strike <= 3; strike++) {
    await scanner.send({ from: villain, agent: strike === 3 ? "'); drop table baddies; -- sipcli" : 'friendly-scanner' }, GUARD, port)
    await until(() => server.output().includes(`strike ${strike} for ${villain}`), () => server.output(), WAIT_MS)
  }
  await scanner.send({ from: villain, agent: 'Phone' }, GUARD, port)
  await scanner.send({ from: HONEST, agent: 'Phone' }, GUARD, port)
  await until(() => scanner.answersAt(HONEST).length === 1, () => server.output(), WAIT_MS)
  assert.equal(scanner.answersAt(villain).length, 1)
})
