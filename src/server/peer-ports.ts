import { createSocket } from 'node:dgram'
import { createConnection } from 'node:net'
import { StreamFailure, type DatagramPeer, type PeerPorts } from '../runtime/peer-ports.ts'

/** The kernel's. */
export const systemPeerPorts: PeerPorts = {
  openDatagram({ host, port, family }, handlers) {
    const socket = createSocket({ type: family === 4 ? 'udp4' : 'udp6' })
    return new Promise<DatagramPeer | string>((resolve) => {
      socket.once('error', (error) => resolve(error.message))
      socket.connect(port, host, () => {
        socket.removeAllListeners('error')
        socket.on('error', (error) => handlers.onError(error.message))
        socket.on('message', (bytes) => handlers.onDatagram(bytes.toString('latin1')))
        resolve({
          send(bytes) {
            socket.send(Buffer.from(bytes, 'latin1'), (error) => {
              if (error) handlers.onError(error.message)
            })
            return true
          },
          close: () => void socket.close(),
        })
      })
    })
  },
  askStream(path, request, timeoutMs) {
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
  },
}
