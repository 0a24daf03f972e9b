/** Which requests ask for flow tokens (RFC 5626 §5.1, §5.3), as Kamailio tells them. */
import { withoutBrackets } from '../../base/address.ts'
import type { Host } from '../../runtime/host.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseContacts } from '../../sip/headers/contact.ts'
import { parseNameAddrList, type NameAddr } from '../../sip/headers/name-addr.ts'
import { hasOptionTag } from '../../sip/headers/option-tags.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { uriParam, type SipUri } from '../../sip/uri.ts'
import { decodeFlowToken, type TokenKey } from './flow-token.ts'

/**
 * `received`: the way the request came, which leads to the phone. `route`: it goes to the phone, by the flow of the token in the
 * topmost Route. `none`: no token.
 */
export type FlowChoice = 'none' | 'received' | 'route'

export interface Outbound {
  readonly host: Host
  readonly key: TokenKey
  readonly params: { readonly force_outbound_flag: number; readonly force_no_outbound_flag: number }
}

export function chooseFlow(outbound: Outbound, message: SipMessage): FlowChoice {
  const { force_outbound_flag: always, force_no_outbound_flag: never } = outbound.params
  if (isFlagSet(message, always)) return 'received'
  if (isFlagSet(message, never)) return 'none'
  return message.method === 'REGISTER' ? ofRegister(outbound, message) : ofOther(outbound, message)
}

function isFlagSet({ flags }: SipMessage, flag: number): boolean {
  return flag >= 0 && (flags & (1 << flag)) !== 0
}

/** A phone's own REGISTER (no proxy before us) whose Contact counts its flows. */
function ofRegister(outbound: Outbound, message: SipMessage): FlowChoice {
  if (message.secondVia() !== undefined) return 'none'
  return lastContact(outbound, message)?.param('reg-id') === undefined ? 'none' : 'received'
}

/** ;ob stands in the Route that Path or Record-Route made, or in the Contact of a phone that begins a dialog. */
function ofOther(outbound: Outbound, message: SipMessage): FlowChoice {
  const route = topRoute(outbound, message)
  if (route === 'unreadable') return 'none'
  if (route !== undefined) {
    if (!isOwn(outbound.host, route)) return 'none'
    if (uriParam(route, 'ob') !== undefined) return leavesByRoute(outbound, message, route) ? 'route' : 'received'
  }
  if (message.has(HeaderType.supported) && !hasOptionTag(message, HeaderType.supported, 'outbound')) return 'none'
  if (message.secondVia() !== undefined) return 'none'
  const contact = lastContact(outbound, message)
  if (contact === undefined) return 'none'
  const uri = contact.parsedUri()
  if (uri instanceof ParseError) {
    outbound.host.log.error('outbound', 'parsing Contact-URI')
    return 'none'
  }
  return uriParam(uri, 'ob') === undefined ? 'none' : 'received'
}

function topRoute({ host }: Outbound, message: SipMessage): SipUri | 'unreadable' | undefined {
  const header = message.header(HeaderType.route)
  if (header === undefined) return undefined
  const list = parseNameAddrList(message.text, header.bodyStart, header.bodyEnd)
  const uri = list instanceof ParseError ? list : list[0]?.parsedUri()
  if (!(uri instanceof ParseError)) return uri
  host.log.error('outbound', 'parsing Route-URI')
  return 'unreadable'
}

function isOwn({ network }: Host, uri: SipUri): boolean {
  return network.isMyself(withoutBrackets(uri.host), uri.port || 5060)
}

/** True for a request to the phone: the flow of its Route is not the one it came by. */
function leavesByRoute({ key }: Outbound, { received }: SipMessage, route: SipUri): boolean {
  const flow = decodeFlowToken(key, route.user)
  return typeof flow !== 'string' && !isPeer(flow, received)
}

/** Whether a message came from the far end of a flow; Kamailio does not look at the transport. */
function isPeer(
  flow: { readonly peerAddress: string; readonly peerPort: number },
  received: { readonly sourceAddress: string; readonly sourcePort: number },
): boolean {
  return flow.peerAddress === received.sourceAddress && flow.peerPort === received.sourcePort
}

/** Of the first Contact header, the last value: the one that Kamailio looks at. */
function lastContact({ host }: Outbound, message: SipMessage): NameAddr | undefined {
  const header = message.header(HeaderType.contact)
  if (header === undefined) return undefined
  const contacts = parseContacts(message.text, header)
  if (contacts instanceof ParseError || contacts.length === 0) {
    host.log.error('outbound', 'parsing Contact: header body')
    return undefined
  }
  const last = contacts.at(-1)
  if (last?.isStar !== true) return last
  host.log.error('outbound', 'empty Contact:')
  return undefined
}
