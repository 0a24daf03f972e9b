import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Answer } from 'dns-packet'
import { startFakeDnsServer, type FakeDnsServer } from '../../test/support/fake-dns-server.ts'
import { systemClock, type Clock } from '../base/clock.ts'
import { seededRandom } from '../base/random.ts'
import type { TransportName } from '../sip/endpoint.ts'
import { DnsCache } from './dns-cache.ts'
import { systemDns } from './dns-exchange.ts'
import { DnsResolver } from './dns-resolver.ts'
import { defaultDnsSettings, type DnsSettings } from './dns-settings.ts'
import { Locator, type Location, type LocateQuery } from './locate.ts'
import { readResolverConfig } from './resolver-config.ts'

const SERVER = '127.0.20.53'
const V6 = '2001:db8::1'

const a = (name: string, data: string): Answer => ({ name, type: 'A', ttl: 30, data })
const aaaa = (name: string, data: string): Answer => ({ name, type: 'AAAA', ttl: 30, data })
const srv = (name: string, priority: number, weight: number, port: number, target: string): Answer =>
  ({ name, type: 'SRV', ttl: 30, data: { priority, weight, port, target } })
const naptr = (name: string, order: number, services: string, replacement: string): Answer =>
  ({ name, type: 'NAPTR', ttl: 30, data: { order, preference: 10, flags: 's', services, regexp: '', replacement } })
const cname = (name: string, data: string): Answer => ({ name, type: 'CNAME', ttl: 30, data })

const zone: readonly Answer[] = [
  a('plain.test', '192.0.2.10'),
  a('two.test', '192.0.2.21'), a('two.test', '192.0.2.20'),
  aaaa('six.test', V6),
  a('both.test', '192.0.2.30'), aaaa('both.test', V6),
  srv('_sip._udp.srv.test', 20, 10, 5071, 'two.test'), srv('_sip._udp.srv.test', 10, 10, 5070, 'plain.test'),
  srv('_sip._tcp.srvtcp.test', 10, 10, 5070, 'plain.test'), a('srvtcp.test', '192.0.2.40'),
  srv('_sips._tcp.secure.test', 10, 10, 5090, 'plain.test'),
  srv('_sip._udp.dead.test', 10, 10, 5070, 'gone.test'), srv('_sip._udp.dead.test', 20, 10, 5071, 'plain.test'),
  srv('_sip._udp.none.test', 0, 0, 0, '.'),
  srv('_sip._udp.weights.test', 10, 90, 1, 'plain.test'), srv('_sip._udp.weights.test', 10, 10, 2, 'plain.test'),
  naptr('naptr.test', 10, 'SIP+D2T', '_sip._tcp.srvtcp.test'), naptr('naptr.test', 20, 'SIP+D2U', '_sip._udp.srv.test'),
  naptr('broken.test', 10, 'SIP+D2T', '_sip._tcp.nothing.test'), a('broken.test', '192.0.2.50'),
  cname('alias.test', 'plain.test'),
  a('short.sd.test', '192.0.2.60'),
  srv('_sip._udp.numeric.test', 1, 1, 5075, '192.0.2.70'),
]

interface World {
  readonly server: FakeDnsServer
  readonly settings: { -readonly [K in keyof DnsSettings]: DnsSettings[K] }
  readonly resolver: DnsResolver
  readonly cache: DnsCache
  readonly clock: Clock & { offsetMs: number }
  locate(query: Partial<LocateQuery>): Location | Promise<Location>
  /** What `locate` gives, as texts. */
  find(host: string, more?: Partial<LocateQuery>): Promise<string>
}

interface Options extends Partial<DnsSettings> {
  readonly sockets?: readonly string[]
}

const SOCKETS = ['udp4', 'tcp4', 'udp6', 'tcp6', 'tls4']

