/** A WebSocket towards a server that helps this one (RFC 6455). */
import type { MessagePeer, PeerPorts, WebSocketHandlers } from '../runtime/peer-ports.ts'

/** Bytes that wait to be sent; more are refused. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024

/** Certificates are not checked, as Kamailio's lwsc does not: media engines have their own. */
export const openWebSocket: PeerPorts['openWebSocket'] = async ({ url, protocol, timeoutMs, bytesMax }, handlers) => {
  const { WebSocket } = await import('ws')
  return new Promise<MessagePeer | string>((resolve) => {
    let socket
    try {
      socket = new WebSocket(url, [protocol], {
        handshakeTimeout: timeoutMs, maxPayload: bytesMax, perMessageDeflate: false, followRedirects: false, rejectUnauthorized: false,
      })
    } catch (error) {
      resolve(reasonOf(error))
      return
    }
    follow(socket, handlers, resolve)
  })
}

type Opened = InstanceType<(typeof import('ws'))['WebSocket']>

function follow(socket: Opened, handlers: WebSocketHandlers, opened: (peer: MessagePeer | string) => void): void {
  let failure = 'the connection was closed'
  let hasStood = false
  socket.on('error', (error) => {
    failure = error.message
  })
  socket.on('close', () => {
    opened(failure)
    if (hasStood) handlers.onClose(failure)
  })
  socket.on('message', (data) => handlers.onMessage(textOf(data)))
  socket.on('open', () => {
    hasStood = true
    opened({
      send(bytes) {
        if (socket.readyState !== socket.OPEN) return failure
        if (socket.bufferedAmount > WAITING_BYTES_MAX) return 'too much waits to be sent'
        // A text frame holds UTF-8 (RFC 6455 §5.6), which a description need not be.
        socket.send(Buffer.from(bytes, 'latin1'), { binary: /[^\x00-\x7f]/.test(bytes) })
        return true
      },
      isOpen: () => socket.readyState === socket.OPEN,
      close: () => socket.terminate(),
    })
  })
}

function textOf(data: Buffer | ArrayBuffer | readonly Buffer[]): string {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data
  return Buffer.isBuffer(bytes) ? bytes.toString('latin1') : ''
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
