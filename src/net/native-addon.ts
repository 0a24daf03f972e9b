/** The native add-on's face and how it is found. */
import { createRequire } from 'node:module'
import { packageFolder } from '../base/package-root.ts'
import { teachHeaderNames, type ScanAddon } from '../sip/scan.ts'

export interface NativeFailure {
  /** errno, positive. */
  readonly error: number
  /** `EADDRINUSE` and the like. */
  readonly code: string
  /** The system's words for it. */
  readonly text: string
  /** What was being done: `bind`, `socket`, ... */
  readonly step: string
}

export interface NativeUdpOptions {
  readonly address: string
  readonly port: number
  readonly family: 4 | 6
  readonly receiveBufferBytes?: number
  readonly sendBufferBytes?: number
  readonly reusePort?: boolean
  readonly freeBind?: boolean
  readonly tos?: number
  readonly pmtuDiscovery?: boolean
}

export interface NativeUdpSocket {
  readonly port: number
  readonly receiveBufferBytes: number
  readonly sendBufferBytes: number
  /** Eight words for each packet of the batch: port, slot, fresh, scope, address. */
  readonly sources: Uint32Array
  /** A row for each packet of the batch: see `Scan`. */
  readonly scans: Int32Array
  readonly counters: Float64Array
  /** Gives a slot (0 to 4095) its address. 0 or -errno. */
  setDestination(slot: number, address: string): number
  /** Takes slot * 65536 + port. Undefined when taken, or -errno. */
  queue(text: string, slotAndPort: number): number | undefined
  /** Packets that still wait. */
  flush(): number
  kernelDrops(): number
  close(): void
}

export interface NativeUnixSocket {
  /** 0 or -errno. */
  send(text: string, path: string): number
  close(): void
}

export interface NativeAddon extends ScanAddon {
  openUdp(
    options: NativeUdpOptions,
    onBatch: (...texts: string[]) => void,
    onFailure: (failure: NativeFailure, address: string, port: number) => void,
  ): NativeUdpSocket | NativeFailure
  openUnix(
    options: { readonly path?: string },
    onDatagram: (text: string, sourcePath: string) => void,
  ): NativeUnixSocket | NativeFailure
  /** The own address that packets to a destination leave from. */
  localAddressFor(address: string): string | undefined
  /** A connection that the kernel makes or refuses at once, as to this machine; undefined when it takes its time. `source` may be empty. */
  connectTcp(address: string, port: number, source: string): { readonly fd: number } | NativeFailure | undefined
}

function isAddon(value: unknown): value is NativeAddon {
  return typeof value === 'object' && value !== null
    && 'openUdp' in value && 'openUnix' in value && 'localAddressFor' in value && 'connectTcp' in value && 'scan' in value
}

/** Loads the add-on; the text says why it is not there. Not loaded when `KAHEA_NO_ADDON` is 1. */
export function loadAddon(environment: Readonly<Record<string, string | undefined>>): NativeAddon | string {
  if (environment['KAHEA_NO_ADDON'] === '1') return 'KAHEA_NO_ADDON is set'
  try {
    const require = createRequire(import.meta.url)
    const load: unknown = require('node-gyp-build')
    if (typeof load !== 'function') return 'node-gyp-build is not a function'
    const addon: unknown = load(packageFolder)
    if (!isAddon(addon)) return 'the add-on has nothing for this system'
    teachHeaderNames(addon)
    return addon
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] ?? 'unknown' : String(error)
  }
}
