/** The branch of the own Via (RFC 3261 §16.6 step 8, §16.11). */
import type { Via } from './headers/via.ts'
import type { SipMessage } from './message.ts'
import { ParseError } from './parse-error.ts'

export const MAGIC_COOKIE = 'z9hG4bK'

/**
 * The branch of a statelessly forwarded request: `z9hG4bK`, a hash of the call, a dot, a hash of the sender's Via, and
 * `.0`. The same for a retransmission, a CANCEL and the ACK to a failure, since those carry the same Via branch.
 */
export function statelessBranch(message: SipMessage, via: Via | undefined): string {
  const cseq = message.cseq()
  const number = cseq === undefined || cseq instanceof ParseError ? '' : cseq.numberText
  const callId = message.callId() ?? ''
  const call = hash(callId, hash(number, 0x811c9dc5))
  const branch = via?.branch ?? ''
  let first = hash(branch, hash(via?.host ?? '', (via?.port ?? 0) ^ 0x811c9dc5))
  // RFC 3261 §16.11: without a unique branch, the whole request tells one transaction from another.
  if (!branch.startsWith(MAGIC_COOKIE)) first = hash(message.requestUri, first ^ call)
  const second = Math.imul(first ^ (first >>> 15), 0x2c1b3c6d) ^ Math.imul(call, 0x9e3779b1)
  return (
    MAGIC_COOKIE + hex4(call ^ (call >>> 16)) + '.' + hex4(first >>> 16) + hex4(first) + hex4(second >>> 16) + hex4(second) + '.0'
  )
}

/** FNV-1a over the characters. */
function hash(text: string, seed: number): number {
  let value = seed
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value
}

/** Two digits for each byte: several times faster than toString(16), which works on doubles above 2^30. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => (byte + 256).toString(16).slice(1))

function hex4(value: number): string {
  return (HEX[(value >>> 8) & 255] ?? '') + (HEX[value & 255] ?? '')
}