async function world(t: TestContext, { sockets = SOCKETS, ...changed }: Options = {}): Promise<World> {
  const server = await startFakeDnsServer(SERVER, zone)
  t.after(() => server.close())
  const settings = { ...defaultDnsSettings, ...changed }
  const clock = {
    offsetMs: 0,
    now: () => Date.now(),
    monotonic: () => performance.now() + clock.offsetMs,
    // A second of waiting for an answer is 100 ms here.
    after: (delayMs: number, task: () => void) => systemClock.after(delayMs / 10, task),
  }
  const files: Record<string, string> = {
    '/etc/resolv.conf': 'search sd.test\noptions timeout:1 attempts:2\n',
    '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n10.0.0.9  Inside inside.example # ours\n',
  }
  const config = { ...readResolverConfig((path) => files[path]), servers: [{ address: SERVER, port: server.port }] }
  const random = seededRandom(7)
  const resolver = new DnsResolver({ exchange: systemDns(clock), random, config, settings })
  const cache = new DnsCache({ clock, settings, resolve: (name, type) => resolver.resolve(name, type) })
  const locator = new Locator({
    settings,
    random,
    lookup: (name, type) => cache.lookup(name, type),
    hasSocket: (transport, family) => sockets.includes(`${transport}${family}`),
  })
  const locate = (query: Partial<LocateQuery>): Location | Promise<Location> =>
    locator.locate({ host: '', port: 0, transport: undefined, isSips: false, ...query })
  const find = async (host: string, more: Partial<LocateQuery> = {}): Promise<string> => {
    const { targets, reason } = await locate({ host, ...more })
    return targets.map(({ transport, address, port }) => `${transport}:${address}:${port}`).join(' ') || reason
  }
  return { server, settings, resolver, cache, clock, locate, find }
}

interface Case {
  readonly title: string
  readonly host: string
  readonly port?: number
  readonly transport?: TransportName
  readonly isSips?: boolean
  readonly options?: Options
  readonly want: string
  readonly asked?: readonly string[]
}

const SRV_TRIES = (name: string): readonly string[] => [`SRV _sip._udp.${name}`, `SRV _sip._udp.${name}.sd.test`]

