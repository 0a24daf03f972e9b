/** An account in `uacreg` registers at a carrier, Debian's Kamailio, which challenges; it stays registered, also when the carrier was away. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { main } from '../../src/cli/main.ts'
import { allDatabases } from '../../src/server/all-databases.ts'
import { missingServer, startMysql } from '../support/database-servers.ts'
import { good, temporaryFolder } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'
import { startKamailio } from '../peers/kamailio.ts'

const OWN = '127.0.48.1'
const CARRIER = '127.0.48.2'
const ASKING = '127.0.48.3'
const REALM = 'carrier.example'
const WAIT_MS = 20_000

/** The registrar logs each REGISTER with what was proved in it. */
const carrierCfg = (port: number): string => `
debug=0
log_stderror=yes
children=1
auto_aliases=no
listen=udp:${CARRIER}:${port}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("registrar", "min_expires", 1)
request_route {
	xlog("L_ERR", "carrier got $rm of $fU, Expires $hdr(Expires), Authorization '$adu', CSeq $cs\\n");
	if (!pv_www_authenticate("${REALM}", "open sesame", "0")) {
		www_challenge("${REALM}", "1");
		exit;
	}
	xlog("L_ERR", "carrier saved $fU to $ct\\n");
	save("location");
}
`

/** Registers what is due each second, and tells by OPTIONS whether an account is registered. */
const ownCfg = (port: number, driver: string, url: string): string => `
listen=udp:${OWN}:${port}
log_stderror=yes
loadmodule "${driver}.so"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "uac.so"
modparam("tm", "fr_timer", 400)
modparam("uac", "reg_db_url", "${url}")
modparam("uac", "reg_contact_addr", "${OWN}:${port}")
modparam("uac", "reg_timer_interval", 1)
modparam("uac", "reg_retry_interval", 1)
request_route {
	uac_reg_status("$rU");
	if ($rc == 1) sl_send_reply("200", "Registered");
	else sl_send_reply("480", "Not registered");
}
`

interface Row {
  readonly uuid: string
  readonly realm: string
}

async function fill(t: TestContext, url: string, carrier: string, accounts: readonly Row[]): Promise<void> {
  assert.equal(await main(['db', 'create', url, 'uac']), 0)
  const databases = allDatabases()
  t.after(() => databases.close())
  const database = databases.open(url)
  assert.ok(typeof database !== 'string')
  for (const { uuid, realm } of accounts) {
    const texts = {
      l_uuid: uuid, l_username: `local-${uuid}`, l_domain: 'example.com', r_username: uuid, r_domain: REALM, realm, auth_username: uuid,
      auth_password: 'open sesame', auth_ha1: '', auth_proxy: `sip:${carrier}`, contact_addr: '', socket: '',
    }
    const cells = Object.entries({ ...texts, expires: 8, flags: 0, reg_delay: 0 }).map(([column, value]) => ({ column, value }))
    good(await database.write({ kind: 'insert', table: 'uacreg', cells }))
  }
}

/** The status line that OPTIONS for an account gets. */
async function ask(port: number, uuid: string): Promise<string> {
  const socket = createSocket('udp4')
  const answer = new Promise<string>((resolve) => {
    socket.on('message', (bytes) => resolve(bytes.toString('latin1').split('\r\n', 1)[0] ?? ''))
  })
  await new Promise<void>((resolve) => socket.bind(0, ASKING, resolve))
  const id = `${Math.random()}`.slice(2)
  socket.send(Buffer.from([
    `OPTIONS sip:${uuid}@${OWN} SIP/2.0`, `Via: SIP/2.0/UDP ${ASKING};rport;branch=z9hG4bK${id}`, `From: <sip:t@${ASKING}>;tag=1`,
    `To: <sip:${uuid}@${OWN}>`, `Call-ID: ${id}`, 'CSeq: 1 OPTIONS', 'Max-Forwards: 70', 'Content-Length: 0', '', '',
  ].join('\r\n'), 'latin1'), port, OWN)
  try {
    return await answer
  } finally {
    socket.close()
  }
}

const count = (text: string, part: string): number => text.split(part).length - 1

const inFolder = async (folder: string) => ({ url: `sqlite:///${folder}/kamailio.db`, stop: async () => {} })

