/** One server of bench/cluster.ts, which says what to do. */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { loadAddon } from '../../src/net/native-addon.ts'
import { startServer } from '../../src/server/server.ts'
import { loadConfiguration, StartFailure } from '../../src/server/start.ts'
import { NO_CONNECTION, usrlocApi, type ContactInfo } from '../../src/modules/usrloc/api.ts'

export interface NodePlan {
  readonly cfg: string
  /** Contacts to begin with. */
  readonly contacts: number
}

export interface NodeReport {
  readonly contacts: number
  readonly rssMegabytes: number
  readonly heapMegabytes: number
  /** The longest that the event loop did not turn since the last report, and the most processor time of one turn. */
  readonly stallMs: number
  readonly turnCpuMs: number
  /** The longest, less what the thread waited for a processor that other programs had. */
  readonly ownStallMs: number
  /** Processor time of the thread since the start. */
  readonly cpuSeconds: number
  /** The longest pause for garbage collection. */
  readonly collectionMs: number
  readonly repaired: number
  readonly dropped: number
}

const MEGABYTE = 1024 * 1024
const FILL_PIECE = 5000
/** How often the event loop is to turn at least. */
const TURN_MS = 1

process.once('message', (plan: NodePlan) => void run(plan))

async function run(plan: NodePlan): Promise<void> {
  const loaded = await loadConfiguration({ path: 'cluster.cfg', readFile: () => plan.cfg, defines: new Map(), substs: [], environment: {} })
  const addon = loadAddon(process.env)
  const server = await startServer({
    loaded, settings: loaded.configuration.settings, listens: [], aliases: [], environment: {},
    addon: typeof addon === 'string' ? undefined : addon,
    sink: () => ({ colours: new Map(), write: (record) => void process.stderr.write(record.text), close: () => undefined }),
    onShutdown: () => undefined,
  })
  if (server instanceof StartFailure) throw new Error(server.reason)
  const usrloc = server.host.api(usrlocApi)
  if (usrloc === undefined) throw new Error('no usrloc')
  const table = usrloc.table('location')
  for (let index = 0; index < plan.contacts; index++) {
    const aor = `user${index}`
    void usrloc.change(table, aor, (change) => change.insert(infoOf(index, usrloc.now())), () => undefined)
    if (index % FILL_PIECE === FILL_PIECE - 1) await new Promise((resolve) => { setImmediate(resolve) })
  }
  const delay = monitorEventLoopDelay({ resolution: 2 })
  delay.enable()
  let turnCpuMs = 0
  let ownStallMs = 0
  let before = { ...threadTimes(), atMs: performance.now() }
  const turn = (): void => {
    const now = { ...threadTimes(), atMs: performance.now() }
    turnCpuMs = Math.max(turnCpuMs, now.cpuMs - before.cpuMs)
    ownStallMs = Math.max(ownStallMs, now.atMs - before.atMs - (now.waitedMs - before.waitedMs) - TURN_MS)
    before = now
    setTimeout(turn, TURN_MS)
  }
  turn()
  let collectionMs = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collectionMs = Math.max(collectionMs, duration)
  }).observe({ entryTypes: ['gc'] })
  const counter = (name: string): number => server.host.statistics.counter('dmq', name).value
  const report = (): NodeReport => {
    const { rss, heapUsed } = process.memoryUsage()
    const shown = {
      contacts: table.contacts, rssMegabytes: Math.round(rss / MEGABYTE), heapMegabytes: Math.round(heapUsed / MEGABYTE),
      stallMs: Math.round(delay.max / 1e5) / 10, turnCpuMs: Math.round(turnCpuMs * 10) / 10,
      ownStallMs: Math.round(ownStallMs * 10) / 10, cpuSeconds: Math.round(threadTimes().cpuMs / 100) / 10, collectionMs: Math.round(collectionMs * 10) / 10,
      repaired: counter('repaired'), dropped: counter('dropped'),
    }
    delay.reset()
    turnCpuMs = 0
    ownStallMs = 0
    collectionMs = 0
    return shown
  }
  process.on('message', (word: string) => {
    if (word === 'report') process.send?.(report())
    else if (word === 'diff') void server.host.rpc('dmq.diff', []).then((answer) => process.send?.(JSON.stringify(answer)))
    else if (word === 'stop') void server.stop().then(() => process.exit(0))
  })
  process.send?.('ready')
}

/** What this thread has had of a processor, and how long it waited for one: on a busy machine the wall tells of others. */
function threadTimes(): { readonly cpuMs: number; readonly waitedMs: number } {
  const [cpu, waited] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')
  return { cpuMs: Number(cpu) / 1e6, waitedMs: Number(waited) / 1e6 }
}

function infoOf(index: number, now: number): ContactInfo {
  return {
    uri: `sip:user${index}@198.51.100.${index % 250}:${5060 + (index % 1000)};transport=udp`, callId: `call-${index}-${index * 7919}@phones.example.com`,
    cseq: 1, expires: now + 3600 + (index % 3600), q: -1, userAgent: `Phone ${index % 20}/1.0`, received: `sip:203.0.113.${index % 250}:40000`,
    path: '', socket: undefined, socketText: '', flags: 0, cflags: 0, methods: -1, instance: '', regId: 0,
    ruid: `uloc-1-6b043fb3-${index.toString(16)}`, serverId: 1, connectionId: NO_CONNECTION, lastModified: now, xavp: undefined,
  }
}
