/** Which headers of a message can be read, as far as the server looked when it met the wanted one. */
import type { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'

/** True when all headers up to the first of that type can be read; without a type, all there are. */
export function headersReadable(message: SipMessage, type?: HeaderType): boolean {
  if (type !== undefined && message.header(type) !== undefined) return true
  message.headers()
  return message.error === undefined
}
