/** Reads packets of binrpc out of byte strings. */
import { RpcDouble, RpcStruct, type RpcValue } from '../define/define.ts'
import { PACKET_MAGIC, RecordType, STRUCTURE_END } from './binrpc-format.ts'

const DEPTH_MAX = 32

export interface BinrpcPacket {
  readonly type: number
  readonly cookie: number
  readonly body: string
  /** How many bytes it took. */
  readonly size: number
}

/** The packet that the bytes begin with: undefined while there is more to come, a text when they are no packet. */
export function readPacket(bytes: string, bodyMax: number): BinrpcPacket | string | undefined {
  if (bytes.length === 0) return undefined
  if (bytes.charCodeAt(0) !== PACKET_MAGIC) return 'no binrpc packet'
  if (bytes.length < 2) return undefined
  const second = bytes.charCodeAt(1)
  const lengthBytes = ((second >> 2) & 3) + 1
  const cookieBytes = (second & 3) + 1
  const start = 2 + lengthBytes + cookieBytes
  if (bytes.length < start) return undefined
  const length = bigEndian(bytes, 2, lengthBytes)
  if (length > bodyMax) return `a body of ${length} bytes is too large`
  if (bytes.length < start + length) return undefined
  return {
    type: second >> 4,
    cookie: bigEndian(bytes, 2 + lengthBytes, cookieBytes),
    body: bytes.slice(start, start + length),
    size: start + length,
  }
}

/** How many bytes the packet takes that the bytes begin with, 2 to 10 of them; 0 while they do not tell yet. */
export function packetSize(bytes: string): number {
  const second = bytes.charCodeAt(1)
  const lengthBytes = ((second >> 2) & 3) + 1
  return bytes.length < 2 + lengthBytes ? 0 : 3 + lengthBytes + (second & 3) + bigEndian(bytes, 2, lengthBytes)
}

/** The values of a packet's body; a text says what is wrong with them. */
export function readRecords(body: string): readonly RpcValue[] | string {
  const reader = new RecordReader(body)
  const values: RpcValue[] = []
  while (!reader.isAtEnd) {
    const value = reader.value(0)
    if (value === undefined) return reader.fault
    values.push(value)
  }
  return values
}

function bigEndian(bytes: string, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at++) value = value * 256 + bytes.charCodeAt(at)
  return value
}

interface Head {
  readonly type: number
  readonly size: number
  readonly isEnd: boolean
}

class RecordReader {
  fault = 'the packet ends too early'
  readonly #bytes: string
  #at = 0

  constructor(bytes: string) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  value(depth: number): RpcValue | undefined {
    const head = this.#head()
    if (head === undefined || head.isEnd) return undefined
    switch (head.type) {
      case RecordType.int:
        return this.#number(head.size)
      case RecordType.double: {
        const thousandths = this.#number(head.size)
        return thousandths === undefined ? undefined : new RpcDouble(thousandths / 1000)
      }
      case RecordType.text:
        return this.#text(head.size, true)
      case RecordType.bytes:
        return this.#text(head.size, false)
      case RecordType.struct:
      case RecordType.array:
        return depth >= DEPTH_MAX ? this.#refuse('the values are nested too deep') : this.#members(head.type, depth + 1)
      default:
        return this.#refuse(`no record has the type ${head.type}`)
    }
  }

  /** A structure of names and values; without names, and for arrays, a list. */
  #members(type: number, depth: number): RpcValue | undefined {
    const struct = new RpcStruct()
    const items: RpcValue[] = []
    for (;;) {
      const mark = this.#at
      const head = this.#head()
      if (head === undefined) return undefined
      if (head.isEnd) return items.length > 0 || type === RecordType.array ? items : struct
      if (head.type === RecordType.name) {
        const name = this.#text(head.size, true)
        const value = name === undefined ? undefined : this.value(depth)
        if (name === undefined || value === undefined) return undefined
        struct.add(name, value)
        continue
      }
      this.#at = mark
      const value = this.value(depth)
      if (value === undefined) return undefined
      items.push(value)
    }
  }

  #head(): Head | undefined {
    if (this.isAtEnd) return undefined
    const byte = this.#bytes.charCodeAt(this.#at++)
    const type = byte & 0x0f
    const size = (byte >> 4) & 7
    if ((byte & STRUCTURE_END) === 0) return { type, size, isEnd: false }
    if (size === 0) return { type, size: 0, isEnd: true }
    if (size > 4 || this.#at + size > this.#bytes.length) return undefined
    const length = bigEndian(this.#bytes, this.#at, size)
    this.#at += size
    return { type, size: length, isEnd: false }
  }

  #number(size: number): number | undefined {
    if (size > 6 || this.#at + size > this.#bytes.length) return undefined
    const value = bigEndian(this.#bytes, this.#at, size)
    this.#at += size
    return size === 4 ? value | 0 : value
  }

  #text(size: number, endsInZero: boolean): string | undefined {
    if (this.#at + size > this.#bytes.length) return undefined
    const text = this.#bytes.slice(this.#at, this.#at + size)
    this.#at += size
    return endsInZero && text.endsWith('\0') ? text.slice(0, -1) : text
  }

  #refuse(reason: string): undefined {
    this.fault = reason
    return undefined
  }
}
