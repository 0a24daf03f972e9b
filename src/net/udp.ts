/** UDP sockets: one face, two bodies (the native add-on, or Node's dgram). */
import type { Scan } from '../sip/scan.ts'
import type { NativeAddon } from './native-addon.ts'
import { openAddonSocket } from './udp-addon.ts'
import { openDgramSocket } from './udp-dgram.ts'

export interface UdpOptions {
  /** Numeric, IPv6 without brackets. */
  readonly address: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly family: 4 | 6
  readonly receiveBufferBytes?: number
  readonly sendBufferBytes?: number
  readonly reusePort?: boolean
  /** Bind an address this machine does not have (yet). */
  readonly freeBind?: boolean
  readonly tos?: number
  /** True sets the don't-fragment bit, false clears it. */
  readonly pmtuDiscovery?: boolean
}

export interface UdpHandlers {
  /** A packet; `text` has one character a byte. `scan` holds during the call: where the headers are, if the add-on looked. */
  onDatagram(text: string, sourceAddress: string, sourcePort: number, scan: Scan | undefined): void
  /** A packet that was taken and then could not be sent, or a fault of the socket itself (address ''). */
  onError(error: UdpError, address: string, port: number): void
}

export interface UdpError {
  /** `EADDRINUSE` and the like. */
  readonly code: string
  /** What happened and, where we know, what to do. */
  readonly reason: string
}

/** Figures since the socket was opened. */
export interface UdpCounters {
  readonly receivedPackets: number
  readonly receivedBytes: number
  readonly receiveErrors: number
  /** Packets that the kernel threw away because the receive buffer was full; -1 when it does not say. */
  readonly kernelDrops: number
  readonly sentPackets: number
  readonly sentBytes: number
  readonly sendErrors: number
  /** How often the kernel's send buffer was full. */
  readonly sendBlocked: number
  /** Packets refused because they are too large or too many wait. */
  readonly sendRefused: number
}

export interface UdpSocket {
  readonly body: 'add-on' | 'dgram' | 'simulated'
  readonly address: string
  readonly port: number
  readonly family: 4 | 6
  /** Takes a packet (one character a byte) for sending; true, or why not. `address` is numeric. */
  send(text: string, address: string, port: number): true | UdpError
  /** Sends now what waits for the end of the batch. */
  flush(): void
  counters(): UdpCounters
  close(): Promise<void>
}

export function isUdpError(value: UdpSocket | UdpError): value is UdpError {
  return 'reason' in value
}

/** Opens a socket with the add-on when there is one. */
export async function openUdpSocket(
  options: UdpOptions,
  handlers: UdpHandlers,
  addon: NativeAddon | undefined,
): Promise<UdpSocket | UdpError> {
  return addon ? openAddonSocket(addon, options, handlers) : openDgramSocket(options, handlers)
}
