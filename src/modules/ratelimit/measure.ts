/** What the system tells: how busy the processors are, and how many bytes wait in sockets. Linux alone does. */
import { addressBytes } from '../../base/address.ts'
import type { FileAccess } from '../../runtime/host.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'

export class ProcessorLoad {
  readonly #files: FileAccess
  #before: { readonly all: number; readonly idle: number } | undefined = undefined

  constructor(files: FileAccess) {
    this.#files = files
  }

  /** The share of time since the last call that was not idle; undefined at the first call, and where nobody knows. */
  read(): number | undefined {
    const [, text = ''] = /^cpu +(.*)/.exec(this.#files.read('/proc/stat') ?? '') ?? []
    const times = text.split(' ').slice(0, 8).map(Number)
    const all = times.reduce((sum, time) => sum + time, 0)
    const idle = times[3] ?? 0
    if (!Number.isFinite(all) || all === 0) return undefined
    const before = this.#before
    this.#before = { all, idle }
    return before === undefined || all === before.all ? undefined : 1 - (idle - before.idle) / (all - before.all)
  }
}

/** An address as /proc/net/udp has it: words of four bytes, each in the machine's order, in hexadecimal. */
function hexAddress(address: string): string {
  const bytes = addressBytes(address) ?? new Uint8Array()
  let text = ''
  for (let word = 0; word < bytes.length; word += 4) {
    for (let at = word + 3; at >= word; at--) text += (bytes[at] ?? 0).toString(16).padStart(2, '0')
  }
  return text.toUpperCase()
}

/** Bytes that came and were not read yet, of all UDP sockets of the server. */
export function waitingBytes(files: FileAccess, sockets: readonly ListenSocket[]): number {
  const own = new Set(sockets.filter(({ transport }) => transport === 'udp')
    .map(({ address, port }) => `${hexAddress(address)}:${port.toString(16).padStart(4, '0').toUpperCase()}`))
  let sum = 0
  for (const path of ['/proc/net/udp', '/proc/net/udp6']) {
    for (const line of (files.read(path) ?? '').split('\n')) {
      const [, local = '', queue = '0'] = /^\s*\d+: (\S+) \S+ \S+ [0-9A-F]+:([0-9A-F]+)/.exec(line) ?? []
      if (own.has(local)) sum += Number.parseInt(queue, 16)
    }
  }
  return sum
}
