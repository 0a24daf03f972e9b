/** Starts Kamailio or Kāhea for one case, knows when it serves and when it has nothing left to do, and stops it. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { areBound, commandOf, descendantsOf, haveQueuedInput, isBusy, type Listener } from './proc.ts'

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

/** The listeners that the cfg text names in `listen=udp:127.0.30.1:5060` form. */
export const listenersOf = (cfg: string): Listener[] => {
  const listeners: Listener[] = []
  for (const match of cfg.matchAll(/^\s*listen\s*=\s*(udp|tcp):(\[::1\]|[\d.]+):(\d+)/gm)) {
    const address = (match[2] ?? '').replace(/[[\]]/g, '')
    listeners.push({ transport: match[1] === 'tcp' ? 'tcp' : 'udp', address, port: Number(match[3]) })
  }
  return listeners
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
  #processes: number[] = []

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
      if (areBound(this.#listeners)) return true
      await pause(4)
    }
    throw new Error(`not listening after ${timeoutMs} ms\n${this.#stderr}`)
  }

  /** True when no thread of the server runs. `isFirst`: which processes there are is looked up anew. */
  isQuiet(isFirst: boolean): boolean {
    const pid = this.#child.pid
    if (pid === undefined) return true
    if (isFirst) this.#processes = [pid, ...descendantsOf(pid)]
    return !this.#processes.some(isBusy)
  }

  /** True when nothing waits in the sockets either, nor a script for a program that it started. */
  isIdle(): boolean {
    const pid = this.#child.pid
    if (pid === undefined) return true
    const command = commandOf(pid)
    return this.isQuiet(true) && this.#processes.every((each) => commandOf(each) === command) && !haveQueuedInput(this.#listeners)
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
