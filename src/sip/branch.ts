/** The branch of the own Via (RFC 3261 §16.6 step 8, §16.11). */
import { HeaderType } from './header-name.ts'
import type { Via } from './headers/via.ts'
import type { SipMessage } from './message.ts'
import { ParseError } from './parse-error.ts'

export const MAGIC_COOKIE = 'z9hG4bK'

/**
 * The branch of a statelessly forwarded request: `z9hG4bK`, a hash of the call, a dot, a hash of the sender's Via, and
 * `.0`. The same for a retransmission, a CANCEL and the ACK to a failure, since those carry the same Via branch.
 */
export function statelessBranch(message: SipMessage, via: Via | undefined): string {
  const { text } = message
  const cseq = message.cseq()
  const callId = message.header(HeaderType.callId)
  let call = 0x811c9dc5
  if (cseq !== undefined && !(cseq instanceof ParseError)) call = hash(text, cseq.start, cseq.numberEnd, call)
  if (callId !== undefined) call = hash(text, callId.bodyStart, callId.bodyEnd, call)
  let first = (via?.port ?? 0) ^ 0x811c9dc5
  let isUnique = false
  if (via !== undefined) {
    const { start, end } = via.branchPlace
    first = hash(text, start, end, hash(via.host, 0, via.host.length, first))
    isUnique = start >= 0 && text.startsWith(MAGIC_COOKIE, start)
  }
  // RFC 3261 §16.11: without a unique branch, the whole request tells one transaction from another.
  if (!isUnique) first = hash(message.requestUri, 0, message.requestUri.length, first ^ call)
  const second = Math.imul(first ^ (first >>> 15), 0x2c1b3c6d) ^ Math.imul(call, 0x9e3779b1)
  return (
    MAGIC_COOKIE + hex3(call ^ (call >>> 16)) + '.' + hex3(first >>> 20) + hex3(first >>> 8) + hex3((first << 4) | (second >>> 28)) +
    hex3(second >>> 16) + hex3(second >>> 4) + hex3((second << 8) | (call >>> 24)) + '.0'
  )
}

/** FNV-1a over the characters between two offsets: in place, since reading through a slice costs more for each. */
function hash(text: string, start: number, end: number, seed: number): number {
  let value = seed
  for (let at = start; at < end; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value
}

/** Three digits at a time: several times faster than toString(16), which works on doubles above 2^30. */
const HEX: readonly string[] = Array.from({ length: 4096 }, (_, value) => (value + 4096).toString(16).slice(1))

function hex3(value: number): string {
  return HEX[value & 4095] ?? ''
}
