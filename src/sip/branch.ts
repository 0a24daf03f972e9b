/** The branch of the own Via (RFC 3261 §16.6 step 8, §16.11). */
import { HeaderType } from './header-name.ts'
import type { Via } from './headers/via.ts'
import type { SipMessage } from './message.ts'

export const MAGIC_COOKIE = 'z9hG4bK'

/** So much of a Call-ID and of a host beside a unique branch: against clients that count from 1 again after a restart. */
const CALL_ID_CHARACTERS = 12
const HOST_CHARACTERS = 4

/**
 * The branch of a statelessly forwarded request: `z9hG4bK`, a hash of the call, a dot, a hash of the sender's Via, and
 * `.0`. The same for a retransmission, a CANCEL and the ACK to a failure, since those carry the same Via branch.
 */
export function statelessBranch(message: SipMessage, via: Via): string {
  const { text } = message
  const { branchStart, branchEnd } = via
  // RFC 3261 §16.11: without a unique branch, the whole request tells one transaction from another.
  const isUnique = branchStart >= 0 && text.startsWith(MAGIC_COOKIE, branchStart)
  // Numbers are mixed in first: alone in the seed, they would only change the first character.
  let call = Math.imul(SEED ^ message.cseqNumber, PRIME)
  const callId = message.placeOf(HeaderType.callId)
  if (callId >= 0) {
    const start = message.valueStart(callId)
    const end = message.valueEnd(callId)
    call = hash(text, start, isUnique ? Math.min(end, start + CALL_ID_CHARACTERS) : end, call)
  }
  const { hostNameEnd } = via
  const hostStart = isUnique ? Math.max(via.hostStart, hostNameEnd - HOST_CHARACTERS) : via.hostStart
  let first = hash(text, hostStart, hostNameEnd, Math.imul(SEED ^ via.port, PRIME))
  first = hash(text, isUnique ? branchStart + MAGIC_COOKIE.length : branchStart, branchEnd, first)
  if (!isUnique) first = hash(text, message.requestUriStart, message.requestUriStart + message.requestUri.length, first ^ call)
  const second = Math.imul(first ^ (first >>> 15), 0x2c1b3c6d) ^ Math.imul(call, 0x9e3779b1)
  return String.fromCharCode(
    122, 57, 104, 71, 52, 98, 75, // z9hG4bK
    digit(call >>> 28), digit(call >>> 24), digit(call >>> 20), DOT,
    digit(first >>> 28), digit(first >>> 24), digit(first >>> 20), digit(first >>> 16),
    digit(first >>> 12), digit(first >>> 8), digit(first >>> 4), digit(first),
    digit(second >>> 28), digit(second >>> 24), digit(second >>> 20), digit(second >>> 16),
    digit(second >>> 12), digit(second >>> 8), digit(second >>> 4), digit(second), DOT, 48,
  )
}

const SEED = 0x811c9dc5
const PRIME = 0x01000193

/** FNV-1a over the characters between two offsets: in place, since reading through a slice costs more for each. */
function hash(text: string, start: number, end: number, seed: number): number {
  let value = seed
  for (let at = start; at < end; at++) value = Math.imul(value ^ text.charCodeAt(at), PRIME)
  return value
}

const DOT = 46

const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** The character code of a hexadecimal digit. One string of codes costs less than a chain of small strings. */
function digit(value: number): number {
  return DIGITS[value & 15] ?? 48
}
