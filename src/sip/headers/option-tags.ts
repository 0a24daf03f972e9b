import type { HeaderType } from '../header-name.ts'
import type { SipMessage } from '../message.ts'

const SEPARATORS = /[ \t\r\n,]+/

/** True when a tag is in one of the headers of that type (Supported, Require ...), in any case. */
export function hasOptionTag(message: SipMessage, type: HeaderType, tag: string): boolean {
  const wanted = tag.toLowerCase()
  for (const header of message.headersOf(type)) {
    if (header.body.toLowerCase().split(SEPARATORS).includes(wanted)) return true
  }
  return false
}
