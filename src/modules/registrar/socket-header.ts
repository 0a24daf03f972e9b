/** add_sock_hdr(): tells another registrar to which socket of this server a registration came. */
import type { RouteContext } from '../../runtime/context.ts'
import { headersEnd } from '../../sip/build-request.ts'
import { socketText } from '../usrloc/api.ts'

export function addSocketHeader({ message }: RouteContext, name: string): number {
  message.edits.insert(headersEnd(message), `${name}: ${socketText(message.received.socket)}\r\n`)
  return 1
}
