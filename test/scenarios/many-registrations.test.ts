/**
 * Many accounts at a carrier, Debian's Kamailio, which challenges: their REGISTERs are spread over time, none runs out, and all come back when
 * the carrier was away. `KAHEA_REGISTRATIONS=1000 KAHEA_REGISTERED_SECONDS=300 KAHEA_AWAY_SECONDS=60` is the long form.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { main } from '../../src/cli/main.ts'
import { allDatabases } from '../../src/server/all-databases.ts'
import { startKamailio } from '../peers/kamailio.ts'
import { good, temporaryFolder } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const OWN = '127.0.66.1'
const CARRIER = '127.0.66.2'
const REALM = 'carrier.example'
const ACCOUNTS = Number(process.env['KAHEA_REGISTRATIONS'] ?? 100)
const SECONDS = Number(process.env['KAHEA_REGISTERED_SECONDS'] ?? 0)
const AWAY_SECONDS = Number(process.env['KAHEA_AWAY_SECONDS'] ?? 0)
const isLong = ACCOUNTS > 100
/** Asked for by each account, and the time over which the first registrations are spread. */
const EXPIRES = isLong ? 60 : 6
const SPREAD_SECONDS = isLong ? 50 : 2
const RETRY_SECONDS = isLong ? 10 : 1
const WAIT_MS = isLong ? 180_000 : 60_000

/** It logs each REGISTER with the second it came in; `saved` is behind the password. */
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
	xlog("L_ERR", "got $Ts $fU\\n");
	if (!pv_www_authenticate("${REALM}", "open sesame", "0")) {
		www_challenge("${REALM}", "1");
		exit;
	}
	save("location");
	xlog("L_ERR", "saved $Ts $fU\\n");
}
`

const ownCfg = (port: number, url: string): string => `
listen=udp:${OWN}:${port}
log_stderror=yes
loadmodule "db_sqlite.so"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "uac.so"
modparam("tm", "fr_timer", 3000)
modparam("uac", "reg_db_url", "${url}")
modparam("uac", "reg_contact_addr", "${OWN}:${port}")
modparam("uac", "reg_timer_interval", 1)
modparam("uac", "reg_random_delay", ${SPREAD_SECONDS})
modparam("uac", "reg_retry_interval", ${RETRY_SECONDS})
request_route {
	sl_send_reply("404", "Nobody");
}
`

async function fill(url: string, carrier: string): Promise<void> {
  assert.equal(await main(['db', 'create', url, 'uac'], { out: () => {}, err: () => {}, isColoured: false }), 0)
  const databases = allDatabases()
  const database = databases.open(url)
  assert.ok(typeof database !== 'string')
  good(await database.batch(Array.from({ length: ACCOUNTS }, (_none, index) => {
    const uuid = `user${index}`
    const row = {
      l_uuid: uuid, l_username: `local-${uuid}`, l_domain: 'example.com', r_username: uuid, r_domain: REALM, realm: REALM, auth_username: uuid,
      auth_password: 'open sesame', auth_ha1: '', auth_proxy: `sip:${carrier}`, contact_addr: '', socket: '', expires: EXPIRES, flags: 0, reg_delay: 0,
    }
    return { kind: 'insert' as const, table: 'uacreg', cells: Object.entries(row).map(([column, value]) => ({ column, value })) }
  })))
  await databases.close()
}

interface Arrival {
  readonly second: number
  readonly user: string
}

const arrivals = (log: string, what: 'got' | 'saved'): readonly Arrival[] =>
  [...log.matchAll(new RegExp(`\\b${what} (\\d+) (user\\d+)`, 'g'))].map(([, second, user = '']) => ({ second: Number(second), user }))

/** Accounts that were registered so many times. */
function registeredTimes(log: string, times: number): number {
  const counts = new Map<string, number>()
  for (const { user } of arrivals(log, 'saved')) counts.set(user, (counts.get(user) ?? 0) + 1)
  return [...counts.values()].filter((count) => count >= times).length
}

/** The most REGISTERs of one second. */
function peakOf(log: string): number {
  const perSecond = new Map<number, number>()
  for (const { second } of arrivals(log, 'got')) perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
  return Math.max(...perSecond.values())
}

/** Accounts whose registration ran out before the next one, up to the last second of the log. */
function lapsed(log: string): readonly string[] {
  const saved = arrivals(log, 'saved')
  const end = Math.max(...arrivals(log, 'got').map(({ second }) => second))
  const last = new Map<string, number>()
  const late = new Set<string>()
  const look = (user: string, second: number): void => {
    if (second - (last.get(user) ?? second) > EXPIRES) late.add(user)
  }
  for (const { second, user } of saved) {
    look(user, second)
    last.set(user, second)
  }
  for (const user of last.keys()) look(user, end)
  return [...late]
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, seconds * 1000) })

test(`${ACCOUNTS} accounts register at a carrier, spread over time, and stay registered`, { skip: missingPrograms('kamailio') }, async (t) => {
  const folder = temporaryFolder(t)
  const [carrierPort, port] = [await freePort(CARRIER), await freePort(OWN)]
  const url = `sqlite:///${folder}/kamailio.db`
  await fill(url, `${CARRIER}:${carrierPort}`)
  const [file, carrierFile] = [join(folder, 'kahea.cfg'), join(folder, 'carrier.cfg')]
  writeFileSync(file, ownCfg(port, url))
  writeFileSync(carrierFile, carrierCfg(carrierPort))
  const startCarrier = async (): Promise<RunningServer> => {
    const carrier = await startKamailio(carrierFile, carrierCfg(carrierPort), folder)
    t.after(() => carrier.stop())
    return carrier
  }
  const first = await startCarrier()
  const own = await startKahea(['-f', file, '-DD', '-E'])
  t.after(() => own.stop())
  const all = (carrier: RunningServer, times: number): Promise<void> => until(
    () => registeredTimes(carrier.output(), times) === ACCOUNTS,
    () => `${registeredTimes(carrier.output(), times)} of ${ACCOUNTS}\n${own.output()}`, WAIT_MS,
  )

  await all(first, 2)
  await pause(SECONDS)
  const log = first.output()
  const got = arrivals(log, 'got')
  const seconds = new Set(got.map(({ second }) => second)).size
  t.diagnostic(`${got.length} REGISTERs in ${seconds} s, at most ${peakOf(log)} in a second; ${lapsed(log).length} registrations ran out, `
    + `${own.output().split('ERROR: uac').length - 1} failed`)
  assert.ok(!own.output().includes('ERROR: uac'), own.output())
  if (isLong) {
    assert.deepEqual(lapsed(log), [])
    // Challenge and answer are two.
    assert.ok(peakOf(log) < ACCOUNTS / 5, `${peakOf(log)} in a second`)
  }

  await first.stop()
  await pause(AWAY_SECONDS)
  const second = await startCarrier()
  await all(second, 1)
  t.diagnostic(`after ${AWAY_SECONDS} s without the carrier: all registered again, at most ${peakOf(second.output())} REGISTERs in a second`)
  if (isLong) assert.ok(peakOf(second.output()) < ACCOUNTS)
  assert.equal(await own.stop(), 0)
})
