import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from 'dns-packet'
import { systemClock } from '../base/clock.ts'
import { seededRandom } from '../base/random.ts'
import { systemDns } from '../net/dns-exchange.ts'
import { initialSettings } from '../runtime/settings.ts'
import { startFakeDnsServer, type FakeDnsServer } from '../../test/support/fake-dns-server.ts'
import { HostFinder } from './host-finder.ts'
import { Names } from './names.ts'
import { systemNames } from './world.ts'

const zone: readonly Answer[] = [
  { name: 'host.test', type: 'A', ttl: 0, data: '192.0.2.1' },
  { name: 'host.test', type: 'A', ttl: 0, data: '192.0.2.2' },
  { name: 'host.test', type: 'AAAA', ttl: 0, data: '2001:db8::1' },
  { name: 'six.test', type: 'AAAA', ttl: 0, data: '2001:db8::1' },
  { name: '_sip._udp.test', type: 'SRV', ttl: 60, data: { priority: 1, weight: 2, port: 5060, target: 'host.test' } },
]

async function withServer(hasIpv6: boolean, run: (names: Names, server: FakeDnsServer) => Promise<void>): Promise<void> {
  const server = await startFakeDnsServer('127.0.0.1', zone)
  const hosts = new HostFinder({
    settings: initialSettings(),
    clock: systemClock,
    random: seededRandom(1),
    dns: systemDns(systemClock),
    config: {
      servers: [{ address: '127.0.0.1', port: server.port }],
      search: [], ndots: 1, timeoutMs: 500, attempts: 1, hosts: new Map(),
    },
    hasSocket: (_transport, family) => family === 4 || hasIpv6,
  })
  try {
    await run(new Names(hosts, systemNames()), server)
  } finally {
    await server.close()
  }
}

test('services are asked for anew each time', () => withServer(false, async (names, server) => {
  const [first] = await names.services('_sip._udp.test')
  assert.deepEqual([first?.port, first?.target], [5060, 'host.test'])
  assert.equal((await names.services('_sip._udp.test')).length, 1)
  assert.deepEqual(server.questions, ['SRV _sip._udp.test', 'SRV _sip._udp.test'])
}))

test('messages go to all addresses of the first family', () => withServer(true, async (names) => {
  const table: readonly (readonly [host: string, addresses: readonly string[]])[] = [
    ['host.test', ['192.0.2.1', '192.0.2.2']],
    ['six.test', ['2001:db8::1']],
    ['[2001:db8::9]', ['2001:db8::9']],
    ['192.0.2.9', ['192.0.2.9']],
    ['nowhere.test', []],
  ]
  for (const [host, addresses] of table) assert.deepEqual(await names.addressesForSip(host), addresses, host)
}))

test('messages go to IPv6 addresses only where there is a socket for them', () => withServer(false, async (names) => {
  assert.deepEqual(await names.addressesForSip('six.test'), [])
  assert.deepEqual(await names.addressesForSip('2001:db8::9'), [])
}))

test('answers are kept as long as a module says, whatever their records say', () => withServer(false, async (names, server) => {
  const ask = async (): Promise<number> => {
    await names.addressesForSip('host.test')
    return server.questions.length
  }
  assert.deepEqual([await ask(), await ask()], [1, 2])
  names.keepAnswers(60)
  assert.deepEqual([await ask(), await ask()], [3, 3])
}))

test('what the system cannot find has a reason', () => withServer(false, async (names) => {
  assert.deepEqual(await names.addresses(''), { found: [], reason: 'Name or service not known' })
  assert.deepEqual(await names.addresses('192.0.2.1'), { found: ['192.0.2.1'], reason: '' })
  const { found, reason } = await names.nameOf('no address')
  assert.deepEqual([found, reason === ''], [[], false])
}))
