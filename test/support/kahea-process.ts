/** The server as a user starts it: the command, its output, and its end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const COMMAND = join(import.meta.dirname, '..', '..', 'bin', 'kahea.js')
/** Interpreters of other languages take their time on a busy machine. */
const START_MS_MAX = 60_000
const STOP_MS_MAX = 20_000

export interface RunningServer {
  /** Everything printed and logged so far. */
  output(): string
  /** Ends the server; the exit status. */
  stop(): Promise<number | null>
}

export interface KaheaProcess extends RunningServer {
  readonly pid: number
}

/** Starts the command, under this Node or another one, and waits until it listens. */
export async function startKahea(args: readonly string[], node = process.execPath): Promise<KaheaProcess> {
  const child = spawn(node, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const listening = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${output}`)), START_MS_MAX)
    const take = (bytes: Buffer): void => {
      output += bytes.toString('latin1')
      if (!output.includes('Listening on')) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', (status) => {
      clearTimeout(timer)
      reject(new Error(`the server left with status ${status}:\n${output}`))
    })
  })
  try {
    await listening
  } catch (error) {
    // Left running, it would keep the tests' own process from ending.
    child.kill('SIGKILL')
    throw error
  }
  return { pid: child.pid ?? 0, output: () => output, stop: () => stop(child) }
}

function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    child.once('exit', (status) => {
      clearTimeout(timer)
      resolve(status)
    })
    child.kill('SIGTERM')
  })
}
