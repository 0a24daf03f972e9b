/** Values of AVPs by their type in the dictionary (RFC 6733 §4.2, §4.3), in and out of bytes. */
import { AvpFlag, AvpProblem, makeAvp, ungroup, group, type Avp } from './avp.ts'
import { avpNamed, avpOf, type AvpDefinition, type AvpName, type AvpType, type TypeOf } from './dictionary.ts'

/** What a value of a type is read as. */
interface ReadAs {
  OctetString: Buffer
  UTF8String: string
  DiameterIdentity: string
  DiameterURI: string
  IPFilterRule: string
  QoSFilterRule: string
  Integer32: number
  Unsigned32: number
  Enumerated: number
  Integer64: bigint
  Unsigned64: bigint
  Float32: number
  Float64: number
  /** `192.0.2.1`, `2001:db8::1`, or what follows the family's number for others. */
  Address: string
  Time: Date
  Grouped: AvpReader
}

/** What may be written as a value of a type. */
interface WrittenAs extends Omit<ReadAs, 'OctetString' | 'Integer64' | 'Unsigned64' | 'Grouped'> {
  /** A text stands for its bytes in UTF-8. */
  OctetString: Uint8Array | string
  Integer64: bigint | number
  Unsigned64: bigint | number
  Grouped: AvpRecord
}

export type AvpValue<Name extends AvpName> = ReadAs[TypeOf<Name>]
export type AvpInput<Name extends AvpName> = WrittenAs[TypeOf<Name>]

/**
 * AVPs to be sent, in this order: `{ 'User-Name': 'alice', 'Vendor-Specific-Application-Id': { 'Vendor-Id': 10415 } }`.
 * A list stands for the same AVP several times; `10415:9999` is an AVP that the dictionary does not know, as bytes.
 */
export type AvpRecord =
  & { readonly [Name in AvpName]?: AvpInput<Name> | readonly AvpInput<Name>[] }
  & { readonly [Other in `${number}:${number}`]?: Uint8Array | readonly Uint8Array[] }

/** Seconds between 1900 and 1970 (NTP's era, as Time counts). */
const ERA_SECONDS = 2_208_988_800
const GROUP_DEPTH_MAX = 32

/** AVPs that came, by name. Values that are not as their type says are as if they were not there. */
export class AvpReader {
  readonly avps: readonly Avp[]
  readonly #depth: number

  constructor(avps: readonly Avp[], depth = 0) {
    this.avps = avps
    this.#depth = depth
  }

  /** The first of that name; undefined when there is none. */
  get<Name extends AvpName>(name: Name): AvpValue<Name> | undefined {
    return this.all(name)[0]
  }

