/** What the encode_contact() and contact_param family does to the Contact headers of a message. */
import type { Log } from '../../base/log.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseContacts } from '../../sip/headers/contact.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseParamList } from '../../sip/param-list.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { URI_BYTES_MAX } from '../../sip/rewrite-uri.ts'
import { withBrackets } from '../../base/address.ts'
import { parseUri } from '../../sip/uri.ts'
import { findParam, uriParams } from './uri-param.ts'

const ORIGIN = 'siputils'

/** The contacts of the first Contact header. */
function firstContacts(message: SipMessage): readonly NameAddr[] | ParseError | undefined {
  const header = message.header(HeaderType.contact)
  return header && parseContacts(message.text, header)
}

/** Exchanges each contact's URI of the first Contact header; a negative number ends it and is the result. */
export function mapContacts(log: Log, message: SipMessage, map: (uri: string) => string | number): number {
  const contacts = firstContacts(message)
  if (contacts === undefined) {
    log.error(ORIGIN, 'no Contact header present')
    return -1
  }
  if (contacts instanceof ParseError) {
    log.error(ORIGIN, `contact parsing failed: ${contacts.reason}`)
    return -4
  }
  for (const contact of contacts) {
    if (contact.isStar) continue
    const mapped = map(contact.uri)
    if (typeof mapped === 'number') {
      log.error(ORIGIN, `contact ${contact.uri} cannot be changed (${mapped})`)
      return mapped
    }
    message.edits.replace(contact.uriStart, contact.uriEnd, mapped)
  }
  return 1
}

/** Base64 for URLs, without padding. */
const encode = (text: string): string => Buffer.from(text, 'latin1').toString('base64url')

/**
 * Puts each contact of the first Contact header, encoded, into a parameter of another URI. With `addsAlias` the
 * address that the message came from is encoded along.
 */
export function encodeContacts(log: Log, message: SipMessage, name: string, address: string, addsAlias: boolean): number {
  const contacts = firstContacts(message)
  if (contacts === undefined) return 1
  if (contacts instanceof ParseError) {
    log.error(ORIGIN, `contact parsing failed: ${contacts.reason}`)
    return -4
  }
  for (const contact of contacts) {
    if (contact.uri.length <= 4) continue
    const encoded = encode(addsAlias ? contact.uri + sourceAlias(message) : contact.uri)
    if (encoded.length >= URI_BYTES_MAX) {
      log.error(ORIGIN, `failed to encode contact uri [${contact.uri}]`)
      return -1
    }
    const isBracketed = message.text.charCodeAt(contact.uriStart - 1) === 60
    const uri = `${address};${name}=${encoded}`
    const text = isBracketed ? uri : `<${uri}>`
    if (text.length >= URI_BYTES_MAX) {
      log.error(ORIGIN, `failed to build the new contact for [${contact.uri}]`)
      return -2
    }
    message.edits.replace(contact.uriStart, contact.uriEnd, text)
  }
  return 1
}

const TRANSPORT_NUMBERS = { udp: 1, tcp: 2, tls: 3, sctp: 4, ws: 5, wss: 6 } as const

function sourceAlias(message: SipMessage): string {
  const { sourceAddress, sourcePort, socket } = message.received
  return `;alias=${withBrackets(sourceAddress)}~${sourcePort}~${TRANSPORT_NUMBERS[socket.transport]}`
}

/** The URI in a parameter's value; undefined when it is no base64. */
export function decodeUri(value: string): string | undefined {
  if (value.length > URI_BYTES_MAX || !/^[A-Za-z0-9_-]+={0,2}$/.test(value)) return undefined
  const uri = Buffer.from(value, 'base64url').toString('latin1')
  return uri === '' ? undefined : uri
}

/** All contacts of all Contact headers; undefined when there are none or one header cannot be read. */
function allContacts(message: SipMessage): readonly NameAddr[] | undefined {
  const all: NameAddr[] = []
  for (const header of message.headersOf(HeaderType.contact)) {
    const contacts = parseContacts(message.text, header)
    if (contacts instanceof ParseError) return undefined
    all.push(...contacts)
  }
  return all.length === 0 ? undefined : all
}

/** Takes the URIs out of the parameter that encodeContacts() put them in. */
export function decodeContacts(log: Log, message: SipMessage, name: string): number {
  for (const contact of allContacts(message) ?? []) {
    if (contact.uri.length < 4) continue
    const uri = contact.parsedUri()
    if (uri instanceof ParseError) return refuse(log, contact)
    const value = findParam(uriParams(uri), name, true)?.value
    if (value === undefined || value === '') continue
    const decoded = decodeUri(value)
    if (decoded === undefined) {
      log.error(ORIGIN, `failed to decode contact uri [${contact.uri}]`)
      return -1
    }
    message.edits.replace(contact.uriStart, contact.uriEnd, decoded)
  }
  return 1
}

/** The same for the Request-URI. */
export function decodeRequestUri(log: Log, message: SipMessage, name: string): number {
  const uri = parseUri(message.uri)
  if (uri instanceof ParseError) {
    log.error(ORIGIN, `failed to parse r-uri [${message.uri}]`)
    return -1
  }
  const params = parseParamList(uriParams(uri).text)
  if (params === undefined) {
    log.error(ORIGIN, `failed to parse uri params [${message.uri}]`)
    return -1
  }
  const value = findParam(uriParams(uri), name, true)?.value
  if (value === undefined || value === '') return 1
  const decoded = decodeUri(value)
  if (decoded === undefined) {
    log.error(ORIGIN, `failed to decode uri [${message.uri}]`)
    return -1
  }
  message.setUri(decoded)
  return 1
}

/** Takes a parameter out of the URIs of all contacts. */
export function removeContactParam(log: Log, message: SipMessage, name: string): number {
  for (const contact of allContacts(message) ?? []) {
    if (contact.uri.length < 4) continue
    const uri = contact.parsedUri()
    if (uri instanceof ParseError) return refuse(log, contact)
    const params = uriParams(uri)
    const param = findParam(params, name, true)
    if (param === undefined) continue
    const start = contact.uri.lastIndexOf(';', params.start + param.start)
    message.edits.remove(contact.uriStart + start, contact.uriStart + params.start + param.end)
  }
  return 1
}

/** 1 when a contact's URI has the parameter, or there is no contact; else -1. */
export function hasContactParam(log: Log, message: SipMessage, name: string): number {
  const contacts = allContacts(message)
  if (contacts === undefined) return 1
  for (const contact of contacts) {
    if (contact.uri.length < 4) continue
    const uri = contact.parsedUri()
    if (uri instanceof ParseError) return refuse(log, contact)
    if (findParam(uriParams(uri), name, true) !== undefined) return 1
  }
  return -1
}

function refuse(log: Log, contact: NameAddr): number {
  log.error(ORIGIN, `failed to parse contact uri [${contact.uri}]`)
  return -1
}