const databases = [
  { name: 'SQLite', driver: 'db_sqlite', missing: false, begin: inFolder },
  { name: 'MariaDB', driver: 'db_mysql', missing: missingServer('mysql'), begin: startMysql },
] as const

for (const { name, driver, missing, begin } of databases) {
  const skip = missingPrograms('kamailio') || missing
  test(`an account in ${name} registers at a carrier, and again when that was away; other realms get no credentials`, { skip }, async (t) => {
    const folder = temporaryFolder(t)
    const [carrierPort, port] = [await freePort(CARRIER), await freePort(OWN)]
    const database = await begin(folder)
    t.after(() => database.stop())
    await fill(t, database.url, `${CARRIER}:${carrierPort}`, [{ uuid: 'alice', realm: REALM }, { uuid: 'mallory', realm: 'other.example' }])
    const file = join(folder, 'kahea.cfg')
    writeFileSync(file, ownCfg(port, driver, database.url))
    const carrierFile = join(folder, 'carrier.cfg')
    writeFileSync(carrierFile, carrierCfg(carrierPort))
    const startCarrier = async (): Promise<RunningServer> => {
      const carrier = await startKamailio(carrierFile, carrierCfg(carrierPort), folder)
      t.after(() => carrier.stop())
      return carrier
    }

    const own = await startKahea(['-f', file, '-DD', '-E'])
    t.after(() => own.stop())
    const both = (carrier?: RunningServer): string => `${own.output()}\n${carrier?.output() ?? ''}`
    await until(() => own.output().includes('got sip response 408 while registering [alice]'), both, WAIT_MS)
    assert.equal(await ask(port, 'alice'), 'SIP/2.0 480 Not registered')

    const first = await startCarrier()
    await until(() => count(first.output(), 'carrier saved alice to <sip:alice@') >= 2, () => both(first), WAIT_MS)
    assert.equal(await ask(port, 'alice'), 'SIP/2.0 200 Registered')
    await until(() => own.output().includes(`realms do not match. requested realm: [${REALM}]`), () => both(first), WAIT_MS)
    const challenged = first.output().split('\n').filter((line) => line.includes('REGISTER of mallory'))
    assert.ok(challenged.length > 0)
    for (const line of challenged) assert.match(line, /Authorization '(?:<null>)?',/)
    await until(() => /REGISTER of alice, Expires 8, Authorization '(?:<null>)?', CSeq 10\n[^]*REGISTER of alice, Expires 8, Authorization '[^']+', CSeq 11\n/.test(first.output()), () => first.output())
    assert.ok(!first.output().includes('saved mallory'))
    await first.stop()

    const failures = count(own.output(), 'got sip response 408 while registering [alice]')
    await until(() => count(own.output(), 'got sip response 408 while registering [alice]') > failures, both, WAIT_MS)
    const second = await startCarrier()
    await until(() => second.output().includes('carrier saved alice'), () => both(second), WAIT_MS)
    let status = ''
    for (let tries = 0; tries < 100 && !status.includes('200'); tries++) status = await ask(port, 'alice')
    assert.equal(status, 'SIP/2.0 200 Registered', both(second))
    assert.equal(await own.stop(), 0)
  })
}

test('accounts that cannot be read at the start are registered once they can', async (t) => {
  const folder = temporaryFolder(t)
  const [carrierPort, port] = [await freePort(CARRIER), await freePort(OWN)]
  const url = `sqlite:///${folder}/kamailio.db`
  await fill(t, url, `${CARRIER}:${carrierPort}`, [{ uuid: 'alice', realm: REALM }])
  const setVersion = async (version: number): Promise<void> => {
    const databases = allDatabases()
    const database = databases.open(url)
    assert.ok(typeof database !== 'string')
    good(await database.execute('UPDATE version SET table_version = ? WHERE table_name = ?', [version, 'uacreg']))
    await databases.close()
  }
  await setVersion(1)
  const file = join(folder, 'kahea.cfg')
  writeFileSync(file, ownCfg(port, 'db_sqlite', url))
  const own = await startKahea(['-f', file, '-DD', '-E'])
  t.after(() => own.stop())
  await until(() => own.output().includes('ERROR: uac: table uacreg has version 1'), () => own.output(), WAIT_MS)
  await setVersion(5)
  await until(() => own.output().includes('got sip response 408 while registering [alice]'), () => own.output(), WAIT_MS)
  assert.equal(await own.stop(), 0)
})
