/**
 * Flow tokens (RFC 5626 §5.2): the two ends of a flow, sealed with a key that only this server has. In bytes, and Base64 of
 * them as the user of a URI:
 *
 *     10  the last half of HMAC-SHA1 over what follows
 *      1  transport in Kamailio's number, 128 more for IPv6
 *      4  own address (16 for IPv6)      2  own port
 *      4  peer's address (16 for IPv6)   2  peer's port
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { addressBytes, addressOfBytes } from '../../base/address.ts'
import { TRANSPORT_NUMBERS, type TransportName } from '../../sip/endpoint.ts'

/** One way that messages come and go: a connection, or the two addresses of datagrams. Addresses are numeric, without brackets. */
export interface Flow {
  readonly transport: TransportName
  readonly localAddress: string
  readonly localPort: number
  readonly peerAddress: string
  readonly peerPort: number
}

export type TokenFault = 'absent' | 'forged'

/** 20 bytes that seal and check tokens. */
export type TokenKey = Buffer

const SEAL_BYTES = 10
const IPV6_FLAG = 0x80
/** Bytes of a flow with addresses of so many bytes. */
const flowBytes = (addressLength: number): number => 1 + 2 * (addressLength + 2)
const IPV4_BYTES = SEAL_BYTES + flowBytes(4)
const IPV6_BYTES = SEAL_BYTES + flowBytes(16)

/** The key that servers with the same secret share, so that each takes the others' tokens. */
export function keyOfSecret(secret: string): TokenKey {
  return createHash('sha1').update(secret, 'latin1').digest()
}

function sealOf(key: TokenKey, flow: Buffer): Buffer {
  return createHmac('sha1', key).update(flow).digest().subarray(SEAL_BYTES)
}

/** The token of a flow; empty for addresses that are not numeric, or of two families. */
export function encodeFlowToken(key: TokenKey, flow: Flow): string {
  const local = addressBytes(flow.localAddress)
  const peer = addressBytes(flow.peerAddress)
  if (local === undefined || peer === undefined || local.length !== peer.length) return ''
  const bytes = Buffer.alloc(flowBytes(local.length))
  bytes[0] = TRANSPORT_NUMBERS.indexOf(flow.transport) | (local.length === 16 ? IPV6_FLAG : 0)
  bytes.set(local, 1)
  bytes.writeUInt16BE(flow.localPort, 1 + local.length)
  bytes.set(peer, 3 + local.length)
  bytes.writeUInt16BE(flow.peerPort, 3 + 2 * local.length)
  return Buffer.concat([sealOf(key, bytes), bytes]).toString('base64')
}

/** `absent` for a text that has not the length of a token: a user that somebody else put there. */
export function decodeFlowToken(key: TokenKey, token: string): Flow | TokenFault {
  const length = decodedLength(token)
  if (length !== IPV4_BYTES && length !== IPV6_BYTES) return 'absent'
  const bytes = Buffer.from(token, 'base64')
  // Node reads the letters of Base64url as well, and leaves out what is neither.
  if (bytes.length !== length || token.includes('-') || token.includes('_')) return 'forged'
  const flow = bytes.subarray(SEAL_BYTES)
  if (!timingSafeEqual(sealOf(key, flow), bytes.subarray(0, SEAL_BYTES))) return 'forged'
  return readFlow(flow)
}

/** How many bytes a Base64 text of that length and padding stands for; 0 for what cannot be one. */
function decodedLength(text: string): number {
  if (text.length % 4 !== 0) return 0
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return (text.length / 4) * 3 - padding
}

function readFlow(bytes: Buffer): Flow | TokenFault {
  const first = bytes.readUInt8(0)
  const transport = TRANSPORT_NUMBERS[first & ~IPV6_FLAG]
  const addressLength = (first & IPV6_FLAG) === 0 ? 4 : 16
  if (transport === undefined || bytes.length !== flowBytes(addressLength)) return 'forged'
  const peerStart = 3 + addressLength
  return {
    transport,
    localAddress: addressOfBytes(bytes.subarray(1, 1 + addressLength)),
    localPort: bytes.readUInt16BE(1 + addressLength),
    peerAddress: addressOfBytes(bytes.subarray(peerStart, peerStart + addressLength)),
    peerPort: bytes.readUInt16BE(peerStart + addressLength),
  }
}
