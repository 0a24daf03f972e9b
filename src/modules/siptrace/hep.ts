/**
 * Homer's encapsulation: a message with where it came from and went. HEP 1 and 2 have fixed heads, HEP 3 is chunks of
 * vendor, type, length and data (all numbers in network order, but for the times of HEP 2).
 */
import { addressBytes, addressFamily } from '../../base/address.ts'

/** Where a message came from or went: what HEP says of it. */
export interface HepEnd {
  /** As IP numbers protocols. */
  readonly protocol: number
  readonly family: 4 | 6
  readonly address: Uint8Array
  readonly port: number
}

/** What one packet is made of. */
export interface HepPacket {
  readonly from: HepEnd
  readonly to: HepEnd
  readonly atMs: number
  readonly captureId: number
  readonly payload: string
}

/** How Linux numbers address families, which is what Kamailio sends. */
const FAMILY = { 4: 2, 6: 10 } as const
/** TLS and WebSocket are no protocols of IP: Kamailio writes the number of IDP. */
const PROTOCOL: Readonly<Record<string, number>> = { udp: 17, any: 17, tcp: 6, sctp: 132, tls: 22, ws: 22, wss: 22 }
const PACKET_BYTES_MAX = 65535

const Chunk = {
  family: 1, protocol: 2, from4: 3, to4: 4, from6: 5, to6: 6, fromPort: 7, toPort: 8, seconds: 9, microseconds: 10,
  kind: 11, agent: 12, key: 14, payload: 15, correlation: 17,
} as const

/** What the payload is. */
export const HepKind = { sip: 1, log: 100 } as const

/** Reads `proto:address:port`; a text says what is wrong with it. */
export function parseHepEnd(text: string): HepEnd | string {
  const colon = text.indexOf(':')
  const protocol = PROTOCOL[text.slice(0, Math.max(colon, 0))]
  if (protocol === undefined) return `bad protocol ${text}`
  const rest = text.slice(colon + 1)
  const last = rest.lastIndexOf(':')
  const host = last > 0 ? rest.slice(0, last) : rest
  const port = last > 0 ? rest.slice(last + 1) : '0'
  if (!/^\d+$/.test(port)) return 'there is not a valid number port'
  const family = addressFamily(host)
  const address = addressBytes(host)
  if (family === 0 || address === undefined) return `malformed ip address ${host}`
  return { protocol, family, address, port: Number(port) & 0xffff }
}

function head(version: number, { from, to }: HepPacket): readonly (Buffer | Uint8Array)[] {
  const fixed = Buffer.alloc(8)
  fixed[0] = version
  fixed[1] = 8 + 2 * from.address.length
  fixed[2] = FAMILY[from.family]
  fixed[3] = to.protocol
  fixed.writeUInt16BE(from.port, 4)
  fixed.writeUInt16BE(to.port, 6)
  return [fixed, from.address, to.address]
}

/** HEP 1 and 2; undefined for what is too long. */
export function packHep2(version: 1 | 2, packet: HepPacket): string | undefined {
  // Kamailio reckons with the largest head, whatever is sent.
  if (packet.payload.length + 52 > PACKET_BYTES_MAX) return undefined
  const parts = [...head(version, packet)]
  if (version === 2) {
    const time = Buffer.alloc(12)
    time.writeUInt32LE(Math.floor(packet.atMs / 1000) >>> 0, 0)
    time.writeUInt32LE(Math.floor((packet.atMs % 1000) * 1000), 4)
    time.writeUInt16LE(packet.captureId & 0xffff, 8)
    parts.push(time)
  }
  return Buffer.concat(parts).toString('latin1') + packet.payload
}

class Chunks {
  readonly #parts: Buffer[] = []
  length = 6

  add(type: number, data: Uint8Array): this {
    const start = Buffer.alloc(6)
    start.writeUInt16BE(type, 2)
    start.writeUInt16BE((data.length + 6) & 0xffff, 4)
    this.#parts.push(start, Buffer.from(data))
    this.length += data.length + 6
    return this
  }

  addNumber(type: number, value: number, bytes: 1 | 2 | 4): this {
    const data = Buffer.alloc(bytes)
    data.writeUIntBE(bytes === 4 ? value >>> 0 : value, 0, bytes)
    return this.add(type, data)
  }

  addText(type: number, text: string): this {
    return this.add(type, Buffer.from(text, 'latin1'))
  }

  /** The packet; undefined when it is too long for one. */
  pack(): string | undefined {
    if (this.length > PACKET_BYTES_MAX) return undefined
    const start = Buffer.from('HEP3\0\0', 'latin1')
    start.writeUInt16BE(this.length, 4)
    return Buffer.concat([start, ...this.#parts]).toString('latin1')
  }
}

/** HEP 3 with a SIP message; undefined for what is too long. */
export function packHep3(packet: HepPacket, authKey: string, correlationId: string): string | undefined {
  const { from, to } = packet
  const isIpv4 = from.family === 4
  const chunks = new Chunks()
    .addNumber(Chunk.family, FAMILY[from.family], 1)
    .addNumber(Chunk.protocol, to.protocol, 1)
    .add(isIpv4 ? Chunk.from4 : Chunk.from6, from.address)
    .add(isIpv4 ? Chunk.to4 : Chunk.to6, to.address)
    .addNumber(Chunk.fromPort, from.port, 2)
    .addNumber(Chunk.toPort, to.port, 2)
  addTail(chunks, packet, HepKind.sip)
  if (correlationId !== '') chunks.addText(Chunk.correlation, correlationId)
  if (authKey !== '') chunks.addText(Chunk.key, authKey)
  return chunks.addText(Chunk.payload, packet.payload).pack()
}

/** HEP 3 with a line of text (hlog()): from the socket that sends it to who gets it. */
export function packHepLog(packet: HepPacket, authKey: string, correlationId: string): string | undefined {
  const { from, to } = packet
  const isIpv4 = from.family === 4
  const chunks = new Chunks()
    .addNumber(Chunk.family, FAMILY[from.family], 1)
    .addNumber(Chunk.protocol, 17, 1)
    .add(isIpv4 ? Chunk.from4 : Chunk.from6, from.address)
    .add(isIpv4 ? Chunk.to4 : Chunk.to6, to.address)
    .addNumber(Chunk.toPort, to.port, 2)
    .addNumber(Chunk.fromPort, from.port, 2)
  addTail(chunks, packet, HepKind.log)
  chunks.addText(Chunk.correlation, correlationId)
  if (authKey !== '') chunks.addText(Chunk.key, authKey)
  return chunks.addText(Chunk.payload, packet.payload).pack()
}

function addTail(chunks: Chunks, { atMs, captureId }: HepPacket, kind: number): void {
  chunks
    .addNumber(Chunk.seconds, Math.floor(atMs / 1000), 4)
    .addNumber(Chunk.microseconds, Math.floor((atMs % 1000) * 1000), 4)
    .addNumber(Chunk.kind, kind, 1)
    .addNumber(Chunk.agent, captureId, 4)
}
