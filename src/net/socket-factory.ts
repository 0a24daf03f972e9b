/** What opens sockets: the system's, or those of a simulated network. */
import { networkInterfaces } from 'node:os'
import type { Duplex } from 'node:stream'
import type { ListenSocket } from '../sip/endpoint.ts'
import type { NativeAddon } from './native-addon.ts'
import { localAddressFor, type Interfaces } from './route-lookup.ts'
import type { StreamSettings } from './stream-settings.ts'
import { connectTcp, listenTcp, type TcpError, type TcpListener, type TcpListenOptions } from './tcp.ts'
import { openUdpSocket, type UdpError, type UdpHandlers, type UdpOptions, type UdpSocket } from './udp.ts'

/** A TCP connection: `net.Socket`, or what looks like one. It tells `connect` as a socket does. */
export interface TcpStream extends Duplex {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  /** False when it stands already. */
  readonly connecting?: boolean
}

export interface SocketFactory {
  /** What moves UDP packets. */
  readonly udpBody: UdpSocket['body']
  openUdp(options: UdpOptions, handlers: UdpHandlers): Promise<UdpSocket | UdpError>
  listenTcp(
    options: TcpListenOptions,
    settings: StreamSettings,
    onConnection: (stream: TcpStream) => void,
    onError: (reason: string) => void,
  ): Promise<TcpListener | TcpError>
  /** Begins a connection; `socket` is the one to come from if that is forced. */
  connectTcp(address: string, port: number, socket: ListenSocket, settings: StreamSettings, isSocketForced: boolean): TcpStream | TcpError
  /** The own address that packets to a destination leave from (`mhomed`). */
  localAddressFor(destination: string): string | undefined
  interfaces(): Interfaces
}

/** The kernel's, UDP by the add-on when there is one. */
export function systemSockets(addon: NativeAddon | undefined): SocketFactory {
  return {
    udpBody: addon ? 'add-on' : 'dgram',
    openUdp: (options, handlers) => openUdpSocket(options, handlers, addon),
    listenTcp,
    connectTcp: (...request) => connectTcp(addon, ...request),
    localAddressFor: (destination) => localAddressFor(destination, addon, networkInterfaces),
    interfaces: networkInterfaces,
  }
}
