import type { TextMatcher } from '../../define/define.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'

/** What a message is routed by stays always. */
const KEPT: ReadonlySet<number> = new Set([
  HeaderType.via, HeaderType.from, HeaderType.to, HeaderType.callId, HeaderType.cseq, HeaderType.contentLength,
  HeaderType.contentType, HeaderType.maxForwards, HeaderType.contact, HeaderType.route, HeaderType.recordRoute,
])

/** Removes the others, but for those whose name matches. The result is -1 in any case, as in Kamailio. */
export function keepHeaders(message: SipMessage, pattern: TextMatcher | undefined): number {
  for (const header of message.headers()) {
    if (KEPT.has(header.type) || pattern?.test(header.name)) continue
    message.edits.remove(header.start, header.end)
  }
  return -1
}
