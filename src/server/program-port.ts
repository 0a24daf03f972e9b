import { spawn, type ChildProcess } from 'node:child_process'
import type { ProgramCall, ProgramEnd, ProgramPort } from '../runtime/program-port.ts'

const SHELL = '/bin/sh'
/** Programs that may run at one time. */
const RUNNING_MAX = 100
/** Behind the request to end. */
const KILL_AFTER_MS = 2000

export function systemPrograms(): ProgramPort {
  const running = new Set<ChildProcess>()
  return {
    run(call) {
      if (running.size >= RUNNING_MAX) return Promise.resolve(`${RUNNING_MAX} programs run already`)
      return run(call, running)
    },
    close() {
      for (const child of running) endGroup(child, 'SIGTERM')
    },
  }
}

/** The shell and what it started. */
function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

function run(call: ProgramCall, running: Set<ChildProcess>): Promise<ProgramEnd | string> {
  const { command, input, environment, timeMs, outputBytesMax } = call
  return new Promise((resolve) => {
    const child = spawn(SHELL, ['-c', bytesAsText(command)], {
      detached: true, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, bytesAsText(value)])) },
    })
    running.add(child)
    const parts: Buffer[] = []
    let length = 0
    child.stdout?.on('data', (data: Buffer) => {
      length += data.length
      if (length <= outputBytesMax) parts.push(data)
    })
    // Who does not read its input to the end closes it.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(Buffer.from(input ?? '', 'latin1'))
    const timers = [
      setTimeout(() => endGroup(child, 'SIGTERM'), timeMs),
      setTimeout(() => endGroup(child, 'SIGKILL'), timeMs + KILL_AFTER_MS),
    ]
    const end = (result: ProgramEnd | string): void => {
      for (const timer of timers) clearTimeout(timer)
      running.delete(child)
      resolve(result)
    }
    child.once('error', (error) => end(error.message))
    child.once('close', (status, signal) => {
      end({ status: status ?? undefined, signal: signal ?? undefined, output: Buffer.concat(parts).toString('latin1') })
    })
  })
}

/** Node writes arguments in UTF-8: a byte string that is UTF-8 comes out as it was. */
const bytesAsText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\0', '')
