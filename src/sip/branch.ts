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
  const viaText = via === undefined ? '' : via.host
  const branch = via?.branch ?? ''
  const hasCookie = branch.startsWith(MAGIC_COOKIE)
  let first = hash(branch, hash(viaText, (via?.port ?? 0) ^ 0x811c9dc5))
  let second = hash(branch, hash(viaText, 0x2f0b4c47))
  if (!hasCookie) {
    // RFC 3261 §16.11: without a unique branch, the whole request tells one transaction from another.
    first = hash(message.requestUri, hash(callId, first))
    second = hash(callId, hash(number, second))
  }
  return `${MAGIC_COOKIE}${hex4(call)}.${hex8(first)}${hex8(second)}${hex8(Math.imul(first, 0x9e3779b1) ^ call)}${hex8(Math.imul(second, 0x85ebca6b) ^ first)}.0`
}

/** FNV-1a over the characters. */
function hash(text: string, seed: number): number {
  let value = seed
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value
}

function hex8(value: number): string {
  return ((value >>> 0) + 0x1_0000_0000).toString(16).slice(1)
}

function hex4(value: number): string {
  return (((value ^ (value >>> 16)) & 0xffff) + 0x1_0000).toString(16).slice(1)
}
