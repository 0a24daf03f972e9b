/** UDP through Node's dgram, where the add-on cannot be built. */
import { ownText } from '../base/own-text.ts'
import { createSocket, type RemoteInfo } from 'node:dgram'
import { addressFamily } from '../base/address.ts'
import { ScanModule } from './scan-module.ts'
import { codeOf, listenFailure, systemText } from './socket-error.ts'
import type { UdpError, UdpHandlers, UdpOptions, UdpSocket } from './udp.ts'

const PAYLOAD_BYTES_MAX = 65507
/** Packets that wait in dgram for the kernel to take them; more are refused. */
const WAITING_MAX = 4096
/**
 * dgram tells the fate of a packet only to a callback, which costs a tenth of a packet's time. So an address is asked about
 * until a packet to it went out, and then each time so many more did.
 */
const UNASKED_MAX = 64
const PEERS_MAX = 4096

interface Peer {
  readonly address: string
  /** How many more packets may go there without asking; none where the last one asked about did not go out. */
  unasked: number
}

/** dgram looks names up; ours are numeric, so nothing is to be looked up and nothing waits for a thread. */
type LookupDone = (error: Error | null, address: string, family: number) => void
function numericLookup(address: string, _options: unknown, done: LookupDone): void {
  done(null, address, address.includes(':') ? 6 : 4)
}

/** The port that the packet was to go to which an error of dgram is about. */
function portOf(error: Error): number {
  return 'port' in error && typeof error.port === 'number' ? error.port : 0
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
  const scanner = ScanModule.load()
  let isOpen = true
  const peers = new Map<string, Peer>()
  /** The one that was sent to last: looked at first, since a comparison costs less than a hash. */
  let last: Peer = { address: '', unasked: 0 }

  function onMessage(bytes: Buffer, source: RemoteInfo): void {
    figures.receivedPackets++
    figures.receivedBytes += bytes.length
    handlers.onDatagram(bytes.toString('latin1'), source.address, source.port, scanner?.look(bytes))
  }

  /** Packets handed over since dgram's queue was looked at. */
  let unchecked = 0

  function isQueueFull(): boolean {
    unchecked = 0
    return socket.getSendQueueCount() >= WAITING_MAX
  }

  function onSent(address: string, error: Error | null, byteCount: number): void {
    if (error === null) {
      figures.sentPackets++
      figures.sentBytes += byteCount
      const known = peers.get(address)
      if (known !== undefined) {
        known.unasked = UNASKED_MAX
        return
      }
      if (peers.size >= PEERS_MAX) peers.clear()
      // The address may be a slice of a packet: the map would keep the packet alive.
      const own = ownText(address)
      peers.set(own, { address: own, unasked: UNASKED_MAX })
      return
    }
    const peer = peers.get(address)
    if (peer !== undefined) peer.unasked = 0
    figures.sendErrors++
    const code = codeOf(error)
    handlers.onError({ code, reason: systemText(code) }, address, portOf(error))
  }

  function refusal(code: string): UdpError {
    figures.sendRefused++
    return { code, reason: systemText(code) }
  }

  function sendAndAsk(text: string, address: string, port: number): true | UdpError {
    if (addressFamily(address) !== options.family) return refusal('EAFNOSUPPORT')
    if (isQueueFull()) return refusal('ENOBUFS')
    socket.send(Buffer.from(text, 'latin1'), port, address, (error, byteCount) => onSent(address, error, byteCount))
    return true
  }

  const face = (port: number): UdpSocket => ({
    body: 'dgram',
    address: options.address,
    port,
    family: options.family,
    send(text, address, port) {
      if (!isOpen) return refusal('EBADF')
      if (text.length > PAYLOAD_BYTES_MAX) return refusal('EMSGSIZE')
      if (port < 1 || port > 65535) return refusal('EINVAL')
      const peer = last.address === address ? last : peers.get(address)
      if (peer === undefined || peer.unasked === 0) return sendAndAsk(text, address, port)
      if (++unchecked >= UNASKED_MAX && isQueueFull()) return refusal('ENOBUFS')
      last = peer
      peer.unasked--
      const bytes = Buffer.from(text, 'latin1')
      figures.sentPackets++
      figures.sentBytes += bytes.length
      socket.send(bytes, port, address)
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
