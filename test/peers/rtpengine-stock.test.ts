/** Debian's own /etc/kamailio/kamailio.cfg with WITH_NAT and WITH_RTPENGINE, and its rtpengine: two phones behind a NAT hear each other. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { kamailio, ServerProcess, subject, type Program } from '../differential/harness/server-process.ts'
import { missingPrograms } from '../support/installed.ts'
import { until } from '../support/until.ts'
import { MediaSocket } from './media-socket.ts'
import { startEngine, type Engine } from './rtpengine.ts'
import { Phone, statusOf } from './stock-phone.ts'

const CONFIGURATION = '/etc/kamailio/kamailio.cfg'
const SERVER = { address: '127.0.66.1', port: 5060 }
/** Where the configuration looks for it. */
const ENGINE = { address: '127.0.0.1', port: 2223, mediaPort: 33_000 }
const START_MS_MAX = 15_000
const PACKETS = 10
const DESCRIBED = ['Content-Type: application/sdp']

let engine: Engine | undefined

/** Takes out what is random, counts time, or names the product. */
const shown = (message: string): string => message
  .replace(/z9hG4bK[0-9a-f]{1,8}\.[0-9a-f.]{16,40}/g, '<branch>')
  .replace(/;tag=[0-9a-f]{20,}[.-][0-9a-f]+/g, ';tag=<tag>')
  .replace(/^(Server|User-Agent): .*\r\n/gm, '')
  .replace(/;expires=\d+/g, ';expires=<seconds>')
  .replace(/^(m=audio|a=rtcp:) ?\d+/gm, '$1 <port>')
  .replace(/^Content-Length: \d+/gm, 'Content-Length: <length>')

const bodyOf = (message: string): string => message.slice(message.indexOf('\r\n\r\n') + 4)

/** They register, one calls the other, both talk, and one hangs up. */
async function talk(alice: Phone, bob: Phone, media: { readonly alice: MediaSocket; readonly bob: MediaSocket }): Promise<void> {
  const domain = SERVER.address
  for (const phone of [alice, bob]) {
    const { user } = phone.account
    const uri = `sip:${domain}`
    assert.equal(statusOf(await phone.request({ method: 'REGISTER', uri, to: `sip:${user}@${domain}`, callId: `reg-${user}`, headers: ['Expires: 600'] })), 200)
  }
  const uri = `sip:bob@${domain}`
  const replying = alice.request({ method: 'INVITE', uri, callId: 'call-1', headers: DESCRIBED, body: media.alice.description })
  const invite = await bob.next()
  bob.answer(invite, '200 OK', media.bob.description, DESCRIBED)
  const accepted = await replying
  assert.equal(statusOf(accepted), 200, accepted)
  alice.acknowledge(accepted, uri)
  assert.match(await bob.next(), /^ACK /)
  await Promise.all([media.alice.send(bodyOf(accepted), PACKETS), media.bob.send(bodyOf(invite), PACKETS)])
  await until(() => media.alice.received === PACKETS && media.bob.received === PACKETS, () => `${media.alice.received} and ${media.bob.received} packets came`)
  const ending = alice.bye(accepted)
  bob.answer(await bob.next(), '200 OK')
  assert.equal(statusOf(await ending), 200)
}

async function observe(program: Program): Promise<{ readonly alice: readonly string[]; readonly bob: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-stock-'))
  const server = new ServerProcess(program, [
    '-f', CONFIGURATION, '-DD', '-E', '-w', folder, '-Y', folder, '-P', join(folder, 'pid'), '-m', '64', '-M', '8', '-n', '1', '-N', '1',
    '-l', `udp:${SERVER.address}:${SERVER.port}`, '-l', `tcp:${SERVER.address}:${SERVER.port}`, '-A', 'WITH_NAT', '-A', 'WITH_RTPENGINE',
  ], [{ transport: 'udp', ...SERVER }, { transport: 'tcp', ...SERVER }], folder)
  const open = (user: string, address: string): Promise<Phone> =>
    Phone.open({ user, domain: SERVER.address, password: '', contact: `sip:${user}@192.168.7.${address.slice(-1)}:5070` }, { address, port: 5070 }, SERVER)
  const [alice, bob] = [await open('alice', '127.0.66.2'), await open('bob', '127.0.66.3')]
  const media = { alice: await MediaSocket.open('127.0.66.2', false), bob: await MediaSocket.open('127.0.66.3', false) }
  try {
    assert.ok(await server.ready(START_MS_MAX), `${program.name} does not start:\n${server.stderr}`)
    await talk(alice, bob, media)
    return { alice: alice.seen.map(shown), bob: bob.seen.map(shown) }
  } catch (error) {
    throw new Error(`${program.name}: ${error instanceof Error ? error.message : String(error)}\n${server.stderr}`, { cause: error })
  } finally {
    for (const each of [alice, bob, media.alice, media.bob]) each.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const skip = existsSync(CONFIGURATION) ? missingPrograms('kamailio', 'rtpengine') : `${CONFIGURATION} is not there`

describe('the configuration that Debian ships, with its media engine', { skip }, () => {
  before(async () => {
    engine = await startEngine(ENGINE)
  })

  after(() => engine?.kill())

  test('lets phones behind a NAT hear each other as under Kamailio', async () => {
    const wanted = await observe(kamailio)
    const before = await engine?.relayed() ?? 0
    const got = await observe(subject())
    assert.deepEqual(got, wanted)
    assert.equal((await engine?.relayed() ?? 0) - before, 2 * PACKETS)
    for (const message of got.bob.filter((text) => text.startsWith('INVITE'))) assert.match(message, /^c=IN IP4 127\.0\.0\.1\r$/m)
  })
})
