/** The example file that everybody begins with, as it is, where its names and addresses are to be found: it listens, and tries all its peers. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { missingPrograms } from '../support/installed.ts'
import { Namespaces, namespacesMissing } from '../support/namespaces.ts'
import { until } from '../support/until.ts'

const root = join(import.meta.dirname, '..', '..')
const ARTICLE = join(root, 'test', 'fixtures', 'diameter', 'article.xml')
const PEERS = [1, 2, 3, 4, 5, 6].map((number) => ({ name: `pcrf${number}.ims.smilecoms.com`, address: Namespaces.address(10 + number) }))
const WAIT_MS = 20_000

const cfg = (file: string, folder: string, address: string): string => `debug=0
log_stderror=yes
children=1
listen=udp:${address}:5060
loadmodule "ctl.so"
loadmodule "cdp.so"
modparam("ctl", "binrpc", "unix:${folder}/ctl")
modparam("cdp", "config_file", "${file}")
request_route { exit; }
`

/** Ports that are listened on in the network of a process, over TCP. */
function listeningPorts(pid: number): ReadonlySet<number> {
  const lines = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'latin1').split('\n'))
  return new Set(lines.flatMap((line) => {
    const [, port, state] = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ ([0-9A-F]{2})/.exec(line) ?? []
    return state === '0A' && port !== undefined ? [Number.parseInt(port, 16)] : []
  }))
}

test('the example with its names found listens on its three acceptors, and has the peers that are there', {
  skip: namespacesMissing() || missingPrograms('kamcmd'),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-article-'))
  const net = new Namespaces()
  try {
    const hosts = PEERS.map(({ name, address }) => `${address} ${name}\n`).join('')
    net.machine('pcscf', 1, hosts)
    net.run('pcscf', 'ip', 'address', 'add', '192.168.1.1/24', 'dev', 'lo')
    net.machine('pcrf', 11, hosts)
    for (const { address } of PEERS.slice(1)) net.run('pcrf', 'ip', 'address', 'add', `${address}/24`, 'dev', 'eth0')
    // The first two are there, and the others refuse.
    const programs = ['pcscf', ...PEERS.slice(0, 2).map(({ name }) => name)]
    writeFileSync(join(folder, 'pcscf.cfg'), cfg(ARTICLE, folder, Namespaces.address(1)))
    for (const { name, address } of PEERS.slice(0, 2)) {
      writeFileSync(join(folder, `${name}.xml`), `<DiameterPeer FQDN="${name}" Realm="ims.smilecoms.com" Vendor_Id="10415" Product_Name="k">
        <Acceptor port="3868" bind="${address}"/><Auth id="16777216" vendor="10415"/></DiameterPeer>`)
      writeFileSync(join(folder, `${name}.cfg`), cfg(join(folder, `${name}.xml`), join(folder, name), address).replace('loadmodule "ctl.so"\n', '')
        .replace(/modparam\("ctl".*\n/, ''))
    }
    const start = (name: string, file: string): ReturnType<Namespaces['start']> =>
      net.start(name, process.execPath, [join(root, 'bin', 'kahea.js'), 'run', join(folder, `${file}.cfg`)])
    for (const name of programs.slice(1)) {
      const pcrf = start('pcrf', name)
      await until(() => pcrf.output().includes('Successful socket'), pcrf.output, WAIT_MS)
    }
    const pcscf = start('pcscf', 'pcscf')
    const list = (): string => spawnSync('kamcmd', ['-s', `unix:${folder}/ctl`, 'cdp.list_peers'], { encoding: 'utf8' }).stdout
    const states = (): string[] => {
      const text = list()
      return PEERS.map(({ name }) => new RegExp(`FQDN: ${name}\\s+Details: \\{\\s+State: (\\w+)`).exec(text)?.[1] ?? 'none')
    }
    await until(() => pcscf.output().includes('Listening on'), pcscf.output, WAIT_MS)
    await until(() => states().join() === 'I_Open,I_Open,Closed,Closed,Closed,Closed', () => `${states().join()}\n${pcscf.output()}`, WAIT_MS)
    const expected = [
      ...PEERS.slice(2).map(({ address }) => `connection to to ${address} port 3868 >Connection refused`),
      ...['0.0.0.0 port 3868', '127.0.0.1 port 3869', '192.168.1.1 port 3870'].map((place) => `Successful socket open/bind/listen on ${place}`),
    ]
    const missing = (): string[] => expected.filter((line) => !pcscf.output().includes(line))
    await until(() => missing().length === 0, () => `${missing().join('\n')}\n${pcscf.output()}`, WAIT_MS)
    const ports = listeningPorts(pcscf.child.pid ?? 0)
    assert.deepEqual([3868, 3869, 3870].filter((port) => ports.has(port)), [3868, 3869, 3870])
    assert.match(list(), /Realm: ims\.smilecoms\.com\s+Identity: pcscf\.ims\.smilecoms\.com/)
  } finally {
    await net.end()
    rmSync(folder, { recursive: true, force: true })
  }
})
