/** Attribute-value pairs as they are on the wire (RFC 6733 §4.1): what a value means is the dictionary's business. */

export const AvpFlag = {
  vendor: 0x80,
  mandatory: 0x40,
  protected: 0x20,
} as const

/** In the order of the message. `data` of what came is a view into its bytes: copy what is to live on. */
export interface Avp {
  readonly code: number
  /** 0 for the IETF's own. */
  readonly vendorId: number
  readonly flags: number
  readonly data: Buffer
}

/** Why bytes are no AVPs; `at` is where it was noticed. */
export class AvpProblem {
  readonly reason: 'header' | 'length' | 'data' | 'count'
  readonly at: number
  /** The length that the AVP claims. */
  readonly length: number

  constructor(reason: AvpProblem['reason'], at: number, length = 0) {
    this.reason = reason
    this.at = at
    this.length = length
  }
}

/** More AVPs in one list are refused: each costs an object. */
export const AVPS_MAX = 4096
const HEADER_BYTES = 8

const padded = (length: number): number => (length + 3) & ~3

/** Reads AVPs from `start` up to `end`. Whatever the bytes are, nothing outside of them is read. */
export function decodeAvps(bytes: Buffer, start: number, end: number): readonly Avp[] | AvpProblem {
  const avps: Avp[] = []
  let at = start
  while (at < end) {
    if (avps.length === AVPS_MAX) return new AvpProblem('count', at)
    if (at + HEADER_BYTES > end) return new AvpProblem('header', at)
    const code = bytes.readUInt32BE(at)
    const flagsAndLength = bytes.readUInt32BE(at + 4)
    const flags = flagsAndLength >>> 24
    const length = flagsAndLength & 0xff_ffff
    const hasVendor = (flags & AvpFlag.vendor) !== 0
    const dataAt = at + (hasVendor ? 12 : HEADER_BYTES)
    if (length < dataAt - at) return new AvpProblem('length', at, length)
    if (at + length > end) return new AvpProblem('data', at, length)
    const vendorId = hasVendor ? bytes.readUInt32BE(at + 8) : 0
    avps.push({ code, vendorId, flags, data: bytes.subarray(dataAt, at + length) })
    // The last one's padding may be missing: some peers leave it out of groups.
    at += padded(length)
  }
  return avps
}

/** AVPs in a grouped one's value. */
export function ungroup(data: Buffer): readonly Avp[] | AvpProblem {
  return decodeAvps(data, 0, data.length)
}

export function avpBytes(avp: Avp): number {
  return padded(((avp.flags & AvpFlag.vendor) === 0 ? HEADER_BYTES : 12) + avp.data.length)
}

export function bytesOf(avps: readonly Avp[]): number {
  let total = 0
  for (const avp of avps) total += avpBytes(avp)
  return total
}

/** Writes AVPs into bytes that are 0 there; the answer is where they end. */
export function writeAvps(bytes: Buffer, start: number, avps: readonly Avp[]): number {
  let at = start
  for (const { code, flags, vendorId, data } of avps) {
    const hasVendor = (flags & AvpFlag.vendor) !== 0
    const dataAt = at + (hasVendor ? 12 : HEADER_BYTES)
    bytes.writeUInt32BE(code, at)
    bytes.writeUInt32BE(((flags << 24) | (dataAt - at + data.length)) >>> 0, at + 4)
    if (hasVendor) bytes.writeUInt32BE(vendorId, at + 8)
    data.copy(bytes, dataAt)
    at = padded(dataAt + data.length)
  }
  return at
}

/** The value of a grouped AVP. */
export function group(avps: readonly Avp[]): Buffer {
  const bytes = Buffer.alloc(bytesOf(avps))
  writeAvps(bytes, 0, avps)
  return bytes
}

export function makeAvp(code: number, vendorId: number, flags: number, data: Buffer): Avp {
  return { code, vendorId, flags: vendorId === 0 ? flags & ~AvpFlag.vendor : flags | AvpFlag.vendor, data }
}

export function findAvp(avps: readonly Avp[], code: number, vendorId = 0): Avp | undefined {
  for (const avp of avps) if (avp.code === code && avp.vendorId === vendorId) return avp
  return undefined
}

/** The value as a number of 32 bits; undefined when there are too few bytes. */
export function unsignedOf(avp: Avp | undefined): number | undefined {
  return avp === undefined || avp.data.length < 4 ? undefined : avp.data.readUInt32BE(0)
}

/** The value as a byte string. */
export function textOf(avp: Avp | undefined): string | undefined {
  return avp?.data.toString('latin1')
}

export function textAvp(code: number, flags: number, text: string): Avp {
  return { code, vendorId: 0, flags, data: Buffer.from(text, 'latin1') }
}

export function unsignedAvp(code: number, flags: number, value: number): Avp {
  const data = Buffer.allocUnsafe(4)
  data.writeUInt32BE(value >>> 0, 0)
  return { code, vendorId: 0, flags, data }
}
