/** fix_nated_contact() and set_contact_alias(): the Contact is rewritten for who reads it from now on. */
import type { SipMessage } from '../../sip/message.ts'
import { noteContactRewrite } from '../../sip/headers/contact-rewrites.ts'
import { contactOf, type MessageContact } from './contact.ts'
import { sourceAlias, sourceHostPort } from './source.ts'
import { refuse, type NatHelper } from './state.ts'

const OPEN = 60

/** Puts the source in place of the host and port; maddr goes. */
export function fixContact(state: NatHelper, message: SipMessage): number {
  const contact = contactOf(state, message)
  if (contact === undefined) return -1
  if (contact.isRewritten) return refuse(state, "you can't call fix_nated_contact twice, check your config!")
  const { uri, address } = contact
  const rest = withoutMaddr(uri.text.slice(uri.hostPortEnd))
  const text = `${uri.text.slice(0, uri.hostStart)}${sourceHostPort(message)}${rest}`
  message.edits.replace(address.uriStart, address.uriEnd, text)
  noteContactRewrite(message, address, text)
  return 1
}

function withoutMaddr(rest: string): string {
  const params = rest.slice(0, rest.includes('?') ? rest.indexOf('?') : rest.length)
  const match = /;maddr=[^;]*/i.exec(params)
  if (match === null) return rest
  return rest.slice(0, match.index).replace(/[ \t;]+$/, '') + rest.slice(match.index + match[0].length)
}

/** Adds the alias parameter behind the URI; `trims` takes an older one out first. */
export function setContactAlias(state: NatHelper, message: SipMessage, trims: boolean): number {
  const contact = contactOf(state, message)
  if (contact === undefined) return -1
  if (contact.isRewritten) return refuse(state, "you can't update contact twice, check your config!")
  const { address, uri } = contact
  const before = trims ? trimmed(uri.text, state.alias) : uri.text
  const text = `${before};${state.alias}${sourceAlias(message)}`
  message.edits.replace(address.uriStart, address.uriEnd, isBracketed(message, contact) ? text : `<${text}>`)
  noteContactRewrite(message, address, text)
  return 1
}

function isBracketed({ text }: SipMessage, { address }: MessageContact): boolean {
  return text.charCodeAt(address.uriStart - 1) === OPEN
}

/** The URI without its last alias, where that is a whole one. */
function trimmed(uri: string, alias: string): string {
  const start = uri.lastIndexOf(`;${alias}`)
  if (start <= 5) return uri
  const match = /^[^~]*~[^~]*~.(?=;|$)/s.exec(uri.slice(start + 1 + alias.length))
  return match === null ? uri : uri.slice(0, start) + uri.slice(start + 1 + alias.length + match[0].length)
}
