/** Whether the URIs of a message can be read. */
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseContacts } from '../../sip/headers/contact.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { refuse, refuseSilently, type Sanity } from './reply.ts'

export const UriCheck = { request: 1, from: 2, to: 4, contact: 8 } as const

export function checkUris(sanity: Sanity, context: RouteContext, checks: number): boolean {
  const { message } = context
  const { log } = sanity.host
  if ((checks & UriCheck.request) !== 0 && (!message.isRequest || message.parsedUri() instanceof ParseError)) {
    log.warning('sanity', 'failed to parse request uri')
    return refuse(sanity, context, 400, 'Bad Request URI')
  }
  if ((checks & UriCheck.from) !== 0 && !isReadable(message.from())) {
    log.warning('sanity', 'invalid From header or uri')
    return message.from() === undefined ? refuseSilently(context) : refuse(sanity, context, 400, 'Invalid From Header')
  }
  if ((checks & UriCheck.to) !== 0 && !isReadable(message.to())) {
    log.warning('sanity', 'invalid To header or uri')
    // The word is misspelt on the wire, as Kamailio 5.6 has it.
    return message.to() === undefined ? refuseSilently(context) : refuse(sanity, context, 400, 'Ivalid To Header')
  }
  return (checks & UriCheck.contact) === 0 || checkContacts(sanity, context)
}

function isReadable(address: NameAddr | ParseError | undefined): boolean {
  return address !== undefined && !(address instanceof ParseError) && !(address.parsedUri() instanceof ParseError)
}

/** All Contact headers must be lists of addresses; of the first one's, the last URI is read (Kamailio's order). */
function checkContacts(sanity: Sanity, context: RouteContext): boolean {
  const { message } = context
  let chosen: NameAddr | undefined
  for (const header of message.headersOf(HeaderType.contact)) {
    const contacts = parseContacts(message.text, header)
    if (contacts instanceof ParseError || contacts.length === 0) {
      sanity.host.log.warning('sanity', 'failed to parse Contact headers')
      return refuse(sanity, context, 400, 'Bad Contact Header')
    }
    chosen ??= contacts[contacts.length - 1]
  }
  if (chosen === undefined || chosen.isStar || isReadable(chosen)) return true
  sanity.host.log.warning('sanity', 'failed to parse Contact uri')
  return refuse(sanity, context, 400, 'Bad Contact URI')
}
