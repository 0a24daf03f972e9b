/** Machines of their own within this one: network namespaces on a bridge that nobody else sees. As root on Linux. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { missingPrograms } from './installed.ts'

const NET = '10.98.7.'

/** For a test's `skip`. */
export function namespacesMissing(): string | false {
  const missing = missingPrograms('ip', 'iptables')
  if (missing !== false) return missing
  const name = `kahea-try-${process.pid}`
  const isMade = spawnSync('ip', ['netns', 'add', name]).status === 0
  if (isMade) spawnSync('ip', ['netns', 'del', name])
  return isMade ? false : 'no network namespaces here: run as root on Linux'
}

export interface RunningProgram {
  output(): string
  readonly child: ChildProcess
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

let made = 0

export class Namespaces {
  readonly #prefix = `kahea-${process.pid}-${++made}-`
  readonly #names: string[] = []
  readonly #programs = new Set<ChildProcess>()

  constructor() {
    this.#add('hub')
    this.run('hub', 'ip', 'link', 'add', 'bridge0', 'type', 'bridge', 'forward_delay', '0')
    this.run('hub', 'ip', 'link', 'set', 'bridge0', 'up')
  }

  static address(number: number): string {
    return `${NET}${number}`
  }

  /** A machine with that address, connected to all others; `hosts` is its /etc/hosts. */
  machine(name: string, number: number, hosts = ''): void {
    this.#add(name)
    const folder = `/etc/netns/${this.#prefix}${name}`
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/hosts`, `127.0.0.1 localhost\n${hosts}`)
    const port = `port-${name}`
    this.run('hub', 'ip', 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#prefix + name)
    this.run('hub', 'ip', 'link', 'set', port, 'master', 'bridge0', 'up')
    this.run(name, 'ip', 'address', 'add', `${Namespaces.address(number)}/24`, 'dev', 'eth0')
    this.run(name, 'ip', 'link', 'set', 'eth0', 'up')
    this.run(name, 'ip', 'link', 'set', 'lo', 'up')
  }

  /** Takes a machine off the network, or puts it back. */
  connect(name: string, isConnected: boolean): void {
    this.run('hub', 'ip', 'link', 'set', `port-${name}`, isConnected ? 'up' : 'down')
  }

  /** Loses so many of a hundred packets that come to a machine; 0 for none. */
  lose(name: string, percent: number): void {
    this.run(name, 'iptables', '-F', 'INPUT')
    if (percent === 0) return
    this.run(name, 'iptables', '-A', 'INPUT', '-i', 'eth0', '-m', 'statistic', '--mode', 'random', '--probability', String(percent / 100), '-j', 'DROP')
  }

  run(name: string, ...command: readonly string[]): void {
    const done = spawnSync('ip', ['netns', 'exec', this.#prefix + name, ...command], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`${command.join(' ')} in ${name}: ${done.stderr}`)
  }

  start(name: string, command: string, args: readonly string[]): RunningProgram {
    const child = spawn('ip', ['netns', 'exec', this.#prefix + name, command, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#programs.add(child)
    let output = ''
    child.stdout.on('data', (bytes: Buffer) => { output += bytes.toString('latin1') })
    child.stderr.on('data', (bytes: Buffer) => { output += bytes.toString('latin1') })
    child.once('exit', () => this.#programs.delete(child))
    return {
      output: () => output,
      child,
      stop: (signal = 'SIGTERM') => new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          resolve(child.exitCode)
          return
        }
        child.once('exit', (status) => resolve(status))
        child.kill(signal)
      }),
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#programs].map((child) => new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 5000).unref()
    })))
    for (const name of this.#names) {
      spawnSync('ip', ['netns', 'del', this.#prefix + name])
      rmSync(`/etc/netns/${this.#prefix}${name}`, { recursive: true, force: true })
    }
  }

  #add(name: string): void {
    const added = spawnSync('ip', ['netns', 'add', this.#prefix + name], { encoding: 'utf8' })
    if (added.status !== 0) throw new Error(added.stderr)
    this.#names.push(name)
  }
}
