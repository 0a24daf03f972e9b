import { spawn } from 'node:child_process'

export interface Finished {
  readonly status: number | null
  readonly output: string
}

export interface RunningProgram {
  output(): string
  readonly finished: Promise<Finished>
  kill(): void
}

/** Starts a program and gathers what it prints; it is ended after `timeoutMs`. Its input is empty, or open and silent. */
export function startProgram(
  command: string, args: readonly string[], cwd: string, timeoutMs = 30_000, input: 'empty' | 'silent' = 'empty',
): RunningProgram {
  const child = spawn(command, [...args], { cwd, stdio: [input === 'empty' ? 'ignore' : 'pipe', 'pipe', 'pipe'], timeout: timeoutMs })
  let output = ''
  const take = (bytes: Buffer): void => {
    output += bytes.toString('latin1')
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (status) => resolve({ status, output }))
    child.once('error', (error) => resolve({ status: -1, output: `${output}${error.message}` }))
  })
  return { output: () => output, finished, kill: () => void child.kill('SIGTERM') }
}
