/** The system's byte streams: TCP, and TLS over it. */
import { createServer, Socket, type AddressInfo, type Server } from 'node:net'
import { connect as connectTls, createServer as createTlsServer, type SecureContextOptions, type TLSSocket } from 'node:tls'
import {
  StreamProblem, type StreamConnection, type StreamHandlers, type StreamListener, type StreamPlace, type StreamPorts, type StreamTarget,
  type StreamTls,
} from '../base/streams.ts'
import { codeOf } from '../net/socket-error.ts'

/** In the words of the C library, as Kamailio prints them. */
const TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  EINVAL: 'Invalid argument',
  ENETUNREACH: 'Network is unreachable',
  EPIPE: 'Broken pipe',
  ETIMEDOUT: 'Connection timed out',
}

/** How long the other side has to close its half. */
const END_MS_MAX = 2_000

/** How long the other side has to agree on TLS. */
const HANDSHAKE_MS_MAX = 5_000

function problemOf(error: unknown): StreamProblem {
  const code = codeOf(error)
  return new StreamProblem(code, TEXTS[code] ?? (error instanceof Error ? error.message : code))
}

export const systemStreams: StreamPorts = {
  connect: (target, handle) => new Promise((resolve) => {
    const socket = openSocket(target)
    if (socket instanceof StreamProblem) {
      resolve(socket)
      return
    }
    const fail = (problem: StreamProblem): void => {
      socket.destroy()
      resolve(problem)
    }
    const timer = setTimeout(() => fail(new StreamProblem('ETIMEDOUT', 'Operation now in progress')), target.timeoutMs)
    const onEarlyError = (error: Error): void => fail(problemOf(error))
    socket.once('error', onEarlyError)
    socket.once('close', () => clearTimeout(timer))
    socket.once(target.tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer)
      socket.off('error', onEarlyError)
      const connection = new SystemConnection(socket)
      connection.serve(handle(connection))
      resolve(connection)
    })
  }),
  listen: (place, accept) => new Promise((resolve) => {
    const open = new Set<Socket>()
    const server = openServer(place, (socket) => {
      const connection = new SystemConnection(socket)
      connection.serve(accept(connection))
    })
    if (server instanceof StreamProblem) {
      resolve(server)
      return
    }
    server.maxConnections = place.connectionsMax
    server.on('connection', (socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    })
    server.once('error', (error) => resolve(problemOf(error)))
    server.listen({ port: place.port, ...(place.host === '' ? {} : { host: place.host }) }, () => {
      resolve({ port: (server.address() as AddressInfo).port, close: () => closeAll(server, open) } satisfies StreamListener)
    })
  }),
}

function closeAll(server: Server, open: ReadonlySet<Socket>): void {
  server.close()
  for (const socket of open) socket.destroy()
}

function secureOptions(tls: StreamTls): SecureContextOptions {
  return {
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.authorities === undefined ? {} : { ca: tls.authorities }),
    ...(tls.versionMin === undefined ? {} : { minVersion: tls.versionMin }),
    ...(tls.versionMax === undefined ? {} : { maxVersion: tls.versionMax }),
    // Versions before 1.2 sign with SHA-1, which OpenSSL's usual level refuses.
    ...(tls.versionMin === 'TLSv1' || tls.versionMin === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  }
}

function openSocket({ host, port, localAddress, tls }: StreamTarget): Socket | StreamProblem {
  const place = { host, port, noDelay: true, ...(localAddress === '' ? {} : { localAddress }) }
  try {
    if (tls === undefined) return new Socket().connect(place)
    return connectTls({
      socket: new Socket().connect(place),
      ...secureOptions(tls),
      rejectUnauthorized: tls.authorities !== undefined,
      // Peers are known by their Diameter identity, and their certificates by who signed them.
      checkServerIdentity: () => undefined,
    })
  } catch (error) {
    return problemOf(error)
  }
}

function openServer({ tls }: StreamPlace, accept: (socket: Socket) => void): Server | StreamProblem {
  if (tls === undefined) return createServer({ noDelay: true }, accept)
  try {
    const server = createTlsServer({
      ...secureOptions(tls),
      requestCert: tls.authorities !== undefined,
      rejectUnauthorized: tls.authorities !== undefined,
      noDelay: true,
      handshakeTimeout: HANDSHAKE_MS_MAX,
    })
    server.on('secureConnection', (socket: TLSSocket) => accept(socket))
    return server
  } catch (error) {
    return problemOf(error)
  }
}

class SystemConnection implements StreamConnection {
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
  readonly #socket: Socket
  #isGathering = false

  constructor(socket: Socket) {
    this.#socket = socket
    this.localAddress = plainAddress(socket.localAddress)
    this.localPort = socket.localPort ?? 0
    this.remoteAddress = plainAddress(socket.remoteAddress)
    this.remotePort = socket.remotePort ?? 0
  }

  serve(handlers: StreamHandlers): void {
    let reason = ''
    this.#socket.on('data', (bytes: Buffer) => handlers.onBytes(bytes))
    this.#socket.on('error', (error) => {
      reason = problemOf(error).reason
    })
    this.#socket.on('close', () => handlers.onClose(reason))
  }

  get queuedBytes(): number {
    return this.#socket.writableLength
  }

  /** What is written in one turn goes out together: a system call costs more than a message. */
  write(bytes: Buffer): void {
    const socket = this.#socket
    if (!socket.writable) return
    if (!this.#isGathering) {
      this.#isGathering = true
      socket.cork()
      process.nextTick(() => {
        this.#isGathering = false
        socket.uncork()
      })
    }
    socket.write(bytes)
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    this.#socket.end()
    // The other side may leave its half open for ever.
    const timer = setTimeout(() => this.#socket.destroy(), END_MS_MAX)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  destroy(): void {
    this.#socket.destroy()
  }
}

/** Without the form that IPv4 has on sockets of both families. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}
