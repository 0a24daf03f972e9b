/** Who a message is from, to and of, as the lists look at it. */
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseContacts } from '../../sip/headers/contact.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'

export type PartyName = 'from' | 'to' | 'contact'

export interface Party {
  /** Without its quotes; empty for none. */
  readonly name: string
  readonly user: string
  readonly domain: string
}

/** Undefined when the header is not there or cannot be read, or its URI has no user. */
export function partyOf(context: RouteContext, which: PartyName): Party | undefined {
  const address = addressOf(context, which)
  if (address === undefined || address instanceof ParseError) return undefined
  const uri = address.parsedUri()
  if (uri instanceof ParseError || uri.user === '') return undefined
  return { name: which === 'contact' ? '' : unquoted(address.display), user: uri.user, domain: uri.host }
}

/** The display name in From, whatever its URI. */
export function fromName({ message }: RouteContext): string {
  const address = message.from()
  return address === undefined || address instanceof ParseError ? '' : unquoted(address.display)
}

function addressOf({ message }: RouteContext, which: PartyName): NameAddr | ParseError | undefined {
  if (which !== 'contact') return which === 'from' ? message.from() : message.to()
  const header = message.header(HeaderType.contact)
  if (header === undefined) return undefined
  // Of several contacts in the header, Kamailio looks at the last one.
  const contacts = parseContacts(message.text, header)
  return contacts instanceof ParseError ? contacts : contacts.at(-1)
}

const unquoted = (name: string): string => (name.length > 1 && name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name)
