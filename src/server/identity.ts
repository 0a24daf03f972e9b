import { readFileSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { packageRoot } from '../base/package-root.ts'

/** The name in Server and User-Agent headers, in log lines and RPC answers. */
export const product = 'kahea'

/** From package.json, two folders up from the sources and from what is built of them alike. */
export const version: string = readVersion()

function readVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8'))
  const found = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined
  return typeof found === 'string' ? found : 'unknown'
}

/** Architecture and system, as in `x86_64/linux`. */
export const machine = `${arch() === 'x64' ? 'x86_64' : arch()}/${platform()}`

/** `kahea (0.1.0 (x86_64/linux))`: the default value of Server and User-Agent. */
export const productToken = `${product} (${version} (${machine}))`
