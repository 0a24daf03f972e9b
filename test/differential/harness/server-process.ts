/** Starts Kamailio or Kāhea for one case, knows when it serves and when it has nothing left to do, and stops it. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Program {
  name: string
  command: string
  args: string[]
}

const root = join(import.meta.dirname, '..', '..', '..')

export const kamailio: Program = { name: 'kamailio', command: '/usr/sbin/kamailio', args: [] }

export const kamailioInstalled = (): boolean => existsSync(kamailio.command)

/** What is compared with Kamailio: `bin/kahea.js`, or the program that DIFFERENTIAL_SUBJECT names (`kamailio` proves the harness). */
export const subject = (): Program => {
  const named = process.env['DIFFERENTIAL_SUBJECT']
  if (named === 'kamailio') return { ...kamailio, name: 'kamailio again' }
  if (named !== undefined && named !== '') {
    const [command = '', ...args] = named.split(' ')
    return { name: named, command, args }
  }
  return { name: 'kahea', command: process.execPath, args: [join(root, 'bin', 'kahea.js')] }
}

/** `011E007F:13C4` for 127.0.30.1:5060, the way /proc/net/udp writes it. */
const procAddress = (address: string, port: number): string => {
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0')
  const bytes = address.includes(':')
    ? '00000000000000000000000001000000'
    : address.split('.').map(Number).reverse().map(hex).join('')
  return `${bytes}:${port.toString(16).toUpperCase().padStart(4, '0')}`
}

const procFile = (transport: string, address: string): string =>
  `/proc/net/${transport}${address.includes(':') ? '6' : ''}`

export interface Listener {
  transport: 'udp' | 'tcp'
  address: string
  port: number
}

/** The listeners that the cfg text names in `listen=udp:127.0.30.1:5060` form. */
export const listenersOf = (cfg: string): Listener[] => {
  const listeners: Listener[] = []
  for (const match of cfg.matchAll(/^\s*listen\s*=\s*(udp|tcp):(\[::1\]|[\d.]+):(\d+)/gm)) {
    const address = (match[2] ?? '').replace(/[[\]]/g, '')
    listeners.push({ transport: match[1] === 'tcp' ? 'tcp' : 'udp', address, port: Number(match[3]) })
  }
  return listeners
}

const isBound = (listener: Listener): boolean => {
  const wanted = procAddress(listener.address, listener.port)
  for (const line of readFileSync(procFile(listener.transport, listener.address), 'latin1').split('\n')) {
    const [, local, , state] = line.trim().split(/\s+/)
    if (local === wanted && (listener.transport === 'udp' || state === '0A')) return true
  }
  return false
}

const hasQueuedInput = (listener: Listener): boolean => {
  const wanted = procAddress(listener.address, listener.port)
  for (const line of readFileSync(procFile(listener.transport, listener.address), 'latin1').split('\n')) {
    const [, local, , , queues] = line.trim().split(/\s+/)
    if (local === wanted && queues !== undefined && !queues.endsWith(':00000000')) return true
  }
  return false
}

const childrenOf = (pid: number): number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

const descendantsOf = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1')
  } catch {
    return ''
  }
}

/** The letter of the state of a process or thread. */
const stateOf = (path: string): string | undefined => {
  try {
    const stat = readFileSync(path, 'latin1')
    return stat[stat.lastIndexOf(')') + 2]
  } catch {
    return undefined
  }
}

/** True when some thread of the process runs or waits for the disk. */
const isBusy = (pid: number): boolean => {
  const main = stateOf(`/proc/${pid}/stat`)
  if (main === 'R' || main === 'D') return true
  // A process of Kamailio has one thread: reading the list of threads costs more than the answer.
  const threads = main === undefined ? [] : readdirSync(`/proc/${pid}/task`)
  return threads.length > 1 && threads.some((thread) => {
    const state = stateOf(`/proc/${pid}/task/${thread}/stat`)
    return state === 'R' || state === 'D'
  })
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => {
  setTimeout(() => { setImmediate(resolve) }, milliseconds)
})

export class ServerProcess {
  readonly #child: ChildProcess
  readonly #listeners: Listener[]
  #stderr = ''
  #exit: string | null = null
  #touched = 0

  constructor(program: Program, args: string[], listeners: Listener[], folder: string, timeZone = 'UTC') {
    this.#listeners = listeners
    this.#child = spawn(program.command, [...program.args, ...args], {
      cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TZ: timeZone },
    })
    this.#child.stderr?.setEncoding('latin1')
    this.#child.stderr?.on('data', (text: string) => {
      this.#touched = performance.now()
      this.#stderr += text
    })
    this.#child.once('exit', (code, signal) => { this.#exit = signal ?? `status ${code}` })
    this.#child.once('error', (error) => { this.#exit = error.message })
  }

  /** Everything written to stderr so far. */
  get stderr(): string { return this.#stderr }
  /** How the process ended, or null while it runs. */
  get exit(): string | null { return this.#exit }
  /** When stderr last grew, in `performance.now()` milliseconds. */
  get touched(): number { return this.#touched }

  /** Waits until all listeners are bound. False when the process ended first. */
  async ready(timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs
    while (performance.now() < end) {
      if (this.#exit !== null) return false
      if (this.#listeners.every(isBound)) return true
      await pause(3)
    }
    throw new Error(`not listening after ${timeoutMs} ms\n${this.#stderr}`)
  }

  /** True when nothing waits in the sockets and no thread of the server runs. */
  idle(): boolean {
    if (this.#listeners.some(hasQueuedInput)) return false
    const pid = this.#child.pid
    if (pid === undefined) return true
    const others = descendantsOf(pid)
    // A program that the server started for a message: the script waits for its end.
    if (others.some((other) => commandOf(other) !== commandOf(pid))) return false
    return ![pid, ...others].some(isBusy)
  }

  async waitForExit(timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs
    while (this.#exit === null && performance.now() < end) await pause(2)
    return this.#exit !== null
  }

  async stop(): Promise<void> {
    const pid = this.#child.pid
    if (this.#exit === null) {
      this.#child.kill('SIGTERM')
      await this.waitForExit(1500)
    }
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // Nobody of the group is left.
    }
    await this.waitForExit(1000)
  }
}
