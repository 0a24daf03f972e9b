/** Diameter messages: header and AVPs (RFC 6733 §3). */
import { AvpProblem, bytesOf, decodeAvps, writeAvps, type Avp } from './avp.ts'

export const HEADER_BYTES = 20
/** As long as Kamailio takes them. */
export const MESSAGE_BYTES_MAX = 65_536

export const MessageFlag = {
  request: 0x80,
  proxiable: 0x40,
  error: 0x20,
  /** Perhaps sent before: behind a fail-over. */
  retransmitted: 0x10,
} as const

export const Command = {
  capabilitiesExchange: 257,
  reAuth: 258,
  accounting: 271,
  creditControl: 272,
  abortSession: 274,
  sessionTermination: 275,
  deviceWatchdog: 280,
  disconnectPeer: 282,
} as const

/** Result-Code values (RFC 6733 §7.1) that are used here. */
export const ResultCode = {
  success: 2001,
  unableToDeliver: 3002,
  tooBusy: 3004,
  noCommonApplication: 5010,
  unableToComply: 5012,
} as const

export interface DiameterMessage {
  readonly flags: number
  readonly commandCode: number
  readonly applicationId: number
  readonly hopByHop: number
  readonly endToEnd: number
  readonly avps: readonly Avp[]
}

export const isRequest = (message: DiameterMessage): boolean => (message.flags & MessageFlag.request) !== 0

/** Reads a message that `bytes` hold whole, as the framer cuts it out. */
export function decodeMessage(bytes: Buffer): DiameterMessage | AvpProblem {
  if (bytes.length < HEADER_BYTES) return new AvpProblem('header', 0)
  const length = bytes.readUIntBE(1, 3)
  if (length < HEADER_BYTES || length > bytes.length) return new AvpProblem('length', 0, length)
  const avps = decodeAvps(bytes, HEADER_BYTES, length)
  if (avps instanceof AvpProblem) return avps
  const flagsAndCode = bytes.readUInt32BE(4)
  return {
    flags: flagsAndCode >>> 24,
    commandCode: flagsAndCode & 0xff_ffff,
    applicationId: bytes.readUInt32BE(8),
    hopByHop: bytes.readUInt32BE(12),
    endToEnd: bytes.readUInt32BE(16),
    avps,
  }
}

export function encodeMessage(message: DiameterMessage): Buffer {
  const length = HEADER_BYTES + bytesOf(message.avps)
  const bytes = Buffer.alloc(length)
  bytes.writeUInt32BE(0x0100_0000 + length, 0)
  bytes.writeUInt32BE(((message.flags << 24) | message.commandCode) >>> 0, 4)
  bytes.writeUInt32BE(message.applicationId >>> 0, 8)
  bytes.writeUInt32BE(message.hopByHop >>> 0, 12)
  bytes.writeUInt32BE(message.endToEnd >>> 0, 16)
  writeAvps(bytes, HEADER_BYTES, message.avps)
  return bytes
}

/** Gives encoded bytes another Hop-by-Hop Identifier and, where it is sent once more, the T flag. */
export function readdress(bytes: Buffer, hopByHop: number, isRetransmitted: boolean): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt32BE(hopByHop >>> 0, 12)
  if (isRetransmitted) copy.writeUInt8((copy.readUInt8(4) | MessageFlag.retransmitted) & 0xff, 4)
  return copy
}
