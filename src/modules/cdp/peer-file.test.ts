import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PeerFileProblem, readPeerFile } from './peer-file.ts'

const article = readFileSync(join(import.meta.dirname, '../../../test/fixtures/diameter/article.xml'), 'latin1')

test('the example that everybody begins with is read whole', () => {
  const config = readPeerFile(article, 'article.xml')
  assert.ok(!(config instanceof PeerFileProblem))
  const { peers, acceptors, applications, routes, ...rest } = config
  assert.deepEqual(rest, {
    fqdn: 'pcscf.ims.smilecoms.com', realm: 'ims.smilecoms.com', vendorId: 10_415, productName: 'CDiameterPeer', acceptsUnknownPeers: false,
    dropsUnknownOnDisconnect: true, tcSeconds: 30, workers: 4, queueLength: 32, connectTimeoutSeconds: 5, transactionTimeoutSeconds: 5,
    sessionsHashSize: 128, defaultAuthSessionTimeoutSeconds: 60, maxAuthSessionTimeoutSeconds: 300, supportedVendors: [10_415],
  })
  assert.deepEqual(peers.map(({ fqdn }) => fqdn), [1, 2, 3, 4, 5, 6].map((number) => `pcrf${number}.ims.smilecoms.com`))
  assert.ok(peers.every(({ realm, port }) => realm === 'ims.smilecoms.com' && port === 3868))
  assert.deepEqual(acceptors, [{ port: 3868, bind: '' }, { port: 3869, bind: '127.0.0.1' }, { port: 3870, bind: '192.168.1.1' }])
  assert.deepEqual(applications.map(({ kind, vendorId }) => `${kind} ${vendorId}`), ['acct 10415', 'acct 0', 'auth 10415', 'auth 0'])
  assert.deepEqual(routes?.realms.map(({ name, routes: list }) => `${name} ${list.map(({ metric }) => metric).join()}`),
    ['ims.smilecoms.com 3,5', 'temp.ims.smilecoms.com 7,11'])
  // In the order of their metrics.
  assert.deepEqual(routes?.defaults, [{ fqdn: 'pcrf6.ims.smilecoms.com', metric: 13 }, { fqdn: 'pcrf5.ims.smilecoms.com', metric: 15 }])
})

test('what is left out has its usual value, names of elements are in any case, and numbers end where digits do', () => {
  const config = readPeerFile('<diameterPEER FQDN="\'a\'" Tc="7s" Workers="x"><PEER FQDN="b"/><auth id="-1"/></diameterPEER>', 'x')
  assert.ok(!(config instanceof PeerFileProblem))
  const { tcSeconds, workers, queueLength, acceptsUnknownPeers, routes } = config
  assert.deepEqual([tcSeconds, workers, queueLength, acceptsUnknownPeers, routes], [7, 0, 32, true, undefined])
  assert.deepEqual(config.peers, [{ fqdn: 'b', realm: '', port: 0, sourceAddress: '' }])
  assert.deepEqual(config.applications, [{ id: 0xffff_ffff, vendorId: 0, kind: 'auth' }])
})

test('what is no such file is refused with the reason', () => {
  const rows: readonly (readonly [xml: string, reason: RegExp])[] = [
    ['', /not a valid XML file <p\.xml>/], ['<DiameterPeer>', /not a valid XML/], ['<DiameterPeer a="1" a="2"/>', /not a valid XML/],
    ['<DiameterPeer>&x;</DiameterPeer>', /not a valid XML/], ['<Other/>', /XML Root is not <DiameterPeer>/],
    ['<DiameterPeer><!-- caf\xe9 --></DiameterPeer>', /bytes are not of its encoding/],
    ['<?xml version="1.0" encoding="nothing"?><DiameterPeer/>', /bytes are not of its encoding/],
    [`<DiameterPeer>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</DiameterPeer>`, /too many elements/],
  ]
  for (const [xml, reason] of rows) {
    const problem = readPeerFile(xml, 'p.xml')
    assert.ok(problem instanceof PeerFileProblem, xml)
    assert.match(problem.reason, reason)
  }
})
