import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { createConnection } from 'node:net'
import type { NativeAddon } from '../net/native-addon.ts'
import { isUdpError, openUdpSocket } from '../net/udp.ts'
import { StreamFailure, type DatagramHandlers, type DatagramPeer, type PeerAddress, type PeerPorts } from '../runtime/peer-ports.ts'
import { openWebSocket } from './web-socket-peer.ts'

/** The kernel's. */
export function systemPeerPorts(addon: NativeAddon | undefined): PeerPorts {
  return {
    openDatagram: (peer, handlers) =>
      (peer.tos === undefined || addon === undefined ? openConnected(peer, handlers) : openMarked(peer, handlers, addon)),
    openWebSocket,
    askStream,
  }
}

function openConnected({ host, port, family, localAddress }: PeerAddress, handlers: DatagramHandlers): Promise<DatagramPeer | string> {
  const socket = createSocket({ type: family === 4 ? 'udp4' : 'udp6' })
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      socket.close()
      resolve(error.message)
    }
    socket.once('error', fail)
    // A name that is not found comes to the callback.
    const connect = (): void => socket.connect(port, host, (failure?: Error | null) => {
      socket.removeAllListeners('error')
      if (failure !== undefined && failure !== null) return fail(failure)
      socket.on('error', (error) => handlers.onError(error.message))
      socket.on('message', (bytes) => handlers.onDatagram(bytes.toString('latin1')))
      let isOpen = true
      resolve({
        send(bytes) {
          if (!isOpen) return 'the socket is closed'
          socket.send(Buffer.from(bytes, 'latin1'), (error) => {
            if (error) handlers.onError(error.message)
          })
          return true
        },
        isOpen: () => isOpen,
        close() {
          if (isOpen) socket.close()
          isOpen = false
        },
      })
    })
    if (localAddress === undefined) connect()
    else socket.bind({ address: localAddress, port: 0 }, connect)
  })
}

/** With a type of service: Node's own sockets know none. */
async function openMarked(peer: PeerAddress, handlers: DatagramHandlers, addon: NativeAddon): Promise<DatagramPeer | string> {
  const { port, family, tos } = peer
  const address = await addressOf(peer)
  if (address.reason !== undefined) return address.reason
  const { text } = address
  const local = peer.localAddress ?? (family === 4 ? '0.0.0.0' : '::')
  const socket = await openUdpSocket({ address: local, port: 0, family, ...(tos === undefined ? {} : { tos }) }, {
    onDatagram(bytes, sourceAddress, sourcePort) {
      if (sourceAddress === text && sourcePort === port) handlers.onDatagram(bytes)
    },
    onError: ({ reason }) => handlers.onError(reason),
  }, addon)
  if (isUdpError(socket)) return socket.reason
  let isOpen = true
  return {
    send(bytes) {
      if (!isOpen) return 'the socket is closed'
      const sent = socket.send(bytes, text, port)
      if (sent !== true) return sent.reason
      socket.flush()
      return true
    },
    isOpen: () => isOpen,
    close() {
      if (isOpen) void socket.close()
      isOpen = false
    },
  }
}

async function addressOf({ host, family }: PeerAddress): Promise<{ readonly text: string; readonly reason?: string }> {
  try {
    return { text: (await lookup(host, { family })).address }
  } catch (error) {
    return { text: '', reason: error instanceof Error ? error.message : String(error) }
  }
}

function askStream(path: string, request: string, timeoutMs: number): Promise<string | StreamFailure> {
  return new Promise((resolve) => {
    let step: StreamFailure['step'] = 'connect'
    const socket = createConnection({ path })
    const end = (answer: string | StreamFailure): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => end(new StreamFailure(step, 'no answer in time')))
    socket.on('connect', () => {
      step = 'send'
      socket.write(Buffer.from(request, 'latin1'), () => {
        step = 'read'
      })
    })
    socket.on('data', (bytes) => end(bytes.toString('latin1')))
    socket.on('error', (error) => end(new StreamFailure(step, error.message)))
    socket.on('close', () => end(new StreamFailure('read', 'the connection was closed')))
  })
}
