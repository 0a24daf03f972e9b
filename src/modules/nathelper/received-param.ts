/** add_rcv_param() and fix_nated_register(): a registrar learns where a REGISTER came from. */
import type { RouteContext } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { contactsInOrder } from './contact.ts'
import { sourceUri } from './source.ts'
import { refuse, type NatHelper } from './state.ts'

/** Adds `received` to each contact: to its header, or to its URI. */
export function addReceivedParam(state: NatHelper, message: SipMessage, isForUri: boolean): number {
  if (isForUri && message.received.socket.transport !== 'udp') {
    return refuse(state, 'adding received parameter to Contact URI works only for UDP')
  }
  const contacts = contactsInOrder(message)
  if (contacts instanceof ParseError) return -1
  const uri = sourceUri(message)
  for (const contact of contacts) {
    if (isForUri) message.edits.anchor(contact.uriEnd).addAfter(`;received=${uri}`)
    else message.edits.anchor(contact.end).addAfter(`;received="${uri}"`)
  }
  return 1
}

export function keepReceived({ receivedAvp }: NatHelper, context: RouteContext): number {
  receivedAvp?.set(context, sourceUri(context.message))
  return 1
}
