import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../../base/log.ts'
import { RouteContext } from '../../runtime/context.ts'
import type { Found, NameService, PointerRecord, ServiceRecord } from '../../runtime/host.ts'
import { createPrepareEnv } from '../../runtime/prepare.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import { testHost, testSocket } from '../../../test/support/test-host.ts'
import { WorkerResults, type QueryResults } from './containers.ts'
import { matchesInternal, matchesSystem, queryAddresses, queryName, queryPointers, queryServices } from './queries.ts'
import type { Ipops } from './state.ts'
import { ipopsVariables } from './variables.ts'

interface Setup {
  readonly results: QueryResults
  readonly context: RouteContext
  /** Texts of the log so far. */
  log(): readonly string[]
  read(variable: string): unknown
}

/** `read` takes a variable as a script has it, and answers `refused` where Kamailio would not start. */
function setUp(names: Partial<NameService>): Setup {
  const records: LogRecord[] = []
  const host = testHost({ names, records })
  const received = { socket: testSocket(), sourceAddress: '192.0.2.2', sourcePort: 5060, connectionId: 0 }
  const message = parseMessage('OPTIONS sip:a@b SIP/2.0\r\n\r\n', received, 1)
  assert.ok(!(message instanceof ParseError))
  const context = new RouteContext(host, { index: 0, variables: [] }, message)
  const own = { name: 'test', fullName: 'test.example', domain: 'example', address: '192.0.2.9' }
  const results = new WorkerResults()
  const env = createPrepareEnv({ variable: () => undefined, transformation: () => undefined })
  return {
    results: results.of(context),
    context,
    log: () => records.map(({ text }) => text),
    read(variable) {
      const [, name = '', inner = ''] = /^\$(\w+)\((.*)\)$/s.exec(variable) ?? []
      const bound = ipopsVariables[name]?.bind(inner, { kind: 'none' }, env)
      return bound === undefined || typeof bound === 'string' ? 'refused' : bound.get(context, { results, own } satisfies Ipops)
    },
  }
}

const found = (...names: string[]): Found => ({ found: names, reason: names.length > 0 ? '' : 'not known' })

const service = (priority: number, weight: number, target: string): ServiceRecord => ({ priority, weight, target, port: 5060 })

const pointer = (order: number, preference: number, services: string): PointerRecord =>
  ({ order, preference, services, flags: 'S', regexp: '', replacement: 'next.example' })

test('services are shown by priority, the heaviest of the last priority first', async () => {
  const services = [service(20, 1, 'c'), service(20, 9, 'b'), service(10, 0, 'a')]
  const { results, context, read } = setUp({ services: async () => services })
  assert.equal(await queryServices(context, results, '_sip._udp.example', 's'), 1)
  const targets = [0, 1, 2, 3].map((index) => read(`$srvquery(s=>target[${index}])`))
  assert.deepEqual([read('$srvquery(s=>count)'), ...targets], [3, 'a', 'b', 'c', null])
  assert.equal(read('$srvquery(other=>count)'), 0)
})

test('services before the last priority are drawn in proportion to their weights', async () => {
  const services = [service(10, 0, 'never'), service(10, 1, 'seldom'), service(10, 9, 'often'), service(20, 1, 'last')]
  const { results, context, read } = setUp({ services: async () => services })
  const firsts: Record<string, number> = { never: 0, seldom: 0, often: 0 }
  for (let round = 0; round < 1000; round++) {
    await queryServices(context, results, '_sip._udp.example', 's')
    const first = String(read('$srvquery(s=>target[0])'))
    firsts[first] = (firsts[first] ?? 0) + 1
    assert.equal(read('$srvquery(s=>target[3])'), 'last')
  }
  const { never = 0, seldom = 0, often = 0 } = firsts
  assert.ok(never > 40 && never < 160, `without a weight: ${never}`)
  assert.ok(seldom > 40 && seldom < 160, `weight 1: ${seldom}`)
  assert.ok(often > 700, `weight 9: ${often}`)
})

