import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

const TRIES = 20

/** A port of this address that nobody listens on, over UDP or TCP. */
export async function freePort(address: string): Promise<number> {
  for (let left = TRIES; left > 0; left--) {
    const port = await anyTcpPort(address)
    if (await isUdpPortFree(address, port)) return port
  }
  throw new Error(`no port of ${address} is free`)
}

function anyTcpPort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host: address, port: 0 }, () => {
      const bound = server.address()
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0
      server.close(() => resolve(port))
    })
  })
}

function isUdpPortFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', () => resolve(false))
    socket.bind({ address, port, exclusive: true }, () => { socket.close(() => resolve(true)) })
  })
}
