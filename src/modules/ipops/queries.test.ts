import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RouteContext } from '../../runtime/context.ts'
import type { NameService } from '../../runtime/host.ts'
import { createPrepareEnv } from '../../runtime/prepare.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import { testHost, testSocket } from '../../../test/support/test-host.ts'
import { matchesSystem, Queries, queryAddresses, queryPointers, queryServices } from './queries.ts'
import type { Ipops } from './state.ts'
import { ipopsVariables } from './variables.ts'

function setUp(names: Partial<NameService>): { state: Ipops; context: RouteContext; read: (name: string, inner: string) => unknown } {
  const none = async (): Promise<never[]> => []
  const host = testHost({ names: { hostname: 'test', addresses: none, services: none, pointers: none, ...names } })
  const received = { socket: testSocket(), sourceAddress: '192.0.2.2', sourcePort: 5060, connectionId: 0 }
  const message = parseMessage('OPTIONS sip:a@b SIP/2.0\r\n\r\n', received, 1)
  assert.ok(!(message instanceof ParseError))
  const context = new RouteContext(host, { index: 0, variables: [] }, message)
  const own = { name: 'test', fullName: 'test.example', domain: 'example', address: '192.0.2.9' }
  const state: Ipops = { queries: new Queries(), own }
  const env = createPrepareEnv({ variable: () => undefined, transformation: () => undefined })
  const read = (name: string, inner: string): unknown => {
    const bound = ipopsVariables[name]?.bind(inner, { kind: 'none' }, env)
    return bound === undefined || typeof bound === 'string' ? 'refused' : bound.get(context, state)
  }
  return { state, context, read }
}

test('services are shown by priority and weight', async () => {
  const services = async (): Promise<{ priority: number; weight: number; port: number; target: string }[]> => [
    { priority: 20, weight: 1, port: 5062, target: 'c' },
    { priority: 10, weight: 1, port: 5061, target: 'b' },
    { priority: 10, weight: 9, port: 5060, target: 'a' },
  ]
  const { state, context, read } = setUp({ services })
  assert.equal(await queryServices(context, state.queries, '_sip._udp.example', 's'), 1)
  const targets = [0, 1, 2, 3].map((index) => read('srvquery', `s=>target[${index}]`))
  assert.deepEqual([read('srvquery', 's=>count'), ...targets, read('srvquery', 's=>port[-1]')], [3, 'a', 'b', 'c', null, 5062])
  assert.equal(read('srvquery', 's=>port'), 'refused')
  assert.equal(read('srvquery', 'other=>count'), 0)
})

test('pointers are shown by order and preference', async () => {
  const pointer = { flags: 's', services: 'SIP+D2U', regexp: '', replacement: '_sip._udp.example' }
  const pointers = async (): Promise<(typeof pointer & { order: number; preference: number })[]> => [
    { ...pointer, order: 2, preference: 1 },
    { ...pointer, order: 1, preference: 5, flags: 'u' },
    { ...pointer, order: 1, preference: 1, services: 'SIP+D2T' },
  ]
  const { state, context, read } = setUp({ pointers })
  assert.equal(await queryPointers(context, state.queries, 'example', 'n'), 1)
  assert.deepEqual(
    ['count', 'services[0]', 'flags[1]', 'order[2]', 'pref[1]', 'replace[0]', 'regex[0]'].map((key) => read('naptrquery', `n=>${key}`)),
    [3, 'SIP+D2T', 'u', 2, 5, '_sip._udp.example', ''],
  )
})

test('a host that is not found empties its container', async () => {
  const answers = [['192.0.2.1', '2001:db8::1'], []]
  const { state, context, read } = setUp({ addresses: async () => answers.shift() ?? [] })
  assert.equal(await queryAddresses(context, state.queries, 'host', 'd'), 1)
  const shown = ['count', 'ipv4', 'ipv6', 'addr[1]', 'type[1]', 'addr'].map((key) => read('dns', `d=>${key}`))
  assert.deepEqual(shown, [2, 1, 1, '2001:db8::1', 6, '192.0.2.1'])
  assert.equal(await queryAddresses(context, state.queries, 'host', 'd'), -4)
  assert.equal(read('dns', 'd=>count'), null)
})

test('an answer is used again within the local time to live', async () => {
  let asked = 0
  const { state, context } = setUp({
    addresses: async () => {
      asked++
      return ['192.0.2.1']
    },
  })
  state.queries.localTtlSeconds = 60
  assert.equal(await matchesSystem(context, state.queries, 'host', '192.0.2.1'), 1)
  assert.equal(await matchesSystem(context, state.queries, 'host', '192.0.2.2'), -1)
  assert.equal(asked, 1)
})

test('an address to match must be one', async () => {
  const { state, context } = setUp({})
  assert.equal(await matchesSystem(context, state.queries, 'host', 'x'), -3)
  assert.equal(await matchesSystem(context, state.queries, 'host', '192.0.2.1'), -4)
})

test('no more than a bounded number of containers is kept', async () => {
  const { state, context, read } = setUp({ addresses: async () => ['192.0.2.1'] })
  for (let index = 0; index < 300; index++) await queryAddresses(context, state.queries, 'host', `c${index}`)
  assert.equal(read('dns', 'c0=>count'), null)
  assert.equal(read('dns', 'c299=>count'), 1)
})

test('the own name is shown in parts', () => {
  const { read } = setUp({})
  assert.deepEqual(['n', 'f', 'd', 'i', 'x'].map((key) => read('HN', key)), ['test', 'test.example', 'example', '192.0.2.9', 'refused'])
})
