/** add_contact_alias(): a parameter tells where the contact can really be reached; the URI stays as it is. */
import { addressBytes, addressFamily, addressOfBytes } from '../../base/address.ts'
import type { SipMessage } from '../../sip/message.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { TRANSPORT_NUMBERS } from '../../sip/endpoint.ts'
import { uriParam } from '../../sip/uri.ts'
import { contactOf, type MessageContact } from './contact.ts'
import { sourceAlias } from './source.ts'
import { refuse, type NatHelper } from './state.ts'

const NOTHING_TO_DO = 2

/** The source, unless the contact names it already. */
export function addSourceAlias(state: NatHelper, message: SipMessage): number {
  if (!message.has(HeaderType.contact)) return NOTHING_TO_DO
  const contact = contactOf(state, message)
  if (contact === undefined) return refuse(state, 'failed to get contact uri')
  if (isSource(message, contact)) return NOTHING_TO_DO
  if (contact.isRewritten) return refuse(state, "you can't call add_contact_alias twice, check your config!")
  return addAlias(state, message, contact, sourceAlias(message))
}

/** Same address, port and transport; a URI that names no transport is another one. */
function isSource({ received }: SipMessage, { uri }: MessageContact): boolean {
  const bytes = addressBytes(uri.host)
  if (bytes === undefined || addressOfBytes(bytes) !== received.sourceAddress) return false
  const port = uri.portText === '' ? 5060 : uri.port
  return port === received.sourcePort && uriParam(uri, 'transport')?.toLowerCase() === received.socket.transport
}

/** What the script gives. */
export function addGivenAlias(state: NatHelper, message: SipMessage, address: string, port: string, transport: string): number {
  if (!message.has(HeaderType.contact)) return NOTHING_TO_DO
  const contact = contactOf(state, message)
  if (contact === undefined) return refuse(state, 'failed to get contact uri')
  if (addressFamily(address) === 0) return refuse(state, `ip param value ${address} is not valid IP address`)
  if (!/^[0-9]+$/.test(port) || Number(port) === 0 || Number(port) > 65535) return refuse(state, 'port param value is not valid port')
  const number = TRANSPORT_NUMBERS.findIndex((name) => name === transport.toLowerCase())
  if (number < 1) return refuse(state, `proto param value ${transport} is not a known protocol`)
  if (contact.isRewritten) return refuse(state, "you can't call alias_contact twice, check your config!")
  return addAlias(state, message, contact, `${address}~${port}~${number}`)
}

/** Behind host and port; a header without brackets gets them, around what stands in front of other parameters. */
function addAlias(state: NatHelper, message: SipMessage, { header, address, uri }: MessageContact, alias: string): number {
  const isBracketed = message.text.slice(header.bodyStart, header.bodyEnd).includes('<')
  if (!isBracketed) message.edits.insert(header.bodyStart, '<')
  message.edits.anchor(address.uriStart + uri.hostPortEnd).addAfter(`;${state.alias}${alias}${isBracketed ? '' : '>'}`)
  return 1
}
