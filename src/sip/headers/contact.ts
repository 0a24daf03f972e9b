import type { Header } from '../header.ts'
import { ParseError } from '../parse-error.ts'
import { parseNameAddrList, type NameAddr } from './name-addr.ts'

/** The contacts of one Contact header; without brackets, a text without a colon is none. */
export function parseContacts(text: string, header: Header): readonly NameAddr[] | ParseError {
  const contacts = parseNameAddrList(text, header.bodyStart, header.bodyEnd)
  if (contacts instanceof ParseError) return contacts
  for (const { uri, hasBrackets, isStar, start } of contacts) {
    if (!hasBrackets && !isStar && !uri.includes(':')) return new ParseError('address', 'the contact is no URI', start)
  }
  return contacts
}
