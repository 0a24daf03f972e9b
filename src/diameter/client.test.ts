import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../base/clock.ts'
import { seededRandom } from '../base/random.ts'
import { StreamWorld } from '../../test/support/stream-world.ts'
import { until } from '../../test/support/until.ts'
import { DiameterClient, type IncomingRequest } from './client.ts'
import type { DiameterConfig } from './config.ts'
import { DiameterNode } from './node.ts'

const quiet = { error: () => undefined, warning: () => undefined, info: () => undefined, debug: () => undefined }

function nodeIn(world: StreamWorld, fqdn: string, parts: Partial<DiameterConfig>): DiameterNode {
  return new DiameterNode({
    fqdn, realm: 'test', vendorId: 1, productName: 'test', acceptsUnknownPeers: true, dropsUnknownOnDisconnect: true, tcSeconds: 30,
    workers: 1, queueLength: 8, connectTimeoutSeconds: 5, transactionTimeoutSeconds: 5, sessionsHashSize: 1,
    defaultAuthSessionTimeoutSeconds: 60,
    maxAuthSessionTimeoutSeconds: 300, peers: [], acceptors: [], applications: [{ id: 16_777_216, vendorId: 10_415, kind: 'auth' }],
    supportedVendors: [10_415], routes: { realms: [], defaults: [{ fqdn: 'hss.test', metric: 1 }] }, ...parts,
  }, {
    clock: systemClock, random: seededRandom(1), streams: world.portsOf(fqdn), log: quiet,
    addressesOf: async (name) => ({ found: [name], reason: '' }),
  }, { tls: undefined, latencyThresholdMs: 5000, queueLatencyThresholdMs: 5000, queueLengthThreshold: 0, logsPeers: false })
}

test('a typed request is answered by a typed answer, and what goes wrong is a value', async () => {
  const world = new StreamWorld()
  const hss = nodeIn(world, 'hss.test', { acceptors: [{ port: 3868, bind: 'hss.test' }] })
  const proxy = nodeIn(world, 'proxy.test', { peers: [{ fqdn: 'hss.test', realm: 'test', port: 3868, sourceAddress: '' }] })
  const [server, client] = [new DiameterClient(hss), new DiameterClient(proxy)]
  await hss.start()
  await proxy.start()
  await until(() => client.isConnected('hss.test'), () => 'not connected')
  const asked: IncomingRequest[] = []
  server.onRequest((request) => {
    asked.push(request)
    return request.avps.get('User-Name') === 'nobody'
      ? { 'Experimental-Result': { 'Vendor-Id': 10_415, 'Experimental-Result-Code': 5001 } }
      : { 'Result-Code': 2001, 'Server-Name': 'sip:s.test', 'Server-Capabilities': { 'Mandatory-Capability': [1, 2] } }
  })
  const ask = (user: string, more: { readonly peer?: string } = {}) =>
    client.request({ application: 'Cx', command: 'UAR', avps: { 'User-Name': user }, ...more })

  const granted = await ask('alice')
  assert.ok(granted.isAnswer && granted.isSuccess)
  assert.equal(granted.get('Server-Name'), 'sip:s.test')
  assert.deepEqual(granted.get('Server-Capabilities')?.all('Mandatory-Capability'), [1, 2])
  assert.equal(granted.peer, 'hss.test')
  const [first] = asked
  assert.deepEqual([first?.commandCode, first?.applicationId, first?.peer], [300, 16_777_216, 'proxy.test'])
  assert.equal(first?.avps.get('Destination-Realm'), 'test')
  assert.equal(first?.avps.get('Vendor-Specific-Application-Id')?.get('Auth-Application-Id'), 16_777_216)

  const refused = await ask('nobody')
  assert.ok(refused.isAnswer && !refused.isSuccess)
  assert.equal(refused.resultCode, 5001)

  const unknown = await ask('alice', { peer: 'other.test' })
  assert.ok(!unknown.isAnswer)
  assert.equal(unknown.reason, 'unknown peer')
  const invalid = await client.request({ application: 'Cx', command: 'UAR', avps: { 'Host-IP-Address': 'nowhere' } })
  assert.ok(!invalid.isAnswer)
  assert.deepEqual([invalid.reason, invalid.detail], ['invalid', 'Host-IP-Address is to be of type Address'])
  const stopped = proxy.stop()
  await stopped
  await hss.stop()
})
