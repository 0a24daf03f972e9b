/** From and To in the list, by their parts. */
import type { RouteContext } from '../../runtime/context.ts'
import { parseNameAddr, type NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import { listOf, valueAt, writeAt } from './header-list.ts'
import type { PvHeaders } from './state.ts'

export type AddressHeader = 'From' | 'To'
export type AddressPart = 'uri' | 'user' | 'domain' | 'display' | 'tag'

interface Address {
  readonly text: string
  readonly parts: NameAddr
  readonly uri: SipUri
}

/** Undefined when the header is not collected or taken out, or, with a line in the log, cannot be read. */
function readAddress(state: PvHeaders, context: RouteContext, header: AddressHeader): Address | undefined {
  const list = listOf(state, context)
  const text = list && valueAt(list, header, 0)
  if (typeof text !== 'string') return undefined
  const { log } = state.host
  const parts = parseNameAddr(text, 0, text.length)
  if (parts instanceof ParseError) {
    log.error('pv_headers', 'cannot parse addr spec')
    return undefined
  }
  const uri = parts.parsedUri()
  if (!(uri instanceof ParseError)) return { text, parts, uri }
  log.error('pv_headers', `cannot parse uri ${parts.uri}`)
  return undefined
}

export function readPart(state: PvHeaders, context: RouteContext, header: AddressHeader, part: AddressPart): string | null {
  const address = readAddress(state, context, header)
  if (address === undefined) return null
  const { text, parts, uri } = address
  switch (part) {
    case 'uri':
      // Without angle brackets Kamailio takes the parameters along.
      return parts.hasBrackets ? parts.uri : text.slice(parts.uriStart).trimEnd()
    case 'user':
      return uri.user === '' ? null : uri.user
    case 'domain':
      return uri.host
    case 'display':
      return parts.display === '' ? null : parts.display
    case 'tag':
      return parts.tag === undefined || parts.tag === '' ? null : unquoted(parts.tag)
  }
}

/** Writes one part; false, with a line in the log where something is wrong with it, when it cannot be. */
export function writePart(
  state: PvHeaders, context: RouteContext, header: AddressHeader, part: Exclude<AddressPart, 'tag'>, value: string,
): boolean {
  const list = listOf(state, context)
  const address = readAddress(state, context, header)
  if (list === undefined || address === undefined) return false
  const uri = changedUri(address, part, value)
  if (!isUri(state, uri)) return false
  const { display, params } = address.parts
  const front = part === 'display' ? `${value} ` : display === '' ? '' : `${display} `
  const behind = params.map(({ name, value: own }) => `;${name}=${own === undefined ? '' : unquoted(own)}`).join('')
  return writeAt(list, header, 0, `${front}<${uri}>${behind}`) === 'written'
}

function changedUri({ parts, uri }: Address, part: AddressPart, value: string): string {
  if (part === 'uri') return value
  if (part === 'user') return uriText(uri, value, uri.host)
  return part === 'domain' ? uriText(uri, uri.user, value) : parts.uri
}

function isUri(state: PvHeaders, text: string): boolean {
  if (text === '') {
    state.host.log.error('pv_headers', 'cannot parse addr spec')
    return false
  }
  const uri = parseUri(text)
  if (!(uri instanceof ParseError) && !text.includes(':@') && !text.endsWith('@')) return true
  state.host.log.error('pv_headers', `cannot parse uri ${text}`)
  return false
}

/** The URI with another user or host. */
function uriText({ text, scheme, hasUser, password, portText, params, headers }: SipUri, user: string, host: string): string {
  const written = text.slice(0, text.indexOf(':') + 1)
  const rest = (portText === '' ? '' : `:${portText}`) + (params === '' ? '' : `;${params}`) + (headers === '' ? '' : `?${headers}`)
  if (scheme === 'tel') return written + user + rest
  const isUserWritten = hasUser || user !== ''
  return `${written}${isUserWritten ? `${user}${password === '' ? '' : `:${password}`}@` : ''}${host}${rest}`
}

function unquoted(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}
