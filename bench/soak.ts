/**
 * Runs a server for minutes under calls that lose packets and are canceled at random, and looks whether it comes back to where it was:
 *
 *     npm run build && node --import tsx bench/soak.ts [--minutes 10] [--rate 100] [--loss 50]
 *
 * `--rate` is calls a second, `--loss` packets of a thousand, each way. The configuration is test/simulation/kamailio.cfg on loopback
 * addresses (127.0.31.x). Ends with status 1 when transactions stay, the heap grew by more than 10 %, or the log says something.
 */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { loadAddon } from '../src/net/native-addon.ts'
import { startServer } from '../src/server/server.ts'
import { loadConfiguration, StartFailure } from '../src/server/start.ts'
import type { SoakPlan, SoakReport } from './soak/phones.ts'

const SUBNET = '127.0.31'
/** The longest timer of the configuration, with room. */
const QUIET_MS = 60_000

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string', default: '100' }, loss: { type: 'string', default: '50' } },
})

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
const heapBytes = (): number => {
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

const run = async (seconds: number, seed: number): Promise<SoakReport> => {
  const plan: SoakPlan = {
    proxy: { address: `${SUBNET}.1`, port: 5060 }, subnet: SUBNET, callsPerSecond: Number(values.rate), seconds,
    lossPerMille: Number(values.loss), seed,
  }
  const phones = fork(join(import.meta.dirname, 'soak', 'phones.ts'), { execArgv: ['--import', 'tsx'] })
  phones.send(plan)
  const report = await new Promise<SoakReport>((resolve) => { phones.once('message', (message: SoakReport) => resolve(message)) })
  await setTimeout(QUIET_MS)
  return report
}

const cfg = readFileSync(join(import.meta.dirname, '..', 'test', 'simulation', 'kamailio.cfg'), 'latin1').replaceAll('192.0.2.', `${SUBNET}.`)
const loaded = await loadConfiguration({
  path: 'kamailio.cfg', readFile: () => cfg, defines: new Map(), substs: [], environment: {},
})
const addon = loadAddon(process.env)
const lines: string[] = []
const server = await startServer({
  loaded, settings: loaded.configuration.settings, listens: [], aliases: [], environment: {},
  addon: typeof addon === 'string' ? undefined : addon,
  sink: () => ({ colours: new Map(), write: (record) => lines.push(record.text.trim()), close: () => undefined }),
  onShutdown: () => undefined,
})
if (server instanceof StartFailure) throw new Error(server.reason)

let longestPauseMs = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestPauseMs = Math.max(longestPauseMs, duration)
}).observe({ entryTypes: ['gc'] })
const inUse = (): number => server.host.statistics.counter('tmx', 'inuse_transactions').value

// Code is compiled and tables find their size in the first half minute.
await run(30, 1)
const before = heapBytes()
// The collections asked for here are told of a little later, and are not the server's.
await setTimeout(500)
longestPauseMs = 0
const report = await run(Number(values.minutes) * 60, 2)
const pauseMs = longestPauseMs
const after = heapBytes()
const left = inUse()
await server.stop()

const growth = after / before - 1
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
console.table({
  calls: report.calls,
  established: report.established,
  canceled: report.canceled,
  'without answer': report.withoutAnswer,
  packets: report.packets,
  lost: report.lost,
  'transactions left': left,
  'heap before, MB': megabytes(before),
  'heap after, MB': megabytes(after),
  'longest GC pause, ms': pauseMs.toFixed(1),
  'lines of the log': lines.length,
})
for (const line of new Set(lines)) console.log(line)
process.exitCode = left === 0 && growth < 0.1 && lines.length === 0 && report.withoutAnswer === 0 ? 0 : 1