  all<Name extends AvpName>(name: Name): readonly AvpValue<Name>[] {
    const definition = avpNamed(name)
    if (definition === undefined) return []
    const values: AvpValue<Name>[] = []
    for (const avp of this.avps) {
      if (avp.code !== definition.code || avp.vendorId !== definition.vendorId) continue
      const value = readValue(avp.data, definition.type, this.#depth)
      if (value !== undefined) values.push(value as AvpValue<Name>)
    }
    return values
  }

  /** The bytes of an AVP that the dictionary need not know. */
  bytes(code: number, vendorId = 0): Buffer | undefined {
    return this.avps.find((avp) => avp.code === code && avp.vendorId === vendorId)?.data
  }

  /** All as plain values, by name or `vendor:code`: lists where there are several. For logs and JSON. */
  toObject(): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    for (const { code, vendorId, data } of this.avps) {
      const definition = avpOf(code, vendorId)
      const read = definition === undefined ? data : readValue(data, definition.type, this.#depth) ?? data
      const value = read instanceof AvpReader ? read.toObject() : read
      const name = definition?.name ?? `${vendorId}:${code}`
      const known = object[name]
      if (!Object.hasOwn(object, name)) object[name] = value
      else object[name] = Array.isArray(known) ? [...known as readonly unknown[], value] : [known, value]
    }
    return object
  }
}

type AnyValue = ReadAs[AvpType]

/** Undefined when the bytes are no such value. */
export function readValue(data: Buffer, type: AvpType, depth = 0): AnyValue | undefined {
  switch (type) {
    case 'OctetString':
      return data
    case 'UTF8String': case 'DiameterIdentity': case 'DiameterURI': case 'IPFilterRule': case 'QoSFilterRule':
      return data.toString('utf8')
    case 'Unsigned32':
      return data.length === 4 ? data.readUInt32BE(0) : undefined
    case 'Integer32': case 'Enumerated':
      return data.length === 4 ? data.readInt32BE(0) : undefined
    case 'Unsigned64':
      return data.length === 8 ? data.readBigUInt64BE(0) : undefined
    case 'Integer64':
      return data.length === 8 ? data.readBigInt64BE(0) : undefined
    case 'Float32':
      return data.length === 4 ? data.readFloatBE(0) : undefined
    case 'Float64':
      return data.length === 8 ? data.readDoubleBE(0) : undefined
    case 'Time':
      return data.length === 4 ? readTime(data.readUInt32BE(0)) : undefined
    case 'Address':
      return readAddress(data)
    case 'Grouped': {
      const avps = depth < GROUP_DEPTH_MAX ? ungroup(data) : undefined
      return avps === undefined || avps instanceof AvpProblem ? undefined : new AvpReader(avps, depth + 1)
    }
  }
}

/** What counts from 1900 begins anew in 2036 (RFC 6733 §4.3.1): without its highest bit it is of the time behind that. */
function readTime(seconds: number): Date {
  const since1900 = (seconds & 0x8000_0000) === 0 ? seconds + 0x1_0000_0000 : seconds
  return new Date((since1900 - ERA_SECONDS) * 1000)
}

const FAMILY_IPV4 = 1
const FAMILY_IPV6 = 2

function readAddress(data: Buffer): string | undefined {
  if (data.length < 2) return undefined
  const family = data.readUInt16BE(0)
  const address = data.subarray(2)
  if (family === FAMILY_IPV4) return address.length === 4 ? address.join('.') : undefined
  if (family !== FAMILY_IPV6) return address.toString('latin1')
  return address.length === 16 ? ipv6Text(address) : undefined
}

/** In RFC 5952's form. */
function ipv6Text(address: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2))
  let [longest, length] = [-1, 1]
  for (let start = 0; start < 8; start++) {
    let end = start
    while (end < 8 && groups[end] === 0) end++
    if (end - start > length) [longest, length] = [start, end - start]
  }
  const text = (part: readonly number[]): string => part.map((value) => value.toString(16)).join(':')
  return longest < 0 ? text(groups) : `${text(groups.slice(0, longest))}::${text(groups.slice(longest + length))}`
}

/** Addresses as Host-IP-Address has them; undefined for what is none. */
export function addressData(text: string): Buffer | undefined {
  const ipv4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(text)
  if (ipv4 !== null) {
    const bytes = ipv4.slice(1).map(Number)
    return bytes.every((byte) => byte < 256) ? Buffer.from([0, FAMILY_IPV4, ...bytes]) : undefined
  }
  const [head = '', tail, more] = (text.split('%', 1)[0] ?? '').split('::')
  if (more !== undefined || !text.includes(':')) return undefined
  const parts = (half: string | undefined): readonly string[] => (half === undefined || half === '' ? [] : half.split(':'))
  const [front, back] = [parts(head), parts(tail)]
  const zeros = 8 - front.length - back.length
  if (tail === undefined ? zeros !== 0 : zeros < 1) return undefined
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back]
  if (!groups.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined
  const data = Buffer.alloc(18)
  data.writeUInt16BE(FAMILY_IPV6, 0)
  groups.forEach((part, index) => data.writeUInt16BE(Number.parseInt(part, 16), 2 + index * 2))
  return data
}

/** Why a record cannot be sent. */
export class ValueProblem {
  readonly name: string
  readonly reason: string

  constructor(name: string, reason: string) {
    this.name = name
    this.reason = reason
  }
}

