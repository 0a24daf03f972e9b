/** The harness's own sockets: clients and next hops, over UDP and TCP. Whatever reaches them is recorded. */
import { createSocket } from 'node:dgram'
import type { Socket as UdpSocket } from 'node:dgram'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { intoSlot } from './slots.ts'
import type { Asked } from './traffic.ts'

/** Something that reached one of the harness's sockets. */
export interface Arrival {
  socket: string
  transport: 'UDP' | 'TCP' | 'pipe'
  /** Source `address:port`; the address alone for a connection that the server opened. */
  from: string
  /** The bytes, one character each; null when a connection was closed by the server. */
  data: string | null
}

interface Reply { send: (data: string) => void, transport: 'UDP' | 'TCP', sentBy: string }

/** Fixed UDP sockets, and TCP listeners at the same place where `listens` is set. */
const fixed = [
  { name: 'client', address: '127.0.30.9', port: 5070, listens: false },
  { name: 'other', address: '127.0.30.7', port: 5070, listens: false },
  { name: 'next', address: '127.0.30.8', port: 5080, listens: true },
  { name: 'next2', address: '127.0.30.6', port: 5080, listens: true },
  { name: 'sip', address: '127.0.30.5', port: 5060, listens: true },
  { name: 'client6', address: '[::1]', port: 6070, listens: false },
  { name: 'next6', address: '[::1]', port: 6080, listens: true },
]

const parse = (text: string): { address: string, port: number } => {
  const colon = text.lastIndexOf(':')
  return { address: text.slice(0, colon).replace(/[[\]]/g, ''), port: Number(text.slice(colon + 1)) }
}

const bindUdp = (address: string, port: number): Promise<UdpSocket> => new Promise((resolve, reject) => {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 })
  socket.once('error', reject)
  socket.bind({ address, port, exclusive: true }, () => { resolve(socket) })
})

const bindTcp = (address: string, port: number, accept: (socket: Socket) => void): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(accept)
    server.once('error', reject)
    server.listen({ host: address, port }, () => { resolve(server) })
  })

export class Endpoints {
  readonly #slot: number
  readonly #udp = new Map<string, UdpSocket>()
  readonly #servers: Server[] = []
  readonly #connections = new Map<string, Socket>()
  readonly #accepted: Socket[] = []
  readonly #sentBy = new Map<string, string>()
  readonly #requests = new Map<string, { text: string, reply: Reply }[]>()
  /** Ephemeral ports of connections, and the name each is shown by. */
  readonly ports = new Map<string, string>()
  arrivals: Arrival[] = []
  /** Replies with a challenge, in the order in which they came. */
  readonly replies: string[] = []
  touched = 0

