/** The contact that a message is about: the last one of its first Contact header, as Kamailio takes it. */
import type { Header } from '../../sip/header.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseContacts } from '../../sip/headers/contact.ts'
import { rewrittenContact } from '../../sip/headers/contact-rewrites.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import { refuse, type NatHelper } from './state.ts'

export interface MessageContact {
  readonly header: Header
  readonly address: NameAddr
  /** As it is now: a function may have rewritten it. */
  readonly uri: SipUri
  readonly isRewritten: boolean
}

/** Undefined when there is none, or (with a line in the log) none that can be read. */
export function contactOf(state: NatHelper, message: SipMessage): MessageContact | undefined {
  const header = message.header(HeaderType.contact)
  if (header === undefined) return undefined
  const contacts = parseContacts(message.text, header)
  if (contacts instanceof ParseError) {
    refuse(state, 'failed to parse Contact body')
    return undefined
  }
  const address = contacts.at(-1)
  if (address === undefined || address.isStar) return undefined
  const rewritten = rewrittenContact(message, address)
  const text = rewritten ?? address.uri
  const uri = parseUri(text)
  if (!(uri instanceof ParseError) && uri.host !== '') return { header, address, uri, isRewritten: rewritten !== undefined }
  refuse(state, `failed to parse Contact URI [${text}]`)
  return undefined
}

/** Every contact of a message in Kamailio's order: header by header, the last one of each first; an error for a faulty header. */
export function contactsInOrder(message: SipMessage): readonly NameAddr[] | ParseError {
  const all: NameAddr[] = []
  for (const header of message.headersOf(HeaderType.contact)) {
    const contacts = parseContacts(message.text, header)
    if (contacts instanceof ParseError) return contacts
    for (const contact of contacts.toReversed()) if (!contact.isStar) all.push(contact)
  }
  return all
}
