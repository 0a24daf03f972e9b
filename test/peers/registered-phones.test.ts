/** Phones as people have them, two of baresip and one of linphone, register with their passwords through Debian's configuration, and call each other. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { missingServer, startMysql, SERVER_ADDRESS } from '../support/database-servers.ts'
import { temporaryFolder } from '../support/databases.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea } from '../support/kahea-process.ts'
import { startPhone } from './baresip.ts'
import { startLinphone } from './linphone.ts'

const CONFIGURATION = '/etc/kamailio/kamailio.cfg'
const PROXY = '127.0.59.1'
const [ALICE, BOB, CAROL] = ['127.0.59.2', '127.0.59.3', '127.0.59.4']
const TABLES = ['standard', 'auth_db', 'usrloc']
const SUBSCRIBERS = ['alice', 'bob', 'carol'].map((user) => `('${user}', '${PROXY}', 'secret-of-${user}')`).join(', ')

const skip = !existsSync(CONFIGURATION)
  ? `${CONFIGURATION} is not there`
  : missingPrograms('baresip', 'linphonec', 'mariadb') || missingServer('mysql')

test('phones of baresip and linphone register with digest, and call each other', { skip }, async (t) => {
  const database = await startMysql()
  t.after(() => database.stop())
  const sql = (text: string): string => execFileSync(
    'mariadb', ['--no-defaults', '-h', SERVER_ADDRESS, '-P', String(database.port), '-ukamailio', '-pkamailiorw', '-N', 'kamailio'],
    { input: text, encoding: 'latin1' },
  )
  sql(TABLES.map((name) => readFileSync(`/usr/share/kamailio/mysql/${name}-create.sql`, 'latin1')).join('\n'))
  sql(`INSERT INTO subscriber (username, domain, password) VALUES ${SUBSCRIBERS}`)
  const folder = temporaryFolder(t)
  const server = await startKahea([
    '-f', CONFIGURATION, '-DD', '-E', '-w', folder, '-Y', folder, '-l', `udp:${PROXY}:5060`, '-A', `DBURL="${database.url}"`,
    ...['MYSQL', 'AUTH', 'USRLOCDB'].flatMap((name) => ['-A', `WITH_${name}`]),
  ])
  t.after(() => server.stop())
  const phone = async (user: string, address: string, password = `secret-of-${user}`): ReturnType<typeof startPhone> => {
    const started = await startPhone({ user, address, password, transport: 'udp', domain: PROXY, folder, registersForS: 600 })
    t.after(() => started.quit())
    return started
  }
  const alice = await phone('alice', ALICE)
  const bob = await phone('bob', BOB)
  await Promise.all([alice.registered(), bob.registered()])
  const carol = await startLinphone({ user: 'carol', password: 'secret-of-carol', address: CAROL, proxy: PROXY, realm: PROXY, folder })
  t.after(() => carol.quit())
  await carol.status('register', /^registered, identity=sip:carol@/m)

  alice.command('dial', `sip:bob@${PROXY}`)
  await bob.saw('CALL_INCOMING')
  bob.command('accept')
  await alice.saw('CALL_ESTABLISHED')
  alice.command('hangup')
  await bob.saw('CALL_CLOSED')

  // Carol answers by herself.
  alice.command('dial', `sip:carol@${PROXY}`)
  await alice.saw('CALL_ESTABLISHED', 2)
  await alice.saw('CALL_RTPESTAB')
  alice.command('hangup')
  await carol.status('hook', /^hook=on-hook/m)

  carol.type(`call sip:bob@${PROXY}`)
  await bob.saw('CALL_INCOMING', 2)
  bob.command('accept')
  await carol.status('hook', /^hook=answered|^Call out, hook=/m)
  bob.command('hangup')
  await carol.status('hook', /^hook=on-hook/m)

  // This configuration writes contacts from time to time, and when the server ends.
  assert.equal(await server.stop(), 0)
  assert.deepEqual(sql('SELECT username FROM location ORDER BY username').trim().split('\n'), ['alice', 'bob', 'carol'])
})