// Questions and results are those of Kamailio 5.6.3 with the same zone.
const cases: readonly Case[] = [
  { title: 'a numeric host', host: '192.0.2.1', want: 'udp:192.0.2.1:5060', asked: [] },
  { title: 'a numeric host in brackets', host: '[::1]', transport: 'tcp', want: 'tcp:::1:5060', asked: [] },
  { title: 'a numeric host of a sips URI', host: '192.0.2.1', isSips: true, want: 'tls:192.0.2.1:5061', asked: [] },
  {
    title: 'a name without SRV', host: 'plain.test', want: 'udp:192.0.2.10:5060',
    asked: [...SRV_TRIES('plain.test'), 'A plain.test'],
  },
  {
    title: 'a name with a port: no SRV', host: 'plain.test', port: 5070, want: 'udp:192.0.2.10:5070',
    asked: ['A plain.test'],
  },
  { title: 'several addresses: the first', host: 'two.test', port: 1, want: 'udp:192.0.2.21:1', asked: ['A two.test'] },
  {
    title: 'several addresses with failover: all', host: 'two.test', port: 1,
    options: { use_dns_failover: 1 }, want: 'udp:192.0.2.21:1 udp:192.0.2.20:1',
  },
  {
    title: 'SRV: the best priority', host: 'srv.test', want: 'udp:192.0.2.10:5070',
    asked: ['SRV _sip._udp.srv.test', 'A plain.test'],
  },
  {
    title: 'SRV with failover: all in order', host: 'srv.test', options: { use_dns_failover: 1 },
    want: 'udp:192.0.2.10:5070 udp:192.0.2.21:5071 udp:192.0.2.20:5071',
  },
  {
    title: 'SRV of the URI\'s transport', host: 'srvtcp.test', transport: 'tcp', want: 'tcp:192.0.2.10:5070',
    asked: ['SRV _sip._tcp.srvtcp.test', 'A plain.test'],
  },
  {
    title: 'no transport: SRV of UDP only', host: 'srvtcp.test', want: 'udp:192.0.2.40:5060',
    asked: [...SRV_TRIES('srvtcp.test'), 'A srvtcp.test'],
  },
  {
    title: 'sips: SRV of TLS', host: 'secure.test', isSips: true, want: 'tls:192.0.2.10:5090',
    asked: ['SRV _sips._tcp.secure.test', 'A plain.test'],
  },
  { title: 'an SRV target without address: the next', host: 'dead.test', want: 'udp:192.0.2.10:5071' },
  { title: 'an SRV target that is numeric', host: 'numeric.test', want: 'udp:192.0.2.70:5075' },
  {
    title: 'a service that is decidedly not there', host: 'none.test',
    want: '_sip._udp.none.test offers no such service',
  },
  {
    title: 'NAPTR: the own preference of transports', host: 'naptr.test', options: { dns_try_naptr: 1 },
    want: 'udp:192.0.2.10:5070', asked: ['NAPTR naptr.test', 'SRV _sip._udp.srv.test', 'A plain.test'],
  },
  {
    title: 'NAPTR: the records\' order', host: 'naptr.test',
    options: { dns_try_naptr: 1, dns_naptr_ignore_rfc: 0 }, want: 'tcp:192.0.2.10:5070',
  },
  {
    title: 'NAPTR: a transport that is never to be used', host: 'naptr.test',
    options: { dns_try_naptr: 1, dns_udp_pref: -1 }, want: 'tcp:192.0.2.10:5070',
  },
  {
    title: 'NAPTR with failover: all', host: 'naptr.test', options: { dns_try_naptr: 1, use_dns_failover: 1 },
    want: 'udp:192.0.2.10:5070 udp:192.0.2.21:5071 udp:192.0.2.20:5071 tcp:192.0.2.10:5070',
  },
  {
    title: 'NAPTR that leads nowhere: addresses', host: 'broken.test', options: { dns_try_naptr: 1 },
    want: 'udp:192.0.2.50:5060',
  },
  {
    title: 'NAPTR is not asked when the transport is given', host: 'naptr.test', transport: 'udp',
    options: { dns_try_naptr: 1 }, want: 'no such record',
  },
  {
    title: 'without NAPTR: SRV of each transport', host: 'srvtcp.test',
    options: { dns_try_naptr: 1, sockets: ['udp4', 'tcp4'] }, want: 'tcp:192.0.2.10:5070',
  },
  { title: 'IPv4 before IPv6', host: 'both.test', port: 1, want: 'udp:192.0.2.30:1', asked: ['A both.test'] },
  { title: 'IPv6 when there is no IPv4', host: 'six.test', port: 1, want: `udp:${V6}:1` },
  { title: 'IPv6 first', host: 'both.test', port: 1, options: { dns_cache_flags: 4 }, want: `udp:${V6}:1` },
  {
    title: 'both families with failover', host: 'both.test', port: 1, options: { use_dns_failover: 1 },
    want: `udp:192.0.2.30:1 udp:${V6}:1`,
  },
  {
    title: 'no IPv6 without such a socket', host: 'six.test', port: 1, options: { sockets: ['udp4'] },
    want: 'no such record',
  },
  {
    title: 'no IPv6 when dns_try_ipv6 is off', host: 'six.test', port: 1, options: { dns_try_ipv6: 0 },
    want: 'no such record',
  },
  {
    title: 'no socket at all', host: 'plain.test', port: 1, transport: 'sctp',
    want: 'no sctp socket to send from',
  },
  { title: 'an alias', host: 'alias.test', port: 1, want: 'udp:192.0.2.10:1', asked: ['A alias.test'] },
  {
    title: 'a short name: the search domain first', host: 'short', port: 1, want: 'udp:192.0.2.60:1',
    asked: ['A short.sd.test'],
  },
  {
    title: 'no search domains', host: 'short', port: 1, options: { dns_use_search_list: 0, dns_try_ipv6: 0 },
    want: 'no such name', asked: ['A short'],
  },
  {
    title: 'a name that does not exist', host: 'nothing.test', port: 1, options: { dns_try_ipv6: 0 },
    want: 'no such name', asked: ['A nothing.test', 'A nothing.test.sd.test'],
  },
  { title: 'a name of the hosts file', host: 'INSIDE', port: 1, want: 'udp:10.0.0.9:1', asked: [] },
  { title: 'a name that cannot be one', host: 'a..b', port: 1, want: 'bad name', asked: [] },
  {
    title: 'a label that is too long', host: `${'x'.repeat(64)}.test`, port: 1,
    want: 'bad name', asked: [],
  },
]
/** On a busy machine an answer may come after a tenth of a second, and the question is asked again. */
const withoutCopies = (questions: readonly string[]): readonly string[] =>
  questions.filter((question, index) => question !== questions[index - 1])

