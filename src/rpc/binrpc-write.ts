/** Values and packets of binrpc, the protocol of kamcmd, as byte strings. */
import { RpcDouble, RpcFault, RpcNamedList, RpcStruct, type RpcAnswer, type RpcArgument, type RpcValue } from '../define/define.ts'
import { PACKET_MAGIC, PacketType, RecordType, STRUCTURE_END } from './binrpc-format.ts'

/** A packet: what kind it is, the number that its answer repeats, and its records. */
export function binrpcPacket(type: PacketType, cookie: number, body: string): string {
  const length = shortest(body.length)
  const number = shortest(cookie >>> 0)
  const second = (type << 4) | ((length.length - 1) << 2) | (number.length - 1)
  return String.fromCharCode(PACKET_MAGIC, second) + length + number + body
}

export function binrpcRequest(method: string, args: readonly RpcArgument[], cookie: number): string {
  return binrpcPacket(PacketType.request, cookie, record(method) + args.map((value) => record(value ?? '')).join(''))
}

/** The answer to a request: its values, or the fault. */
export function binrpcAnswer(answer: RpcAnswer, cookie: number): string {
  return answer instanceof RpcFault
    ? binrpcPacket(PacketType.fault, cookie, record(answer.code) + record(answer.reason))
    : binrpcPacket(PacketType.reply, cookie, answer.map(record).join(''))
}

function record(value: RpcValue): string {
  if (typeof value === 'string') return head(RecordType.text, value.length + 1) + value + '\0'
  if (typeof value === 'number') return integer(value)
  if (value === null) return record('<null string>')
  if (value instanceof RpcDouble) return numeric(RecordType.double, Math.round(value.value * 1000) | 0)
  if (value instanceof RpcStruct || value instanceof RpcNamedList) return structure(value.entries)
  return head(RecordType.array, 0) + value.map(record).join('') + String.fromCharCode(STRUCTURE_END | RecordType.array)
}

function structure(entries: readonly (readonly [name: string, value: RpcValue])[]): string {
  const members = entries.map(([name, value]) => `${head(RecordType.name, name.length + 1)}${name}\0${member(value)}`)
  return head(RecordType.struct, 0) + members.join('') + String.fromCharCode(STRUCTURE_END | RecordType.struct)
}

/**
 * kamcmd knows no arrays inside of structures. There they are structures: with the names of their members where each is a
 * structure of one member, else with values that have no names.
 */
function member(value: RpcValue): string {
  if (typeof value !== 'object' || value === null || !isList(value)) return record(value)
  if (value.length > 0 && value.every(isNamed)) return structure(value.flatMap((each) => (each instanceof RpcStruct ? each.entries : [])))
  return head(RecordType.struct, 0) + value.map(record).join('') + String.fromCharCode(STRUCTURE_END | RecordType.struct)
}

function isList(value: object): value is readonly RpcValue[] {
  return Array.isArray(value)
}

function isNamed(value: RpcValue): boolean {
  return value instanceof RpcStruct && value.entries.length === 1
}

/** What has more than 32 bits goes as text: kamcmd reads no more. */
function integer(value: number): string {
  const whole = Math.trunc(value)
  if (whole > 0xffff_ffff || whole < -0x8000_0000) return record(String(whole))
  return numeric(RecordType.int, whole)
}

function numeric(type: RecordType, value: number): string {
  if (value === 0) return head(type, 0)
  const bytes = shortest(value >>> 0)
  return head(type, bytes.length) + bytes
}

/** Type and size; sizes above 7 stand in bytes of their own. */
function head(type: RecordType, size: number): string {
  if (size <= 7) return String.fromCharCode((size << 4) | type)
  const bytes = shortest(size)
  return String.fromCharCode(0x80 | (bytes.length << 4) | type) + bytes
}

/** Big-endian in as few bytes as it takes, one at least. */
function shortest(value: number): string {
  let bytes = ''
  let rest = value
  do {
    bytes = String.fromCharCode(rest & 0xff) + bytes
    rest = Math.floor(rest / 256)
  } while (rest > 0)
  return bytes
}