test('pointers are shown by order and preference, as they are written', async () => {
  const pointers = [pointer(2, 1, 'SIP+D2U'), pointer(1, 5, 'SIPS+D2T'), pointer(1, 1, 'SIP+D2T')]
  const { results, context, read } = setUp({ pointers: async () => pointers })
  assert.equal(await queryPointers(context, results, 'example', 'n'), 1)
  const keys = ['count', 'services[0]', 'flags[1]', 'order[2]', 'pref[1]', 'replace[0]', 'regex[0]']
  assert.deepEqual(keys.map((key) => read(`$naptrquery(n=>${key})`)), [3, 'SIP+D2T', 'S', 2, 5, 'next.example', ''])
})

test('no more than 32 records with texts of 64 bytes are shown', async () => {
  const services = Array.from({ length: 40 }, (_, index) => service(40 - index, 1, 'x'.repeat(70)))
  const pointers = Array.from({ length: 40 }, (_, index) => pointer(40 - index, 1, 'y'.repeat(70)))
  const { results, context, read, log } = setUp({ services: async () => services, pointers: async () => pointers })
  await queryServices(context, results, 'example', 's')
  await queryPointers(context, results, 'example', 'n')
  assert.deepEqual([read('$srvquery(s=>count)'), read('$srvquery(s=>priority[31])')], [32, 32])
  // Pointers are cut before they are sorted.
  assert.deepEqual([read('$naptrquery(n=>count)'), read('$naptrquery(n=>order[31])')], [32, 40])
  assert.equal(read('$srvquery(s=>target[0])'), 'x'.repeat(64))
  assert.equal(read('$naptrquery(n=>services[0])'), 'y'.repeat(64))
  const cut = ['truncating srv_query list to 32 records!', 'truncating naptr_query list to 32 records!']
  assert.deepEqual(log().filter((text) => text.endsWith('records!')), cut)
})

test('a host that is not found empties its container', async () => {
  const answers = [found('192.0.2.1', '2001:db8::1'), found()]
  const { results, context, read, log } = setUp({ addresses: async () => answers.shift() ?? found() })
  assert.equal(await queryAddresses(context, results, 'host', 'd'), 1)
  const shown = ['count', 'ipv4', 'ipv6', 'addr[1]', 'type[1]', 'addr', 'hostname'].map((key) => read(`$dns(d=>${key})`))
  assert.deepEqual(shown, [2, 1, 1, '2001:db8::1', 6, '192.0.2.1', 'host'])
  assert.equal(await queryAddresses(context, results, 'host', 'd'), -4)
  assert.equal(read('$dns(d=>count)'), null)
  assert.deepEqual(log(), ['unable to resolve host - getaddrinfo: not known'])
})

test('the name of an address is shown with it', async () => {
  const { results, context, read } = setUp({ nameOf: async (address) => (address === '192.0.2.1' ? found('host.example') : found()) })
  const table: readonly (readonly [address: string, result: number, hostname: string | null])[] = [
    ['192.0.2.1', 1, 'host.example'],
    ['192.0.2.2', -6, null],
    ['2001:db8::1', -6, null],
    ['[2001:db8::1]', -5, null],
    ['host', -4, null],
    ['', -4, null],
    ['1'.repeat(47), -2, null],
  ]
  for (const [address, result, hostname] of table) {
    assert.equal(await queryName(context, results, address, 'p'), result, address)
    assert.equal(read('$ptrquery(p=>hostname)'), hostname, address)
  }
  await queryName(context, results, '192.0.2.1', 'p')
  assert.deepEqual(['addr', 'type', 'ipv4', 'ipv6', 'count'].map((key) => read(`$ptrquery(p=>${key})`)), ['192.0.2.1', 4, 1, 0, 1])
})