for (const { title, host, port = 0, transport, isSips = false, options, want, asked } of cases) {
  test(`locate: ${title}`, async (t) => {
    const { server, find } = await world(t, options)
    assert.equal(await find(host, { port, transport, isSips }), want)
    if (asked) assert.deepEqual(withoutCopies(server.questions), asked)
  })
}

test('numeric hosts and remembered names are located at once', async (t) => {
  const { server, locate } = await world(t)
  assert.ok(!(locate({ host: '192.0.2.1' }) instanceof Promise))
  await locate({ host: 'srv.test' })
  const asked = server.questions.length
  const again = locate({ host: 'SRV.test' })
  assert.ok(!(again instanceof Promise))
  assert.equal(again.targets[0]?.port, 5070)
  assert.equal(server.questions.length, asked)
})

test('answers are asked for again when their time is over, failures after dns_cache_negative_ttl', async (t) => {
  const { server, clock, find } = await world(t, { dns_try_ipv6: 0 })
  await find('plain.test', { port: 1 })
  await find('nothing.test', { port: 1 })
  assert.equal(server.questions.length, 3)
  clock.offsetMs += 31_000
  await find('plain.test', { port: 1 })
  await find('nothing.test', { port: 1 })
  assert.equal(server.questions.length, 4)
  clock.offsetMs += 30_000
  await find('nothing.test', { port: 1 })
  assert.equal(server.questions.length, 6)
})

const ttls = [
  { title: 'dns_cache_min_ttl', settings: { dns_cache_min_ttl: 100 }, passMs: 90_000, questions: 1 },
  { title: 'dns_cache_max_ttl', settings: { dns_cache_max_ttl: 5 }, passMs: 6_000, questions: 2 },
  { title: 'use_dns_cache=no', settings: { use_dns_cache: 0 }, passMs: 0, questions: 2 },
] as const
for (const { title, settings, passMs, questions } of ttls) {
  test(`how long an answer is kept: ${title}`, async (t) => {
    const { server, clock, find } = await world(t, settings)
    await find('plain.test', { port: 1 })
    clock.offsetMs += passMs
    await find('plain.test', { port: 1 })
    assert.equal(server.questions.length, questions)
  })
}

test('the same question on its way is asked once', async (t) => {
  const { server, find } = await world(t)
  const found = await Promise.all([1, 2, 3].map((port) => find('plain.test', { port })))
  assert.deepEqual(found, ['udp:192.0.2.10:1', 'udp:192.0.2.10:2', 'udp:192.0.2.10:3'])
  assert.deepEqual(server.questions, ['A plain.test'])
})

test('the cache stays below dns_cache_mem', async (t) => {
  const { cache, find } = await world(t, { dns_cache_mem: 4, dns_use_search_list: 0, dns_try_ipv6: 0 })
  for (let index = 0; index < 60; index++) await find(`name${index}.test`, { port: 1 })
  assert.ok(cache.bytes <= 4096)
  assert.ok(cache.size > 5 && cache.counters.evictions > 0)
  assert.equal(cache.entries().at(-1)?.name, 'name59.test')
})

test('dns_srv_lb spreads over weights; without it the heaviest comes first', async (t) => {
  const { settings, find } = await world(t)
  assert.equal(await find('weights.test'), 'udp:192.0.2.10:1')
  settings.dns_srv_lb = 1
  const counts = new Map<string, number>()
  for (let round = 0; round < 500; round++) {
    const found = await find('weights.test')
    counts.set(found, (counts.get(found) ?? 0) + 1)
  }
  const light = counts.get('udp:192.0.2.10:2') ?? 0
  assert.ok(light > 20 && light < 100, `the light one was first ${light} times of 500`)
})

