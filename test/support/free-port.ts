import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

const TRIES = 20

/** A port of this address that nobody listens on, over UDP or TCP: any, or the first from `lowest` on. */
export async function freePort(address: string, lowest?: number): Promise<number> {
  for (let index = 0; index < TRIES; index++) {
    const port = await freeTcpPort(address, lowest === undefined ? 0 : lowest + index)
    if (port !== undefined && await isUdpPortFree(address, port)) return port
  }
  throw new Error(`no port of ${address} is free`)
}

/** Port 0 is any. */
function freeTcpPort(address: string, wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ host: address, port: wanted }, () => {
      const bound = server.address()
      server.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : undefined))
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