/** AVPs of a record, flags as the dictionary says. */
export function writeRecord(record: AvpRecord, depth = 0): readonly Avp[] | ValueProblem {
  const avps: Avp[] = []
  for (const [name, value] of Object.entries<unknown>(record)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value as readonly unknown[] : [value]) {
      const avp = writeNamed(name, one, depth)
      if (avp instanceof ValueProblem) return avp
      avps.push(avp)
    }
  }
  return avps
}

function writeNamed(name: string, value: unknown, depth: number): Avp | ValueProblem {
  const definition = avpNamed(name)
  if (definition !== undefined) return writeKnown(definition, value, depth)
  const [, vendor, code] = /^(\d{1,10}):(\d{1,10})$/.exec(name) ?? []
  if (vendor === undefined || code === undefined || Number(vendor) > 0xffff_ffff || Number(code) > 0xffff_ffff) {
    return new ValueProblem(name, 'the dictionary has no such AVP')
  }
  if (!(value instanceof Uint8Array)) return new ValueProblem(name, 'is to be bytes')
  return makeAvp(Number(code), Number(vendor), 0, Buffer.from(value))
}

function writeKnown({ name, code, vendorId, type, isMandatory }: AvpDefinition, value: unknown, depth: number): Avp | ValueProblem {
  const data = dataOf(type, value, depth)
  if (data instanceof ValueProblem) return data
  if (data === undefined) return new ValueProblem(name, `is to be of type ${type}`)
  return makeAvp(code, vendorId, isMandatory ? AvpFlag.mandatory : 0, data)
}

const isWhole = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most

function dataOf(type: AvpType, value: unknown, depth: number): Buffer | ValueProblem | undefined {
  switch (type) {
    case 'OctetString':
      if (value instanceof Uint8Array) return Buffer.from(value)
      return typeof value === 'string' ? Buffer.from(value, 'utf8') : undefined
    case 'UTF8String': case 'DiameterIdentity': case 'DiameterURI': case 'IPFilterRule': case 'QoSFilterRule':
      return typeof value === 'string' ? Buffer.from(value, 'utf8') : undefined
    case 'Unsigned32':
      return isWhole(value, 0, 0xffff_ffff) ? numberData(4, (data) => data.writeUInt32BE(value, 0)) : undefined
    case 'Integer32': case 'Enumerated':
      return isWhole(value, -0x8000_0000, 0x7fff_ffff) ? numberData(4, (data) => data.writeInt32BE(value, 0)) : undefined
    case 'Unsigned64': case 'Integer64':
      return wideData(type === 'Integer64', value)
    case 'Float32':
      return typeof value === 'number' ? numberData(4, (data) => data.writeFloatBE(value, 0)) : undefined
    case 'Float64':
      return typeof value === 'number' ? numberData(8, (data) => data.writeDoubleBE(value, 0)) : undefined
    case 'Time': {
      const seconds = value instanceof Date ? Math.floor(value.getTime() / 1000) + ERA_SECONDS : Number.NaN
      return Number.isNaN(seconds) ? undefined : numberData(4, (data) => data.writeUInt32BE(seconds % 0x1_0000_0000, 0))
    }
    case 'Address':
      return typeof value === 'string' ? addressData(value) : undefined
    case 'Grouped': {
      if (typeof value !== 'object' || value === null || depth >= GROUP_DEPTH_MAX) return undefined
      const avps = writeRecord(value, depth + 1)
      return avps instanceof ValueProblem ? avps : group(avps)
    }
  }
}

function numberData(bytes: number, write: (data: Buffer) => void): Buffer {
  const data = Buffer.alloc(bytes)
  write(data)
  return data
}

function wideData(isSigned: boolean, value: unknown): Buffer | undefined {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) return undefined
  const wide = BigInt(value as bigint | number)
  const fits = isSigned ? BigInt.asIntN(64, wide) === wide : BigInt.asUintN(64, wide) === wide
  if (!fits) return undefined
  return numberData(8, (data) => (isSigned ? data.writeBigInt64BE(wide, 0) : data.writeBigUInt64BE(wide, 0)))
}