const faults = [
  { fault: 'first lost', want: 'udp:192.0.2.10:1', asked: ['A plain.test', 'A plain.test'] },
  { fault: 'garbage first', want: 'udp:192.0.2.10:1', asked: ['A plain.test'] },
  { fault: 'wrong id first', want: 'udp:192.0.2.10:1', asked: ['A plain.test'] },
  { fault: 'other name first', want: 'udp:192.0.2.10:1', asked: ['A plain.test'] },
  { fault: 'truncated', want: 'udp:192.0.2.10:1', asked: ['A plain.test', 'tcp A plain.test'] },
  { fault: 'silence', want: 'timeout', asked: ['A plain.test', 'A plain.test'] },
] as const
for (const { fault, want, asked } of faults) {
  test(`a faulty server: ${fault}`, async (t) => {
    const { server, find } = await world(t, { dns_try_ipv6: 0 })
    server.faults.set('plain.test', fault)
    assert.equal(await find('plain.test', { port: 1 }), want)
    assert.deepEqual(server.questions, asked)
  })
}

test('a server failure is asked again, then is the answer', async (t) => {
  const { server, find } = await world(t, { dns_try_ipv6: 0, dns_use_search_list: 0 })
  server.faults.set('plain.test', 'server failure')
  assert.equal(await find('plain.test', { port: 1 }), 'server failure')
  assert.deepEqual(server.questions, ['A plain.test', 'A plain.test'])
})

test('dns_retr_no and dns_retr_time rule over resolv.conf', async (t) => {
  const { server, find } = await world(t, { dns_retr_no: 3, dns_retr_time: 1, dns_try_ipv6: 0 })
  server.faults.set('plain.test', 'silence')
  await find('plain.test', { port: 1 })
  assert.equal(server.questions.length, 3)
})

test('a server that is not there costs no waiting', async () => {
  const settings = { ...defaultDnsSettings, dns_retr_time: 30, dns_use_search_list: 0 }
  const config = { ...readResolverConfig(() => undefined), servers: [{ address: '127.0.20.54', port: 9 }] }
  const resolver = new DnsResolver({ exchange: systemDns(systemClock), random: seededRandom(1), config, settings })
  const started = performance.now()
  const answer = await resolver.resolve('plain.test', 'A')
  assert.equal(answer.failure, 'timeout')
  assert.ok(performance.now() - started < 5000)
})

test('questions beyond 512 at one time fail at once', async (t) => {
  const { resolver, cache } = await world(t, { dns_use_search_list: 0 })
  const names = Array.from({ length: 600 }, (_, index) => `many${index}.test`)
  const answers = await Promise.all(names.map((name) => cache.lookup(name, 'A')))
  assert.equal(answers.filter((answer) => answer.failure === 'too many questions').length, 600 - 512)
  assert.equal(resolver.counters.refused, 600 - 512)
})

test('resolv.conf and hosts are read as their manuals say', () => {
  const files: Record<string, string> = {
    '/etc/resolv.conf': '# comment\nnameserver 192.0.2.1\nnameserver ::1 ; note\nnameserver nonsense\n'
      + 'search a.test b.test.\noptions ndots:2 timeout:3 attempts:9 rotate\n',
    '/etc/hosts': '127.0.0.1 localhost\n::1 localhost ip6\nnonsense x\n',
  }
  const config = readResolverConfig((path) => files[path])
  assert.deepEqual(config.servers, [{ address: '192.0.2.1', port: 53 }, { address: '::1', port: 53 }])
  assert.deepEqual(config.search, ['a.test', 'b.test.'])
  assert.deepEqual([config.ndots, config.timeoutMs, config.attempts], [2, 3000, 5])
  assert.deepEqual(config.hosts.get('localhost'), ['127.0.0.1', '::1'])
  const none = readResolverConfig(() => undefined)
  assert.deepEqual(none.servers, [{ address: '127.0.0.1', port: 53 }])
  assert.deepEqual([none.ndots, none.timeoutMs, none.attempts], [1, 5000, 2])
})
