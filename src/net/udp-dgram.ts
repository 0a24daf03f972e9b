/** UDP through Node's dgram, where the add-on cannot be built. */
import { createSocket, type RemoteInfo } from 'node:dgram'
import { addressFamily } from '../base/address.ts'
import { codeOf, listenFailure, systemText } from './socket-error.ts'
import type { UdpError, UdpHandlers, UdpOptions, UdpSocket } from './udp.ts'

const PAYLOAD_BYTES_MAX = 65507
/** Packets handed to dgram whose sending is not confirmed; more are refused. */
const WAITING_MAX = 4096

/** dgram looks names up; ours are numeric, so nothing is to be looked up and nothing waits for a thread. */
type LookupDone = (error: Error | null, address: string, family: number) => void
function numericLookup(address: string, _options: unknown, done: LookupDone): void {
  done(null, address, address.includes(':') ? 6 : 4)
}

/** Where the packet was to go that an error of dgram is about. */
function destinationOf(error: Error): { readonly address: string; readonly port: number } {
  const address = 'address' in error && typeof error.address === 'string' ? error.address : ''
  const port = 'port' in error && typeof error.port === 'number' ? error.port : 0
  return { address, port }
}

export function openDgramSocket(options: UdpOptions, handlers: UdpHandlers): Promise<UdpSocket | UdpError> {
  const figures = {
    receivedPackets: 0, receivedBytes: 0, receiveErrors: 0, kernelDrops: -1,
    sentPackets: 0, sentBytes: 0, sendErrors: 0, sendBlocked: 0, sendRefused: 0,
  }
  const socket = createSocket({
    type: options.family === 4 ? 'udp4' : 'udp6',
    ipv6Only: options.family === 6,
    lookup: numericLookup,
  })
  let waiting = 0
  let isOpen = true

  function onMessage(bytes: Buffer, source: RemoteInfo): void {
    figures.receivedPackets++
    figures.receivedBytes += bytes.length
    handlers.onDatagram(bytes.toString('latin1'), source.address, source.port, undefined)
  }

  /** One function for all packets: dgram's errors name the destination themselves. */
  function onSent(error: Error | null, bytes: number): void {
    waiting--
    if (error) {
      figures.sendErrors++
      const code = codeOf(error)
      const { address, port } = destinationOf(error)
      handlers.onError({ code, reason: systemText(code) }, address, port)
    } else {
      figures.sentPackets++
      figures.sentBytes += bytes
    }
  }

  function refusal(code: string): UdpError {
    figures.sendRefused++
    return { code, reason: systemText(code) }
  }

  const face = (port: number): UdpSocket => ({
    body: 'dgram',
    address: options.address,
    port,
    family: options.family,
    send(text, address, port) {
      if (!isOpen) return refusal('EBADF')
      if (text.length > PAYLOAD_BYTES_MAX) return refusal('EMSGSIZE')
      if (addressFamily(address) !== options.family) return refusal('EAFNOSUPPORT')
      if (port < 1 || port > 65535) return refusal('EINVAL')
      if (waiting >= WAITING_MAX) return refusal('ENOBUFS')
      waiting++
      socket.send(Buffer.from(text, 'latin1'), port, address, onSent)
      return true
    },
    flush() {},
    counters: () => ({ ...figures }),
    close: () => new Promise((resolve) => {
      if (!isOpen) return resolve()
      isOpen = false
      socket.close(() => resolve())
    }),
  })

  return new Promise((resolve) => {
    socket.once('error', (error) => {
      socket.close()
      const code = codeOf(error)
      resolve({ code, reason: listenFailure('udp', options.address, options.port, code) })
    })
    socket.bind({ address: options.address, port: options.port, exclusive: true }, () => {
      socket.removeAllListeners('error')
      socket.on('error', (error) => {
        figures.receiveErrors++
        const code = codeOf(error)
        handlers.onError({ code, reason: systemText(code) }, '', 0)
      })
      setBuffers(socket, options)
      socket.on('message', onMessage)
      resolve(face(socket.address().port))
    })
  })
}

/** The kernel caps what it grants, and its refusal only costs speed. */
function setBuffers(socket: ReturnType<typeof createSocket>, options: UdpOptions): void {
  try {
    if (options.receiveBufferBytes) socket.setRecvBufferSize(options.receiveBufferBytes)
    if (options.sendBufferBytes) socket.setSendBufferSize(options.sendBufferBytes)
  } catch {
    // ERR_SOCKET_BUFFER_SIZE: the socket keeps the size it has.
  }
}
