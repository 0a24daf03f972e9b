/**
 * Kāhea between freeDiameter (which it connects to, and which connects to it) and Debian's Kamailio, in a network of their own: freeDiameter
 * does not listen on loopback addresses. tshark looks over what all of them said.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missingPrograms } from '../support/installed.ts'
import { startProgram, type RunningProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const root = join(import.meta.dirname, '..', '..')
const NAMESPACE = `kahea-diameter-${process.pid}`
const LIFE_MS = 120_000
/** Longer by hand: KAHEA_DIAMETER_SECONDS=180 lets watchdogs go on for minutes. */
const WATCH_MS = Number(process.env['KAHEA_DIAMETER_SECONDS'] ?? 5) * 1000
/** In the header of a Disconnect-Peer-Request: flags, command, application. */
const DISCONNECT_REQUEST = Buffer.from('8000011a00000000', 'hex').toString('latin1')
/** How tshark numbers remarks of that weight. */
const WARNING = 0x60_0000
const HOSTS = '127.0.0.1 localhost\n10.98.0.1 kh.test.local\n10.98.0.2 fd.test.local\n10.98.0.3 km.test.local\n10.98.0.4 fd2.test.local\n'

const ip = (...args: readonly string[]): boolean => spawnSync('ip', [...args], { stdio: 'ignore' }).status === 0

function reasonToSkip(): string | false {
  const missing = missingPrograms('freeDiameterd', 'kamailio', 'kamcmd', 'tshark', 'openssl', 'ip')
  if (missing !== false) return missing
  const probe = `${NAMESPACE}-probe`
  const isMade = ip('netns', 'add', probe) && ip('netns', 'exec', probe, 'true')
  ip('netns', 'delete', probe)
  return isMade ? false : 'no network namespaces here: run as root on Linux'
}

const peerXml = (fqdn: string, inner: string): string => `<?xml version="1.0"?>
<DiameterPeer FQDN="${fqdn}" Realm="test.local" Vendor_Id="10415" Product_Name="CDiameterPeer" AcceptUnknownPeers="0" Tc="1" Workers="2">
${inner}
  <Auth id="16777216" vendor="10415"/>
  <Auth id="4" vendor="0"/>
  <SupportedVendor vendor="10415"/>
  <DefaultRoute FQDN="kh.test.local" metric="10"/>
</DiameterPeer>
`

const script = (address: string, folder: string, mpath: string): string => `debug=0
log_stderror=yes
children=2
listen=udp:${address}:5060
${mpath}loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "ctl.so"
loadmodule "cdp.so"
loadmodule "cdp_avp.so"
loadmodule "ims_diameter_server.so"
modparam("ctl", "binrpc", "unix:${folder}/ctl")
modparam("cdp", "config_file", "${folder}/peers.xml")
request_route {
  $var(m) = '[{"avpCode":283,"vendorId":0,"Flags":64,"string":"test.local"},{"avpCode":260,"vendorId":0,"Flags":64,"list":[' +
    '{"avpCode":266,"vendorId":0,"Flags":64,"int32":10415},{"avpCode":258,"vendorId":0,"Flags":64,"int32":16777216}]},' +
    '{"avpCode":601,"vendorId":10415,"Flags":192,"string":"sip:alice@test.local"}]';
  $var(peer) = $rU + ".test.local";
  diameter_request("$var(peer)", 16777216, 300, "$var(m)");
  xlog("asked $var(peer): $rc $diameter_response\\n");
}
event_route[diameter:request] {
  xlog("was asked $diameter_application $diameter_command\\n");
  $diameter_response = '[{"avpCode":268,"vendorId":0,"Flags":64,"int32":2001},{"avpCode":602,"vendorId":10415,"Flags":192,"string":"sip:s"}]';
}
`

const freeDiameter = (name: string, address: string, folder: string, more = ''): string => `Identity = "${name}";
Realm = "test.local";
Port = 3868;
SecPort = 0;
No_SCTP;
No_IPv6;
ListenOn = "${address}";
TLS_Cred = "${folder}/${name}.pem", "${folder}/${name}.key";
TLS_CA = "${folder}/${name}.pem";
TcTimer = 6;
TwTimer = 6;
LoadExtension = "acl_wl.fdx" : "${folder}/acl.conf";
${more}`