  constructor(slot: number) { this.#slot = slot }

  async open(): Promise<void> {
    for (const { name, address, port, listens } of fixed) {
      const sentBy = intoSlot(`${address}:${port}`, this.#slot)
      const place = parse(sentBy)
      this.#sentBy.set(name, sentBy)
      const udp = await bindUdp(place.address, place.port)
      this.#udp.set(name, udp)
      udp.on('error', () => { /* an ICMP answer to something sent: the peer is simply not there */ })
      udp.on('message', (data, from) => {
        const reply: Reply = {
          send: (text) => { udp.send(Buffer.from(text, 'latin1'), from.port, from.address) }, transport: 'UDP', sentBy,
        }
        const at = from.address.includes(':') ? `[${from.address}]:${from.port}` : `${from.address}:${from.port}`
        this.#record({ socket: name, transport: 'UDP', from: at, data: data.toString('latin1') }, reply)
      })
      if (listens) this.#servers.push(await bindTcp(place.address, place.port, (socket) => { this.#accept(name, sentBy, socket) }))
    }
  }

  /** Something that came to a server of the case's own. */
  noteArrival(arrival: Arrival): void { this.#record(arrival, null) }

  #record(arrival: Arrival, reply: Reply | null): void {
    this.touched = performance.now()
    this.arrivals.push(arrival)
    if (arrival.data?.startsWith('SIP/2.0') === true && /Digest\s/i.test(arrival.data)) this.replies.push(arrival.data)
    if (reply !== null && arrival.data !== null && !arrival.data.startsWith('SIP/2.0')) {
      this.#requests.set(arrival.socket, [...this.#requests.get(arrival.socket) ?? [], { text: arrival.data, reply }])
    }
  }

  #accept(name: string, sentBy: string, socket: Socket): void {
    this.#accepted.push(socket)
    const from = socket.remoteAddress ?? ''
    this.ports.set(String(socket.remotePort), `<port of the connection to ${name}>`)
    const reply: Reply = { send: (text) => { socket.write(Buffer.from(text, 'latin1')) }, transport: 'TCP', sentBy }
    socket.on('error', () => { /* seen as a close */ })
    socket.on('data', (data) => {
      this.#record({ socket: name, transport: 'TCP', from, data: data.toString('latin1') }, reply)
    })
    socket.on('close', () => { this.#record({ socket: name, transport: 'TCP', from, data: null }, null) })
  }

  #connect(name: string, to: string): Promise<Socket> {
    const place = parse(to)
    const localAddress = place.address.includes(':') ? '::1' : intoSlot('127.0.30.9', this.#slot)
    return new Promise((resolve, reject) => {
      const socket = connect({ host: place.address, port: place.port, localAddress, noDelay: true }, () => {
        this.ports.set(String(socket.localPort), `<port of ${name}>`)
        this.#sentBy.set(name, `${localAddress.includes(':') ? '[::1]' : localAddress}:${socket.localPort}`)
        resolve(socket)
      })
      socket.once('error', reject)
      socket.on('error', () => { /* seen as a close */ })
      socket.on('data', (data) => {
        const reply: Reply = {
          send: (text) => { socket.write(Buffer.from(text, 'latin1')) }, transport: 'TCP', sentBy: this.sentBy(name),
        }
        this.#record({ socket: name, transport: 'TCP', from: to, data: data.toString('latin1') }, reply)
      })
      socket.on('close', () => {
        this.#connections.delete(name)
        this.#record({ socket: name, transport: 'TCP', from: to, data: null }, null)
      })
    })
  }

  sentBy(name: string): string { return this.#sentBy.get(name) ?? '' }

  static isTcp(name: string): boolean { return name.startsWith('tcp') }

  /** Makes sure that the TCP connection exists. */
  async prepare(name: string, to: string): Promise<void> {
    if (!Endpoints.isTcp(name) || this.#connections.has(name)) return
    this.#connections.set(name, await this.#connect(name, to))
  }

  /** Sends bytes from a socket. TCP connections go where they were opened to. */
  async send(name: string, to: string, data: string): Promise<void> {
    const bytes = Buffer.from(data, 'latin1')
    if (Endpoints.isTcp(name)) {
      await new Promise<void>((resolve) => { this.#connections.get(name)?.write(bytes, () => { resolve() }) ?? resolve() })
      return
    }
    const udp = this.#udp.get(name)
    if (udp === undefined) throw new Error(`no socket is called "${name}"`)
    const place = parse(to)
    await new Promise<void>((resolve, reject) => {
      udp.send(bytes, place.port, place.address, (error) => { if (error === null) resolve(); else reject(error) })
    })
  }

  /** A request that reached a socket, and the way back to its sender. */
  requestAt(name: string, { method, count }: Asked): { text: string, reply: Reply } | null {
    const all = (this.#requests.get(name) ?? []).filter(({ text }) => method === null || text.startsWith(`${method} `))
    return (count > 0 ? all[count - 1] : all.at(-1)) ?? null
  }

  close(name: string): void { this.#connections.get(name)?.destroy() }

  closeAll(): void {
    for (const udp of this.#udp.values()) udp.close()
    for (const socket of [...this.#connections.values(), ...this.#accepted]) socket.resetAndDestroy()
    for (const server of this.#servers) server.close()
  }
}
