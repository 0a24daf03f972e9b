import { exec } from 'node:child_process'
import type { Host } from '../../runtime/host.ts'

const TIMEOUT_MS = 10_000
const OUTPUT_BYTES_MAX = 65_536

/** Runs a shell command of the script; other messages go on meanwhile. */
export function executeCommand(host: Host, command: string): Promise<number> {
  return new Promise((resolve) => {
    exec(command, { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX }, (error) => {
      if (error) host.log.notice('<core>', `exec(): "${command}" failed: ${error.message}`)
      resolve(error ? -1 : 1)
    })
  })
}
