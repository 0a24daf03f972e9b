import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'

/** True (1) when a value of Privacy (RFC 3323 §4.2) is the wanted one, in any case. */
export function hasPrivacy(message: SipMessage, wanted: string): number {
  const lower = wanted.toLowerCase()
  for (const header of message.headersOf(HeaderType.privacy)) {
    for (const value of header.body.split(/[;,]/)) if (value.trim().toLowerCase() === lower) return 1
  }
  return -1
}
