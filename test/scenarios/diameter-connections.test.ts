/** Diameter over TLS and over IPv6, with Kāhea on both ends. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { createSocket } from 'node:dgram'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const SIP = '127.0.64.1'
const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1') ?? false)

interface Ends {
  readonly folder: string
  /** Where one listens, and the other connects to. */
  readonly address: string
  readonly port: number
  /** What both configurations have besides. */
  readonly more: string
}

const cfg = (name: string, sipPort: number, peer: string, { folder, more }: Ends): string => `debug=0
log_stderror=yes
children=1
listen=udp:${SIP}:${sipPort}
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "cdp.so"
loadmodule "cdp_avp.so"
loadmodule "ims_diameter_server.so"
modparam("cdp", "config_file", "${folder}/${name}.xml")
${more}
request_route {
  if (!cdp_check_peer("${peer}")) { xlog("not yet\\n"); exit; }
  diameter_request("${peer}", 16777216, 300, '[{"avpCode":1,"vendorId":0,"Flags":64,"string":"alice"}]');
  xlog("asked: $rc $diameter_response\\n");
}
event_route[diameter:request] {
  xlog("was asked $diameter_request\\n");
  $diameter_response = '[{"avpCode":268,"vendorId":0,"Flags":64,"int32":2001}]';
}
`

const xml = (name: string, inner: string): string =>
  `<DiameterPeer FQDN="${name}" Realm="test" Vendor_Id="10415" Product_Name="k" AcceptUnknownPeers="1" Tc="1">${inner}
  <Auth id="16777216" vendor="10415"/></DiameterPeer>`

/** Both start; a request of the one that connects is answered by the other. `look` sees them while they run. */
async function together(ends: Ends, look: () => Promise<void> = async () => undefined): Promise<void> {
  const { folder, address, port } = ends
  const peer = address
  const sipPort = await freePort(SIP)
  writeFileSync(join(folder, 'listens.xml'), xml(peer, `<Acceptor port="${port}" bind="${address}"/>`))
  writeFileSync(join(folder, 'connects.xml'), xml('connects.test', `<Peer FQDN="${peer}" Realm="test" port="${port}"/>`))
  writeFileSync(join(folder, 'listens.cfg'), cfg('listens', await freePort(SIP), 'connects.test', ends))
  writeFileSync(join(folder, 'connects.cfg'), cfg('connects', sipPort, peer, ends))
  const listens = await startKahea(['run', join(folder, 'listens.cfg')])
  const socket = createSocket('udp4')
  try {
    const connects = await startKahea(['run', join(folder, 'connects.cfg')])
    try {
      let branch = 0
      const again = setInterval(() => {
        if (connects.output().includes('asked:')) return
        branch++
        socket.send(`OPTIONS sip:a@x SIP/2.0\r\nVia: SIP/2.0/UDP ${SIP};branch=z9hG4bK${branch}\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\n` +
          `Call-ID: ${branch}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`, sipPort, SIP)
      }, 200)
      try {
        await until(() => connects.output().includes('asked:'), () => `${connects.output()}\n${listens.output()}`, 20_000)
      } finally {
        clearInterval(again)
      }
      await until(() => /asked: 1 [^]*2001/.test(connects.output()), () => connects.output())
      await until(() => /was asked [^]*alice/.test(listens.output()), () => listens.output())
      await look()
    } finally {
      await connects.stop()
    }
  } finally {
    socket.close()
    await listens.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

test('over TLS, with certificates of one authority; others are refused', { skip: missingPrograms('openssl') }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-diameter-tls-'))
  const made = spawnSync('openssl', [
    'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=test', '-keyout', 'key.pem', '-out', 'certificate.pem',
  ], { cwd: folder, encoding: 'utf8' })
  assert.equal(made.status, 0, made.stderr)
  const parameters = { enable_tls: 1, private_key: 'key.pem', certificate: 'certificate.pem', ca_list: 'certificate.pem' }
  const more = Object.entries(parameters)
    .map(([name, value]) => `modparam("cdp", "${name}", ${typeof value === 'number' ? value : `"${join(folder, value)}"`})`).join('\n')
  const [address, port] = ['127.0.64.2', await freePort('127.0.64.2')]
  await together({ folder, address, port, more }, async () => {
    const outcome = await new Promise<string>((resolve) => {
      const stranger = connectTls({ host: address, port, rejectUnauthorized: false })
      stranger.once('error', (error) => resolve(error.message))
      stranger.once('close', () => resolve('closed'))
      stranger.resume()
    })
    assert.match(outcome, /closed|certificate required|ECONNRESET/)
  })
})

test('over IPv6', { skip: hasIpv6 ? false : 'no IPv6 here' }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-diameter-ipv6-'))
  await together({ folder, address: '::1', port: await freePort('::1'), more: '' })
})