test('keys are read as Kamailio reads them', async () => {
  const services = [service(1, 1, 'first'), service(2, 1, 'second')]
  const { results, context, read } = setUp({ addresses: async () => found('192.0.2.1', '192.0.2.2'), services: async () => services })
  await queryAddresses(context, results, 'host', 'a')
  await queryServices(context, results, 'example', 'a')
  const table: readonly (readonly [variable: string, value: unknown])[] = [
    ['$dns(a=>addr[-1])', '192.0.2.2'],
    ['$dns(a=>addr[-3])', null],
    ['$dns(a=>addr[])', '192.0.2.1'],
    ['$dns( a =>addr[1])', '192.0.2.2'],
    ['$dns(a=>count[1])', 2],
    ['$dns(a=>count[2])', null],
    ['$dns(a=> addr)', 'refused'],
    ['$dns(a=>addr[x])', 'refused'],
    ['$dns(a=>port)', 'refused'],
    ['$dns(a)', 'refused'],
    ['$srvquery( a => target [ 1 ] )', 'second'],
    ['$srvquery(a=>target[1x])', 'second'],
    ['$srvquery(a=>target[x])', 'first'],
    ['$srvquery(a=>target[-1])', 'refused'],
    ['$srvquery(a=>target[])', 'refused'],
    ['$srvquery(a=>target)', 'refused'],
    ['$srvquery(a=>count[0])', 'refused'],
    ['$srvquery(a-b=>count)', 'refused'],
    ['$srvquery(a=>toString[0])', 'refused'],
  ]
  for (const [variable, value] of table) assert.equal(read(variable), value, variable)
})

test('what cannot be asked is told by its result', async () => {
  const { results, context } = setUp({ addresses: async () => found() })
  assert.equal(await queryAddresses(context, results, 'x'.repeat(256), 'a'), -2)
  assert.equal(await queryServices(context, results, '', 'a'), -2)
  assert.equal(await queryServices(context, results, 'x', 'a-b'), -3)
  assert.equal(await queryPointers(context, results, '', 'a'), -2)
  assert.equal(await queryPointers(context, results, 'x', ''), -3)
})

test('an address is looked for among those that the system finds', async () => {
  const { context } = setUp({ addresses: async (host) => (host === 'host' ? found('192.0.2.1', '2001:db8::1') : found()) })
  const table: readonly (readonly [host: string, address: string, result: number])[] = [
    ['host', '192.0.2.1', 1],
    ['host', '[2001:db8:0::1]', 1],
    ['host', '192.0.2.2', -1],
    ['host', 'x', -3],
    ['other', '192.0.2.1', -4],
  ]
  for (const [host, address, result] of table) assert.equal(await matchesSystem(context, host, address), result, `${host} ${address}`)
})

test('an address is looked for among those that messages go to', async () => {
  const { context } = setUp({ addressesForSip: async (host) => (host === 'host' ? ['192.0.2.1', '192.0.2.2'] : []) })
  assert.equal(await matchesInternal(context, 'host', '192.0.2.2'), 1)
  assert.equal(await matchesInternal(context, 'host', '192.0.2.3'), -1)
  assert.equal(await matchesInternal(context, 'other', '192.0.2.1'), -4)
  assert.equal(await matchesInternal(context, 'host', 'x'), -3)
})

test('no more than a bounded number of containers is kept', async () => {
  const { results, context, read } = setUp({ addresses: async () => found('192.0.2.1') })
  for (let index = 0; index < 300; index++) await queryAddresses(context, results, 'host', `c${index}`)
  assert.equal(read('$dns(c0=>count)'), null)
  assert.equal(read('$dns(c299=>count)'), 1)
})

test('another worker does not see the results', () => {
  const { context } = setUp({})
  const { context: other } = setUp({})
  const results = new WorkerResults()
  results.of(context).addresses.set('a', { hostname: 'host', addresses: ['192.0.2.1'] })
  assert.equal(results.of(context).addresses.get('a')?.hostname, 'host')
  assert.equal(results.of(other).addresses.get('a'), undefined)
})

test('the own name is shown in parts', () => {
  const { read } = setUp({})
  assert.deepEqual(['n', 'f', 'd', 'i', 'x'].map((key) => read(`$HN(${key})`)), ['test', 'test.example', 'example', '192.0.2.9', 'refused'])
})
