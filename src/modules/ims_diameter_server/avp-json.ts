/** AVPs as Kamailio's JSON, and back: `[{"avpCode":268,"vendorId":0,"Flags":64,"int32":2001}]`. */
import { AvpFlag, AvpProblem, group, makeAvp, ungroup, type Avp } from '../../diameter/avp.ts'
import { JsonObject, type JsonValue } from '../../rpc/json-value.ts'
import { readJson } from '../../rpc/json-read.ts'
import { writeJson } from '../../rpc/json-write.ts'

/** Kamailio's numbers of its own types of data. */
const DataType = { data: 0, string: 1, address: 2, integer32: 3 } as const
type DataType = (typeof DataType)[keyof typeof DataType]

interface KnownAvp {
  readonly type: DataType
  /** What is always set, and what stays as it came. */
  readonly flags: number
  readonly kept: number
}

const M = AvpFlag.mandatory
const P = AvpFlag.protected
const known = (codes: readonly number[], type: DataType, flags: number, kept: number): readonly [number, KnownAvp][] =>
  codes.map((code) => [code, { type, flags, kept }])

/** AVPs that have a type; by code alone, whoever the vendor is. */
const KNOWN: ReadonlyMap<number, KnownAvp> = new Map([
  ...known([1, 25, 263, 264, 283, 293, 296], DataType.string, M, P),
  ...known([27, 258, 262, 265, 266, 268, 270, 276, 278, 291], DataType.integer32, M, P),
  ...known([33], DataType.string, M, 0),
  ...known([257], DataType.address, M, P),
  ...known([269], DataType.string, 0, 0),
  ...known([281], DataType.string, 0, P),
])

const DEPTH_MAX = 32
/** Longer values are cut off in JSON, as in Kamailio. */
const TEXT_BYTES_MAX = 8 * 1024 - 1

const flagsOf = (code: number, flags: number): number => {
  const rule = KNOWN.get(code)
  return rule === undefined ? flags : rule.flags | (flags & rule.kept)
}

/** As C prints it: up to a byte of 0. */
function text(data: Buffer): string {
  const end = data.indexOf(0)
  return data.toString('latin1', 0, Math.min(end < 0 ? data.length : end, TEXT_BYTES_MAX))
}

export function avpsToJson(avps: readonly Avp[]): string {
  return writeJson(avps.map((avp) => toObject(avp, 0)), true)
}

function toObject(avp: Avp, depth: number): JsonObject {
  const type = KNOWN.get(avp.code)?.type ?? DataType.data
  const object = new JsonObject()
    .add('avpCode', avp.code)
    .add('vendorId', avp.vendorId)
    .add('DataType', type)
    .add('Flags', flagsOf(avp.code, avp.flags))
  if (type === DataType.string) return object.add('string', text(avp.data))
  if (type === DataType.integer32) return object.add('int32', leading32(avp.data))
  if (type === DataType.address) {
    const address = addressText(avp.data)
    return address === undefined ? object : object.add('address', address)
  }
  return withData(object, avp.data, depth)
}

/** What the type does not tell: the bytes, and what they may be read as. */
function withData(object: JsonObject, data: Buffer, depth: number): JsonObject {
  object.add('data', data.toString('hex', 0, (TEXT_BYTES_MAX - 1) >> 1))
  if (data.length === 4) return object.add('int32', data.readUInt32BE(0))
  if (data.length < 4) return object
  const shown = text(data)
  if (shown !== '') return object.add('string', shown)
  const members = depth < DEPTH_MAX ? ungroup(data) : []
  return object.add('list', members instanceof AvpProblem ? [] : members.map((member) => toObject(member, depth + 1)))
}

/** A number of 32 bits; bytes that are not there count as 0. */
function leading32(data: Buffer): number {
  let value = 0
  for (let index = 0; index < 4; index++) value = value * 256 + (data[index] ?? 0)
  return value
}

function addressText(data: Buffer): string | undefined {
  if (data.length === 4 || data.length === 6) return data.subarray(data.length - 4).join('.')
  if (data.length !== 16 && data.length !== 18) return undefined
  const address = data.subarray(data.length - 16)
  return Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2).toString(16)).join('.')
}

/** What is to be said while JSON becomes AVPs; the AVPs concerned are left out. */
export interface JsonLog {
  warning(text: string): void
  error(text: string): void
  /** By module cdp, which makes the AVPs. */
  cdpError(text: string): void
}

/** Undefined when it is no JSON. */
export function jsonToAvps(json: string, log: JsonLog): readonly Avp[] | undefined {
  const root = readJson(json)
  return root === undefined ? undefined : membersOf(root).flatMap((item) => toAvp(item, 0, log) ?? [])
}

/** The members of an array, or of an object, as cJSON counts them. */
function membersOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value instanceof JsonObject) return value.entries.map(([, member]) => member)
  return Array.isArray(value) ? value as readonly JsonValue[] : []
}

/** As cJSON's valueint: cut to 32 bits, 0 for what is no number. */
function intOf(value: JsonValue | undefined): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return value === true ? 1 : 0
  return value >= 0x7fff_ffff ? 0x7fff_ffff : value <= -0x8000_0000 ? -0x8000_0000 : Math.trunc(value)
}

function toAvp(item: JsonValue, depth: number, log: JsonLog): Avp | undefined {
  const get = (name: string): JsonValue | undefined => (item instanceof JsonObject ? item.get(name) : undefined)
  if (get('avpCode') === undefined) {
    log.warning('mandatory field missing: avpCode')
    return undefined
  }
  const code = intOf(get('avpCode'))
  if (get('vendorId') === undefined) {
    log.warning(`mandatory field missing: vendorId (avpCode ${code})`)
    return undefined
  }
  const vendor = intOf(get('vendorId'))
  const data = dataOf(get, depth, log)
  if (data === undefined) {
    log.warning(`Not a string, int32, list, hexdump? Invalid field definition... (${code}:${vendor})`)
    return undefined
  }
  if (data.length === 0) {
    log.cdpError(`AAACreateAVP: NULL value received for param data/length (AVP Code ${code}, VendorId ${vendor})!!`)
    log.error('parselist: Failed creating avp')
    return undefined
  }
  return makeAvp(code >>> 0, vendor >>> 0, flagsOf(code, intOf(get('Flags')) & 0xff), data)
}

function dataOf(get: (name: string) => JsonValue | undefined, depth: number, log: JsonLog): Buffer | undefined {
  const list = get('list')
  if (list !== undefined) {
    if (depth === DEPTH_MAX) return undefined
    return group(membersOf(list).flatMap((member) => toAvp(member, depth + 1, log) ?? []))
  }
  const int32 = get('int32')
  if (int32 !== undefined) {
    const data = Buffer.alloc(4)
    data.writeInt32BE(intOf(int32), 0)
    return data
  }
  const string = get('string')
  if (typeof string === 'string') return Buffer.from(string, 'latin1')
  const hexdump = string === undefined ? get('hexdump') : undefined
  return typeof hexdump === 'string' ? hexData(hexdump) : undefined
}

/** What is no digit counts as 0, and half a byte at the end does not count. */
function hexData(digits: string): Buffer {
  const pairs = digits.replace(/[^0-9a-f]/gi, '0')
  return Buffer.from(pairs.slice(0, pairs.length & ~1), 'hex')
}
