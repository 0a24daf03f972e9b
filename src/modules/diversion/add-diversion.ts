import type { Host } from '../../runtime/host.ts'
import { headersEnd } from '../../sip/build-request.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'

/** Adds a Diversion in front of those that came and those added before, or behind all headers where none came. */
export function addDiversion(host: Host, message: SipMessage, reason: string, uri: string): number {
  const first = message.header(HeaderType.diversion)
  if (first === undefined && message.error !== undefined) {
    host.log.error('diversion', 'header parsing failed')
    return -1
  }
  message.edits.insertFirst(first?.start ?? headersEnd(message), `Diversion: <${uri}>;reason=${reason}\r\n`)
  return 1
}
