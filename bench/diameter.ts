/**
 * What Diameter costs: node --import tsx bench/diameter.ts [--help] [--rate 5000] [--seconds 10] [--cpu 0] [--script]
 *
 * One process asks at a steady rate, another one answers, pinned to one core each (where `taskset` is installed). The answering one is
 * the node of src/diameter alone, or with --script the built server, whose event_route[diameter:request] answers by JSON.
 * It prints how many were answered, how long that took (median, p99, most) and how much of its core the answering process used. Beside it
 * stands how late the asking process came to ask and to read: what the machine keeps from both of them is in both figures.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock } from '../src/base/clock.ts'
import { systemRandom } from '../src/base/random.ts'
import { textAvp, unsignedAvp } from '../src/diameter/avp.ts'
import type { DiameterConfig } from '../src/diameter/config.ts'
import { DiameterNode } from '../src/diameter/node.ts'
import { DiameterFailure } from '../src/diameter/transactions.ts'
import { systemStreams } from '../src/server/stream-ports.ts'

const M = 0x40
const [SERVER, CLIENT, PORT] = ['127.0.45.1', '127.0.45.2', 13_868] as const
const USER_HZ = 100
const SLICE_MS = 2

const option = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? usual : Number(process.argv[at + 1])
}

const config = (fqdn: string, peer: string, isServer: boolean): DiameterConfig => ({
  fqdn, realm: 'test', vendorId: 10_415, productName: 'bench', acceptsUnknownPeers: true, dropsUnknownOnDisconnect: true, tcSeconds: 30,
  workers: 4, queueLength: 32, connectTimeoutSeconds: 5, transactionTimeoutSeconds: 5, sessionsHashSize: 1,
  defaultAuthSessionTimeoutSeconds: 60, maxAuthSessionTimeoutSeconds: 300,
  peers: isServer ? [] : [{ fqdn: peer, realm: 'test', port: PORT, sourceAddress: CLIENT }],
  acceptors: isServer ? [{ port: PORT, bind: SERVER }] : [],
  applications: [{ id: 4, vendorId: 0, kind: 'auth' }], supportedVendors: [],
  routes: { realms: [], defaults: [{ fqdn: peer, metric: 1 }] },
})

function nodeOf(parts: DiameterConfig): DiameterNode {
  const quiet = (): void => undefined
  return new DiameterNode(parts, {
    clock: systemClock, random: systemRandom(), streams: systemStreams,
    log: { error: (text) => console.error(text), warning: quiet, info: quiet, debug: quiet },
    addressesOf: async (name) => ({ found: [name], reason: '' }),
  }, { tls: undefined, latencyThresholdMs: 5000, queueLatencyThresholdMs: 5000, queueLengthThreshold: 0, logsPeers: false })
}

async function serve(): Promise<void> {
  const node = nodeOf(config(SERVER, CLIENT, true))
  node.onRequest(() => [unsignedAvp(268, M, 2001), unsignedAvp(258, M, 4)])
  await node.start()
}

const CFG = `debug=-1
log_stderror=yes
children=4
listen=udp:${SERVER}:15060
loadmodule "pv.so"
loadmodule "cdp.so"
loadmodule "cdp_avp.so"
loadmodule "ims_diameter_server.so"
modparam("cdp", "config_file", "FOLDER/peers.xml")
request_route { exit; }
event_route[diameter:request] {
  if ($diameter_command == 272 && $diameter_request =~ "alice") {
    $diameter_response = '[{"avpCode":268,"vendorId":0,"Flags":64,"int32":2001},{"avpCode":258,"vendorId":0,"Flags":64,"int32":4}]';
  }
}
`
const XML = `<DiameterPeer FQDN="${SERVER}" Realm="test" Vendor_Id="10415" Product_Name="bench" AcceptUnknownPeers="1">
  <Acceptor port="${PORT}" bind="${SERVER}"/>
  <Auth id="4" vendor="0"/>
</DiameterPeer>
`

const canPin = spawnSync('taskset', ['--version']).status === 0

/** The answering process, on its core. */
function startServer(cpu: number, folder: string): ChildProcess {
  const isScript = process.argv.includes('--script')
  if (isScript) {
    writeFileSync(join(folder, 'kamailio.cfg'), CFG.replace('FOLDER', folder))
    writeFileSync(join(folder, 'peers.xml'), XML)
  }
  const own = isScript
    ? [join(import.meta.dirname, '..', 'bin', 'kahea.js'), 'run', join(folder, 'kamailio.cfg')]
    : ['--import', 'tsx', import.meta.filename, '--serve']
  const command = [...(canPin ? ['taskset', '-c', String(cpu)] : []), process.execPath, ...own]
  return spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Seconds of its core that a process has used. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / USER_HZ
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds) })

/** Nothing is kept of a question but its time: what lives long is copied when the asking process tidies its memory, and would be measured. */
async function ask(node: DiameterNode, rate: number, seconds: number): Promise<{ times: Float64Array; failed: number }> {
  const times = new Float64Array(Math.ceil(rate * (seconds + 1)))
  let [sent, answered, failed] = [0, 0, 0]
  const one = async (): Promise<void> => {
    const from = performance.now()
    const outcome = await node.send(node.request(4, 272, node.sessions.newId(), [
      textAvp(283, M, 'test'), unsignedAvp(258, M, 4), unsignedAvp(416, M, 1), unsignedAvp(415, M, 0), textAvp(1, M, 'alice@test'),
    ]))
    if (outcome instanceof DiameterFailure) failed++
    else times[answered++] = performance.now() - from
  }
  const start = performance.now()
  for (let now = start; now - start < seconds * 1000; now = performance.now()) {
    for (const due = ((now - start) / 1000) * rate; sent < due; sent++) void one()
    await pause(SLICE_MS)
  }
  while (answered + failed < sent) await pause(SLICE_MS)
  return { times: times.subarray(0, answered), failed }
}

async function measure(): Promise<void> {
  const [rate, seconds] = [option('rate', 5000), option('seconds', 10)]
  const cpu = option('cpu', 0)
  const folder = mkdtempSync(join(tmpdir(), 'kahea-bench-'))
  const server = startServer(cpu, folder)
  if (canPin) spawnSync('taskset', ['-acp', String((cpu + 1) % cpus().length), String(process.pid)])
  const node = nodeOf(config(CLIENT, SERVER, false))
  try {
    await pause(4000)
    await node.start()
    while (node.peer(SERVER)?.isOpen !== true) await pause(50)
    await ask(node, rate, 5)
    const before = cpuSeconds(server.pid ?? 0)
    const ownBefore = process.cpuUsage()
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const { times, failed } = await ask(node, rate, seconds)
    delay.disable()
    const used = cpuSeconds(server.pid ?? 0) - before
    const own = process.cpuUsage(ownBefore)
    times.sort()
    const at = (part: number): string => (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(2)
    console.log(`${times.length} answered, ${failed} not: ${Math.round(times.length / seconds)} a second; ` +
      `median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms; ${Math.round((used / seconds) * 100)} % of the server's core, ` +
      `${Math.round((own.user + own.system) / seconds / 10_000)} % of the asking one's, whose loop turned late by ` +
      `${(delay.percentile(99) / 1e6).toFixed(2)} ms (p99)`)
  } finally {
    await node.stop()
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv.includes('--help')) {
  console.log('usage: node --import tsx bench/diameter.ts [--rate 5000] [--seconds 10] [--cpu 0] [--script]   (--script needs npm run build)')
} else if (process.argv.includes('--serve')) await serve()
else {
  await measure()
  process.exit(0)
}
