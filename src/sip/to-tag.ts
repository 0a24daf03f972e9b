/**
 * Tags of local replies: a part that all replies of this server share, and a part that follows from the request, so
 * that a retransmission gets the same tag and an ACK to the reply is known again.
 */
import { hex8 } from '../base/hex.ts'
import type { SipMessage } from './message.ts'

export interface TagMaker {
  tagFor(message: SipMessage): string
  /** True for the tags of this maker. */
  isOwn(tag: string, message: SipMessage): boolean
}

/** `prefix` is 32 characters, the same for all replies of a server; `.` parts it from the rest, or `-` in transactions. */
export function createTagMaker(prefix: string, separator: '.' | '-' = '.'): TagMaker {
  const tagFor = (message: SipMessage): string => {
    const via = message.firstVia()
    let hash = 0x811c9dc5
    if (via !== undefined) {
      // Like Kamailio: of a Via without a port only the host counts, and not the branch behind it.
      if (via.port === 0) return `${prefix}${separator}${hex8(mix(via.host, hash))}`
      hash = mix(via.branch ?? '', mix(via.host, hash ^ via.port))
    }
    hash = mix(message.received.sourceAddress, hash)
    hash = mix(message.callId() ?? '', hash)
    return `${prefix}${separator}${hex8(hash)}`
  }
  return { tagFor, isOwn: (tag, message) => tag.length === prefix.length + 9 && tag === tagFor(message) }
}

function mix(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}
