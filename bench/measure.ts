/** Starts a server pinned to one core, loads it from another, and reads what it cost from /proc. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const SERVER_CORE = '0'
const LOAD_CORE = '1'
const WARMUPS_MAX = 5

export interface Contender {
  name: string
  command: string[]
  env: Record<string, string>
}

export interface Load {
  mode: 'options' | 'call' | 'register'
  seconds: number
  warmupSeconds: number
  window: number
  /** So many begin each second, whatever becomes of them; without it as many as the window lets. */
  rate?: number
}

export interface Measurement {
  done: number
  perSecond: number
  /** Server CPU microseconds for each exchange (or call). */
  cpuMicroseconds: number
  p50Ms: number
  p99Ms: number
  lost: number
  retransmitted: number
  refused: number
  /** Proportional set size of all its processes, in MB. */
  memoryMb: number
}

export const contenders: Contender[] = [
  { name: 'kamailio', command: ['/usr/sbin/kamailio', '-x', 'fm', '-X', 'fm'], env: {} },
  { name: 'kahea', command: [process.execPath, join(root, 'bin', 'kahea.js')], env: {} },
  { name: 'kahea, dgram', command: [process.execPath, join(root, 'bin', 'kahea.js')], env: { KAHEA_NO_ADDON: '1' } },
]

const compile = (folder: string, name: string): string => {
  const program = join(folder, name)
  execFileSync('cc', ['-O2', '-Wall', '-o', program, join(root, 'bench', 'load', `${name}.c`)], { stdio: 'inherit' })
  return program
}

/** Compiles the load generator into a folder of its own and returns its path. */
export const buildGenerator = (folder: string): string => compile(folder, 'sipgen')

/** Forwarders that read no SIP: what is theirs is the machine's. */
export const buildFloors = (folder: string): Contender[] => [
  { name: 'no SIP, C', command: [compile(folder, 'forward')], env: {} },
  { name: 'no SIP, dgram', command: [process.execPath, '--import', 'tsx', join(root, 'bench', 'load', 'forward-dgram.ts')], env: {} },
]

const processTree = (pid: number): number[] => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(processTree)]
}

/** CPU seconds of all threads of the processes, in user and kernel mode; a tick is 10 ms. */
const cpuSeconds = (pid: number): number => processTree(pid).reduce((sum, each) => {
  const stat = readFileSync(`/proc/${each}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return sum + (Number(fields[11]) + Number(fields[12])) / 100
}, 0)

const memoryMb = (pid: number): number => processTree(pid).reduce((sum, each) => {
  const pss = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'latin1'))?.[1]
  return sum + Number(pss ?? 0) / 1024
}, 0)

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds) })

const isListening = (): boolean => readFileSync('/proc/net/udp', 'latin1').includes(' F11E007F:13C4 ')

interface LoadResult { done: number, lost: number, retransmitted: number, refused: number, perSecond: number, p50Ms: number, p99Ms: number }

const runLoad = (generator: string, load: Load, seconds: number): Promise<LoadResult> => new Promise((resolve, reject) => {
  const rate = load.rate === undefined ? [] : ['-r', String(load.rate)]
  const args = ['-c', LOAD_CORE, generator, '-m', load.mode, '-t', String(seconds), '-w', String(load.window), ...rate]
  const child = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (data: Buffer) => { out += data.toString() })
  child.once('error', reject)
  child.once('close', (code) => {
    if (code === 0) resolve(JSON.parse(out))
    else reject(new Error(`the load generator ended with ${code}`))
  })
})

/** One server, one configuration, one load: warmed up first, then measured. */
export const measure = async (contender: Contender, cfg: string, load: Load, generator: string): Promise<Measurement> => {
  if (isListening()) throw new Error('something listens on 127.0.30.241:5060 already')
  const folder = mkdtempSync(join(tmpdir(), 'kahea-bench-'))
  const args = [
    '-c', SERVER_CORE, ...contender.command, '-f', cfg, '-DD', '-E', '-w', folder, '-Y', folder, '-P', join(folder, 'pid'), '-m', '512', '-M', '16',
  ]
  const server = spawn('taskset', args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...contender.env } })
  let stderr = ''
  server.stderr.on('data', (data: Buffer) => { stderr = (stderr + data.toString()).slice(-4000) })
  try {
    const end = performance.now() + 60_000
    while (!isListening()) {
      if (server.exitCode !== null || performance.now() > end) throw new Error(`${contender.name} does not start\n${stderr}`)
      await pause(10)
    }
    await pause(200)
    if (server.exitCode !== null) throw new Error(`${contender.name} ended\n${stderr}`)
    const pid = server.pid ?? 0
    // Interpreters of other languages may be read when the server listens already: what is lost then counts for nobody.
    for (let round = 0; load.warmupSeconds > 0 && round < WARMUPS_MAX; round++) {
      if ((await runLoad(generator, load, load.warmupSeconds)).lost === 0) break
    }
    const before = cpuSeconds(pid)
    const result = await runLoad(generator, load, load.seconds)
    const cpu = cpuSeconds(pid) - before
    if (result.done === 0) throw new Error(`${contender.name} answered nothing\n${stderr}`)
    return { ...result, cpuMicroseconds: cpu * 1e6 / result.done, memoryMb: memoryMb(pid) }
  } finally {
    server.kill('SIGTERM')
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => { server.kill('SIGKILL') }, 3000)
      server.once('close', () => {
        clearTimeout(timer)
        resolve()
      })
      if (server.exitCode !== null) resolve()
    })
    rmSync(folder, { recursive: true, force: true })
  }
}
