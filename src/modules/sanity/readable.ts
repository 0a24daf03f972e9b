/** Which headers of a message can be read, as far as the server looked when it met the wanted one. */
import { HeaderType } from '../../sip/header-name.ts'
import type { Header } from '../../sip/header.ts'
import { parseCSeq } from '../../sip/headers/cseq.ts'
import { parseNameAddr } from '../../sip/headers/name-addr.ts'
import { parseViaList } from '../../sip/headers/via.ts'
import { decimal, type SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'

/** Headers that are taken apart as soon as they are met; the others only when somebody asks. */
function isReadable(message: SipMessage, header: Header): boolean {
  switch (header.type) {
    case HeaderType.cseq:
      return !(parseCSeq(message.text, header) instanceof ParseError)
    case HeaderType.to:
      return !(parseNameAddr(message.text, header.bodyStart, header.bodyEnd) instanceof ParseError)
    case HeaderType.contentLength:
      return decimal(message.text, header.bodyStart, header.bodyEnd) !== undefined
    case HeaderType.via:
      return !(parseViaList(message.text, header) instanceof ParseError)
    default:
      return true
  }
}

function isSingle(type: HeaderType): boolean {
  return type === HeaderType.from || type === HeaderType.to || type === HeaderType.callId || type === HeaderType.cseq
}

/** True when all headers up to the first of that type can be read; without a type, all there are. */
export function headersReadable(message: SipMessage, type?: HeaderType): boolean {
  for (const header of message.headers()) {
    if (!isReadable(message, header)) return false
    // From, To, Call-ID and CSeq stand once in a message.
    if (isSingle(header.type) && message.header(header.type) !== header) return false
    if (header.type === type) return true
  }
  return message.error === undefined
}
