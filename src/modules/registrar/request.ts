/** What a REGISTER says, in the order in which Kamailio looks at it. */
import type { Header } from '../../sip/header.ts'
import { decimal } from '../../sip/header-block.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { rewrittenContact } from '../../sip/headers/contact-rewrites.ts'
import { parseContacts } from '../../sip/headers/contact.ts'
import { parseNameAddrList, type NameAddr } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { Failures, type Failure } from './failure.ts'
import type { Registrar } from './state.ts'

export const RECEIVED_MAX = 255

export interface RequestContacts {
  /** Of each header the last first, as Kamailio has them. */
  readonly list: readonly NameAddr[]
  readonly isStar: boolean
}

const NO_CONTACTS = { list: [], isStar: false, isMixed: false }

/** Headers that a registration cannot do without. */
const NEEDED = [
  [HeaderType.to, Failures.to, 'To not found'],
  [HeaderType.callId, Failures.callId, 'Call-ID not found'],
  [HeaderType.cseq, Failures.cseqMissing, 'CSeq not found'],
] as const

/** Reads and checks the headers. */
export function readContacts(registrar: Registrar, message: SipMessage): RequestContacts | Failure {
  const { log } = registrar.host
  message.headers()
  if (message.error !== undefined) {
    log.error('registrar', 'failed to parse headers')
    return Failures.message
  }
  for (const [type, failure, complaint] of NEEDED) {
    if (message.has(type)) continue
    log.error('registrar', complaint)
    return failure
  }
  const expires = message.placeOf(HeaderType.expires)
  if (expires >= 0 && message.valueEnd(expires) <= message.valueStart(expires)) {
    log.error('registrar', 'failed to parse expires body')
    return Failures.expires
  }
  const contacts = collect(registrar, message)
  return 'status' in contacts ? contacts : check(registrar, message, contacts)
}

function collect({ host }: Registrar, message: SipMessage): RequestContacts & { readonly isMixed: boolean } | Failure {
  let header = message.header(HeaderType.contact)
  if (header === undefined) return NO_CONTACTS
  const list: NameAddr[] = []
  let stars = 0
  let headers = 0
  for (; header !== undefined; header = message.headerAfter(header), headers++) {
    if (message.text.charCodeAt(header.bodyStart) === STAR) {
      stars++
      continue
    }
    const contacts = contactsIn(message.text, header)
    if (contacts instanceof ParseError || contacts.length === 0) {
      host.log.error('registrar', 'failed to parse Contact body')
      return Failures.contact
    }
    for (let index = contacts.length - 1; index >= 0; index--) {
      const contact = contacts[index]
      if (contact === undefined) continue
      contact.uri = rewrittenContact(message, contact) ?? contact.uri
      list.push(contact)
    }
  }
  return { list, isStar: stars > 0, isMixed: stars > 0 && headers > 1 }
}

const STAR = 42
const COMMA = 44
const OPEN = 60

function contactsIn(text: string, header: Header): readonly NameAddr[] | ParseError {
  if (text.charCodeAt(header.bodyEnd - 1) === COMMA) return new ParseError('address', 'no contact behind the comma', header.bodyEnd)
  const named = text.charCodeAt(header.bodyStart) === OPEN ? -1 : bareUriBehindName(text, header.bodyStart, header.bodyEnd)
  // Of a URI without brackets behind a name, Kamailio loses the header's last character.
  return named < 0 ? parseContacts(text, header) : parseNameAddrList(text, named, header.bodyEnd - 1)
}

/** Where a URI without brackets starts that has a name in front of it; -1 for other forms. */
function bareUriBehindName(text: string, start: number, end: number): number {
  let isQuoted = false
  let blank = -1
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 34 && (at === start || text.charCodeAt(at - 1) !== 92)) isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (code === 32 || code === 9) blank = at
    else if (code === OPEN) return -1
    else if (code === 58 || code === 59) return blank < 0 ? -1 : blank + 1
  }
  return -1
}

function check(
  { host, params }: Registrar, message: SipMessage, contacts: RequestContacts & { readonly isMixed: boolean },
): RequestContacts | Failure {
  const { list, isStar, isMixed } = contacts
  const { log } = host
  const first = message.header(HeaderType.contact)
  const isStarFirst = isStar && first !== undefined && message.text.charCodeAt(first.bodyStart) === STAR
  if (isStarFirst && expiresHeader(message) !== 0) {
    log.warning('registrar', 'expires must be 0 for star contact')
    return Failures.starExpires
  }
  if (isMixed) {
    log.warning('registrar', 'star contact cannot be mixed with other contacts')
    return Failures.starContacts
  }
  for (const contact of list) {
    if (contact.uri.length > params.contact_max_size) {
      log.warning('registrar', `contact uri is too long: [${contact.uri}]`)
      return Failures.contactLength
    }
    const received = contactParam(contact, 'received')
    if (received !== undefined && received.length > RECEIVED_MAX) {
      log.warning('registrar', 'received attribute of contact is too long')
      return Failures.contactLength
    }
  }
  return contacts
}

/** A parameter of a contact without its quotes; of several, the last. */
export function contactParam({ params }: NameAddr, name: string): string | undefined {
  for (let index = params.length - 1; index >= 0; index--) {
    const param = params[index]
    if (param === undefined || param.name.length !== name.length || param.name.toLowerCase() !== name) continue
    const value = param.value ?? ''
    const quote = value.charCodeAt(0)
    return (quote === 34 || quote === 39) && value.length > 1 ? value.slice(1, -1) : value
  }
  return undefined
}

/** The number in Expires; -1 where there is none, or what stands there is no number. */
export function expiresHeader(message: SipMessage): number {
  const place = message.placeOf(HeaderType.expires)
  if (place < 0) return -1
  const plain = message.valueEnd(place) - message.valueStart(place) > 10 ? undefined
    : decimal(message.text, message.valueStart(place), message.valueEnd(place))
  if (plain !== undefined) return wrapped(plain)
  const found = /^([0-9]*)(?:[ \t\r\n].*)?$/s.exec(message.text.slice(message.valueStart(place), message.valueEnd(place)).trim())
  const digits = found?.[1]
  return digits === undefined || digits.length > 10 || (found?.[0].length ?? 0) > 10 ? -1 : wrapped(Number(digits))
}

/** As the 32 bits of an int have it. */
export function wrapped(value: number): number {
  return value % 0x1_0000_0000 | 0
}
