/** `kamcmd uac.reg_dump` of a server that registers at itself, and at somebody who does not answer, prints what was recorded from Kamailio 5.6.3. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { main } from '../../src/cli/main.ts'
import { allDatabases } from '../../src/server/all-databases.ts'
import { good, temporaryFolder } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const OWN = '127.0.64.1'
const SILENT = '127.0.64.9'
const RECORDED = join(import.meta.dirname, '..', 'fixtures', 'kamcmd', 'uac.reg_dump.txt')

const cfg = (folder: string, port: number): string => `#!KAMAILIO
log_stderror=yes
listen=udp:${OWN}:${port}
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "db_sqlite.so"
loadmodule "ctl.so"
loadmodule "uac.so"
modparam("ctl", "binrpc", "unixs:${folder}/ctl")
modparam("uac", "reg_db_url", "sqlite:///${folder}/kamailio.db")
modparam("uac", "reg_contact_addr", "${OWN}:${port}")
modparam("uac", "reg_timer_interval", 2)
modparam("uac", "reg_retry_interval", 5)
modparam("uac", "restore_mode", "none")
request_route {
	if (!pv_www_authenticate("${OWN}", "secret", "0")) {
		www_challenge("${OWN}", "0");
		exit;
	}
	save("location");
}
`

/** What counts time is a number; the recorded difference to now was between 0 and the time granted. */
const masked = (text: string): string => text.replace(/^(\t(?:diff_expires|timer_expires|reg_init): )-?\d+$/gm, '$1<number>')

test('accounts are dumped as recorded: one registered, one under way', { skip: missingPrograms('kamcmd') }, async (t) => {
  const folder = temporaryFolder(t)
  const port = await freePort(OWN)
  const url = `sqlite:///${folder}/kamailio.db`
  assert.equal(await main(['db', 'create', url, 'uac'], { out: () => {}, err: () => {}, isColoured: false }), 0)
  const databases = allDatabases()
  t.after(() => databases.close())
  const database = databases.open(url)
  assert.ok(typeof database !== 'string')
  const rows = [
    ['uuid-1', 'lalice', OWN, 'authalice', OWN, OWN, 'authalice', 'secret', '', `sip:${OWN}:${port}`, 600],
    ['uuid-2', 'lbob', OWN, 'bobx', SILENT, SILENT, 'bobx', 'pw', '', `sip:${SILENT}:15099`, 300],
  ]
  for (const row of rows) {
    good(await database.execute(
      'INSERT INTO uacreg (l_uuid, l_username, l_domain, r_username, r_domain, realm, auth_username, auth_password, auth_ha1, auth_proxy, expires)'
        + ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', row))
  }
  const path = join(folder, 'kamailio.cfg')
  writeFileSync(path, cfg(folder, port))
  const server = await startKahea(['-f', path, '-DD', '-E'])
  t.after(() => server.stop())
  await until(() => statSync(join(folder, 'ctl'), { throwIfNoEntry: false }) !== undefined, () => server.output())
  const dump = (): string => spawnSync('kamcmd', ['-s', `unixs:${folder}/ctl`, 'uac.reg_dump'], { encoding: 'latin1' }).stdout
  await until(() => dump().includes('flags: 20\n') && dump().includes('flags: 18\n'), () => `${dump()}\n${server.output()}`)
  const recorded = readFileSync(RECORDED, 'latin1')
    .replaceAll('127.0.1.1:15060', `${OWN}:${port}`).replaceAll('127.0.1.1', OWN).replaceAll('127.0.1.9', SILENT)
  assert.equal(masked(dump()), masked(recorded))
})