describe('freeDiameter and Kamailio', { skip: reasonToSkip() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-peers-'))
  const capture = join(folder, 'all.pcap')
  const programs: Record<string, RunningProgram> = {}
  const within = (name: string, command: string, ...args: readonly string[]): RunningProgram => {
    const program = startProgram('ip', ['netns', 'exec', NAMESPACE, command, ...args], folder, LIFE_MS + WATCH_MS)
    programs[name] = program
    return program
  }
  const output = (): string => Object.entries(programs).map(([name, program]) => `== ${name}\n${program.output()}`).join('\n')
  const list = (name: string): string =>
    spawnSync('kamcmd', ['-s', `unix:${folder}/${name}/ctl`, 'cdp.list_peers'], { encoding: 'utf8' }).stdout
  const stateOf = (text: string, peer: string): string => new RegExp(`FQDN: ${peer}\\s+Details: \\{\\s+State: (\\w+)`).exec(text)?.[1] ?? 'none'
  const sendOptions = (from: string, to: string): void => {
    const message = `OPTIONS sip:${from}@x SIP/2.0\\r\\nVia: SIP/2.0/UDP 10.98.0.9;branch=z9hG4bK1\\r\\nFrom: <sip:a@x>;tag=1\\r\\nTo: <sip:b@x>\\r\\n` +
      'Call-ID: 1\\r\\nCSeq: 1 OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n'
    spawnSync('ip', ['netns', 'exec', NAMESPACE, process.execPath, '-e',
      `const s = require('dgram').createSocket('udp4'); s.send("${message}", 5060, '${to}', () => s.close())`])
  }
  /** What the address of Kāhea sent: destination, commands, flags of requests, and what tshark has to remark. */
  const sentByKahea = (): string[][] => {
    const fields = ['ip.dst', 'diameter.cmd.code', 'diameter.flags.request', '_ws.malformed', '_ws.expert.severity'].flatMap((field) => ['-e', field])
    const { stdout } = spawnSync('tshark', [
      '-r', capture, '-d', 'tcp.port==3868,diameter', '-Y', 'ip.src==10.98.0.1 && diameter', '-T', 'fields', ...fields,
    ], { encoding: 'utf8' })
    return stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t'))
  }

  before(async () => {
    mkdirSync(`/etc/netns/${NAMESPACE}`, { recursive: true })
    writeFileSync(`/etc/netns/${NAMESPACE}/hosts`, HOSTS)
    assert.ok(ip('netns', 'add', NAMESPACE) && ip('-n', NAMESPACE, 'link', 'set', 'lo', 'up'))
    assert.ok(ip('-n', NAMESPACE, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'))
    for (const last of [1, 2, 3, 4]) assert.ok(ip('-n', NAMESPACE, 'address', 'add', `10.98.0.${last}/24`, 'dev', 'v0'))
    for (const name of ['v0', 'v1']) assert.ok(ip('-n', NAMESPACE, 'link', 'set', name, 'up'))
    // freeDiameter wants a certificate of its name, though no connection here uses TLS.
    for (const name of ['fd.test.local', 'fd2.test.local']) {
      spawnSync('openssl', [
        'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`,
      ], { cwd: folder })
    }
    writeFileSync(join(folder, 'acl.conf'), 'ALLOW_IPSEC *.test.local\n')
    writeFileSync(join(folder, 'fd.conf'), freeDiameter('fd.test.local', '10.98.0.2', folder))
    writeFileSync(join(folder, 'fd2.conf'), freeDiameter('fd2.test.local', '10.98.0.4', folder,
      'ConnectPeer = "kh.test.local" { ConnectTo = "10.98.0.1"; Port = 3868; No_TLS; };\n'))
    for (const [name, address, mpath] of [['kh', '10.98.0.1', ''], ['km', '10.98.0.3', 'mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"\n']] as const) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'kamailio.cfg'), script(address, join(folder, name), mpath))
    }
    writeFileSync(join(folder, 'kh', 'peers.xml'), peerXml('kh.test.local', `  <Peer FQDN="fd.test.local" Realm="test.local" port="3868" src_addr="10.98.0.1"/>
  <Peer FQDN="fd2.test.local" Realm="test.local" port="9" src_addr="10.98.0.1"/>
  <Peer FQDN="km.test.local" Realm="test.local" port="9" src_addr="10.98.0.1"/>
  <Acceptor port="3868" bind="10.98.0.1"/>`))
    writeFileSync(join(folder, 'km', 'peers.xml'), peerXml('km.test.local',
      '  <Peer FQDN="kh.test.local" Realm="test.local" port="3868" src_addr="10.98.0.3"/>\n  <Acceptor port="3868" bind="10.98.0.3"/>'))
    const tshark = within('tshark', 'tshark', '-i', 'lo', '-f', 'tcp port 3868', '-w', capture)
    await until(() => /Capturing on|Capture started/.test(tshark.output()), tshark.output, 20_000)
    within('fd', 'freeDiameterd', '-c', join(folder, 'fd.conf'))
    const kahea = within('kahea', process.execPath, join(root, 'bin', 'kahea.js'), 'run', join(folder, 'kh', 'kamailio.cfg'))
    await until(() => kahea.output().includes('Listening on'), output, 30_000)
    within('fd2', 'freeDiameterd', '-c', join(folder, 'fd2.conf'))
    within('kamailio', 'kamailio', '-f', join(folder, 'km', 'kamailio.cfg'), '-DD', '-E', '-m', '32', '-M', '4', '-w', join(folder, 'km'), '-Y', join(folder, 'km'))
  })
  after(async () => {
    for (const program of Object.values(programs)) program.kill()
    await Promise.all(Object.values(programs).map(({ finished }) => finished))
    ip('netns', 'delete', NAMESPACE)
    rmSync(`/etc/netns/${NAMESPACE}`, { recursive: true, force: true })
    rmSync(folder, { recursive: true, force: true })
  })

  test('all peers come up: as initiator, and as acceptor', async () => {
    const expected = { 'fd.test.local': 'I_Open', 'fd2.test.local': 'R_Open', 'km.test.local': 'R_Open' }
    const states = (): Record<string, string> => {
      const text = list('kh')
      return Object.fromEntries(Object.keys(expected).map((peer) => [peer, stateOf(text, peer)]))
    }
    await until(() => JSON.stringify(states()) === JSON.stringify(expected), () => `${JSON.stringify(states())}\n${output()}`, 40_000)
    assert.match(list('kh'), /FQDN: fd\.test\.local\s+Details: \{\s+State: I_Open\s+Disabled: False\s+Last used: 0\s+Applications: \{\s+appid:vendorid: -1:0/)
    assert.equal(stateOf(list('km'), 'kh.test.local'), 'I_Open')
  })

  test('requests from Kamailio are answered by the event route, and those to Kamailio by its own', async () => {
    sendOptions('kh', '10.98.0.3')
    await until(() => /asked kh\.test\.local: 1/.test(programs['kamailio']?.output() ?? ''), output)
    await until(() => /was asked 16777216 300/.test(programs['kahea']?.output() ?? ''), () => programs['kahea']?.output() ?? '')
    sendOptions('km', '10.98.0.1')
    await until(() => /asked km\.test\.local: 1 \[[^\]]*2001[^\]]*sip:s/.test(programs['kahea']?.output() ?? ''), output)
    // freeDiameter has no such application, and says so.
    sendOptions('fd', '10.98.0.1')
    await until(() => /asked fd\.test\.local: 1 \[[^\]]*"int32":\s300\d/.test(programs['kahea']?.output() ?? ''), output)
  })

  test('watchdogs keep all connections up', async () => {
    await new Promise((resolve) => { setTimeout(resolve, WATCH_MS) })
    const text = list('kh')
    assert.deepEqual(['fd.test.local', 'fd2.test.local', 'km.test.local'].map((peer) => stateOf(text, peer)), ['I_Open', 'R_Open', 'R_Open'])
  })

  test('it says farewell to all of them, and tshark has nothing to remark', async () => {
    programs['kahea']?.kill()
    assert.equal((await programs['kahea']?.finished)?.status, 0, output())
    // What was captured is written a little later.
    const farewells = (): number => readFileSync(capture).toString('latin1').split(DISCONNECT_REQUEST).length - 1
    await until(() => farewells() >= 3, () => `${farewells()} farewells\n${output()}`, 20_000)
    programs['tshark']?.kill()
    await programs['tshark']?.finished
    const sent = sentByKahea()
    assert.deepEqual(sent.filter(([, , , malformed, severities = '']) =>
      malformed !== '' || severities.split(',').some((severity) => Number(severity) >= WARNING)), [])
    const [watchdogs, disconnects] = ['280', '282'].map((code) => sent.filter(([, codes = '']) => codes.split(',').includes(code)))
    assert.ok((watchdogs?.length ?? 0) >= 6, JSON.stringify(sent))
    // The second freeDiameter connects from the first address of this network, whatever its own is.
    assert.deepEqual(disconnects?.filter(([, , flags]) => flags !== '0' && flags !== 'False').map(([to]) => to).sort(), ['10.98.0.1', '10.98.0.2', '10.98.0.3'])
  })
})
