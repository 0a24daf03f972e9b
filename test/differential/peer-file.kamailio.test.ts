/** Faulty files of Diameter peers: what Kamailio starts with, Kāhea starts with, and shows the same of. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { caseFromText } from './harness/case-file.ts'
import { difference } from './harness/compare.ts'
import { runServer } from './harness/run-case.ts'
import { kamailio, kamailioInstalled, subject } from './harness/server-process.ts'
import { takeSlot } from './harness/slots.ts'

const skip = kamailioInstalled() ? false : 'kamailio is not installed (apt-get install kamailio kamailio-ims-modules)'
const TRIES = 3
/** Sockets are tried as often as there is time. How a start failed each tells in its own way. */
const steady = (lines: readonly string[]): string[] =>
  (lines.some((line) => line.startsWith('== the server refuses')) ? ['refused'] : lines.filter((line) => !/create_socket\(\)|peer_connect\(\)/.test(line)))

/** Kamailio counts its processes wrongly where there is no peer and no acceptor. */
const PEER = '<Peer FQDN="127.0.43.8" Realm="test" port="3868"/>'
const root = (inner: string, attributes = 'FQDN="k1.test" Realm="test"'): string => `<DiameterPeer ${attributes}>${PEER}${inner}</DiameterPeer>`

const files: Readonly<Record<string, string | undefined>> = {
  'no file': undefined,
  'an empty file': '',
  'words': 'this is no XML',
  'a root that is not closed': '<DiameterPeer FQDN="a">',
  'another root': '<Other/>',
  'a longer root': `<DiameterPeers FQDN="k1.test">${PEER}</DiameterPeers>`,
  'a root that is the beginning': `<Diameter FQDN="k1.test">${PEER}</Diameter>`,
  'an attribute that comes twice': '<DiameterPeer FQDN="a" FQDN="b"/>',
  'an attribute without quotes': '<DiameterPeer FQDN=a/>',
  'an entity that is not known': root('&nothing;'),
  'a comment that is not closed': root('<!-- '),
  'a peer alone': root(''),
  'no attributes of the root': root('', ''),
  'no realm': root('', 'FQDN="k1.test"'),
  'elements that are not known': root('<What a="b"><Ever/></What>text'),
  'a peer without a name': root('<Peer Realm="test" port="3868"/>'),
  'a peer without a realm and port': root('<Peer FQDN="127.0.43.9"/>'),
  'a peer with a port of letters': root('<Peer FQDN="127.0.43.9" Realm="test" port="abc"/>'),
  'a peer with a port that is too large': root('<Peer FQDN="127.0.43.9" Realm="test" port="99999"/>'),
  'an acceptor without a port': root('<Acceptor bind="127.0.30.1"/>'),
  'an application without an id': root('<Auth vendor="10415"/><Acct id="x" vendor="y"/>'),
  'an application below zero': root('<Auth id="-1" vendor="-2"/>'),
  'a vendor without a number': root('<SupportedVendor/><SupportedVendor vendor="x"/>'),
  'a realm without a name': root('<Realm><Route FQDN="127.0.43.9" metric="1"/></Realm>'),
  'a realm without routes': root('<Realm name="a.test"/>'),
  'a route without a name and metric': root('<Realm name="a.test"><Route/></Realm><DefaultRoute/>'),
  'numbers of letters': root('', 'FQDN="k1.test" Realm="test" Vendor_Id="x" Tc="y" Workers="2z" QueueLength="" SessionsHashSize="q"'),
  'no workers': root('', 'FQDN="k1.test" Realm="test" Workers="0"'),
  'times below zero': root('', 'FQDN="k1.test" Realm="test" Tc="-1" TransactionTimeout="-5"'),
  'what comes behind the root': `${root('')}<Peer/>`,
  'text of Latin-1': root('<!-- caf\xe9 -->'),
  'text of Latin-1 that says so': `<?xml version="1.0" encoding="ISO-8859-1"?>${root('<!-- caf\xe9 -->')}`,
  'an encoding that is not known': `<?xml version="1.0" encoding="nothing"?>${root('')}`,
  'a byte order mark': `\xef\xbb\xbf${root('')}`,
}

const CFG = `# log: all
loadmodule "jsonrpcs.so"
loadmodule "cdp.so"
modparam("cdp", "config_file", "FILE")
request_route { exit; }
`
const TRAFFIC = '>>> rpc cdp.list_peers\n'

async function compare(name: string, xml: string | undefined): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-peer-file-'))
  const slot = await takeSlot()
  try {
    const path = join(folder, 'peers.xml')
    if (xml !== undefined) writeFileSync(path, xml.replaceAll('127.0.30.1', `127.0.30.${1 + slot.index * 20}`), 'latin1')
    const item = caseFromText(name, name, CFG.replace('FILE', path), TRAFFIC)
    const left = await runServer(item, kamailio, slot.index, null)
    const right = await runServer(item, subject(), slot.index, left)
    return difference(steady(left.lines), steady(right.lines), ['kamailio', 'kahea'])
  } finally {
    slot.release()
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('cdp reads files as in Kamailio', { concurrency: 2 }, () => {
  for (const [name, xml] of Object.entries(files)) {
    test(name, { skip }, async () => {
      let found: string | null = 'not tried'
      for (let round = 0; round < TRIES && found !== null; round++) found = await compare(name, xml)
      assert.equal(found, null)
    })
  }
})
