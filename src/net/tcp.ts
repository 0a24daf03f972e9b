/** TCP: listening sockets and connections to others. */
import { connect, createServer, Socket, type Server } from 'node:net'
import type { ListenSocket } from '../sip/endpoint.ts'
import type { NativeAddon } from './native-addon.ts'
import { codeOf, listenFailure, systemText } from './socket-error.ts'
import type { StreamSettings } from './stream-settings.ts'

export interface TcpListener {
  readonly port: number
  close(): Promise<void>
}

export interface TcpError {
  readonly code: string
  readonly reason: string
}

export interface TcpListenOptions {
  readonly address: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly family: 4 | 6
}

export function isTcpError(value: object): value is TcpError {
  return 'reason' in value
}

/** Listens; each connection is handed on with its options set. */
export function listenTcp(
  options: TcpListenOptions,
  settings: StreamSettings,
  onConnection: (stream: Socket) => void,
  onError: (reason: string) => void,
): Promise<TcpListener | TcpError> {
  const server = createServer({ noDelay: true })
  server.on('connection', (stream) => {
    setKeepAlive(stream, settings)
    onConnection(stream)
  })
  return new Promise((resolve) => {
    server.once('error', (error) => {
      const code = codeOf(error)
      resolve({ code, reason: listenFailure('tcp', options.address, options.port, code) })
    })
    server.listen(
      {
        host: options.address,
        port: options.port,
        ipv6Only: options.family === 6,
        backlog: settings.tcp_listen_backlog,
        exclusive: true,
      },
      () => {
        server.removeAllListeners('error')
        // EMFILE and the like: the socket listens on, only this connection is lost.
        server.on('error', (error) => onError(systemText(codeOf(error))))
        resolve({ port: portOf(server, options.port), close: () => closeServer(server) })
      },
    )
  })
}

/**
 * Begins a connection. The kernel chooses the own address, as in Kamailio, unless `tcp_source_ipv4/6` names one. One to this
 * machine stands at once, or is refused at once where the add-on is there: a script then hears that nobody listens.
 */
export function connectTcp(
  addon: NativeAddon | undefined,
  address: string,
  port: number,
  socket: ListenSocket,
  settings: StreamSettings,
  isSocketForced: boolean,
): Socket | TcpError {
  const configured = socket.family === 4 ? settings.tcp_source_ipv4 : settings.tcp_source_ipv6
  const source = configured || (isSocketForced ? socket.address : '')
  const made = isHere(address, socket) ? addon?.connectTcp(address, port, source) : undefined
  if (made !== undefined && 'code' in made) return { code: made.code, reason: systemText(made.code) }
  const stream = made === undefined
    ? connect({ host: address, port, noDelay: true, ...(source ? { localAddress: source } : {}) })
    : new Socket({ fd: made.fd, readable: true, writable: true }).setNoDelay(true)
  setKeepAlive(stream, settings)
  return stream
}

const isHere = (address: string, socket: ListenSocket): boolean =>
  address.startsWith('127.') || address === '::1' || address === socket.address

function setKeepAlive(stream: Socket, settings: StreamSettings): void {
  if (settings.tcp_keepalive !== 0) stream.setKeepAlive(true, settings.tcp_keepidle * 1000)
}

function portOf(server: Server, asked: number): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : asked
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => { server.close(() => resolve()) })
}
