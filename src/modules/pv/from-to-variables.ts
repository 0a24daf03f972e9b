/**
 * From and To, read and written. Reading shows what came; what is written replaces bytes of the message when it is
 * sent, so that two assignments to the same part put both texts there, as in Kamailio.
 */
import { variable, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { SipUri } from '../../sip/uri.ts'
import { unquoted } from './quoted-text.ts'
import type { PvState } from './state.ts'
import { phoneUser } from './uri-variables.ts'

type AddressOf = (context: RouteContext) => NameAddr | undefined

function addressOf(type: HeaderType, name: string): AddressOf {
  return ({ message, host }) => {
    const address = message.address(type)
    if (!(address instanceof ParseError)) return address
    host.log.error('pv', `cannot parse ${name} header: ${address.reason}`)
    return undefined
  }
}

function uriOf(context: RouteContext, address: NameAddr): SipUri | undefined {
  const uri = address.parsedUri()
  if (!(uri instanceof ParseError)) return uri
  context.host.log.error('pv', `cannot parse the URI ${address.uri}: ${uri.reason}`)
  return undefined
}

const textOrNull = (text: string | undefined): PvValue => (text === undefined || text === '' ? null : text)

/** Puts a text in place of a part of the message; `added` where the part is not there yet. */
function exchange(context: RouteContext, start: number, end: number, text: string, added: string): void {
  const { edits } = context.message
  if (end > start) {
    if (text === '') edits.remove(start, end)
    else edits.replace(start, end, text)
  } else if (added !== '') edits.insert(start, added)
}

type Write = (context: RouteContext, address: NameAddr, value: string | null) => boolean

const writeUri: Write = (context, address, value) => {
  if (value === null) context.host.log.warning('pv', 'To header URI cannot be deleted')
  else exchange(context, address.uriStart, address.uriEnd, value, '')
  return true
}

const writeUser: Write = (context, address, value) => {
  const uri = uriOf(context, address)
  if (!uri) return false
  const start = address.uriStart + uri.text.indexOf(':') + 1
  const end = start + phoneUser(context, uri).length
  if (value !== null) {
    const at = uri.user === '' ? address.uriStart + uri.hostStart : start
    exchange(context, at, uri.user === '' ? at : end, value, `${value}@`)
  } else if (uri.user !== '') {
    exchange(context, start, context.message.text.charAt(end) === '@' ? end + 1 : end, '', '')
  }
  return true
}

const writeDomain: Write = (context, address, value) => {
  const uri = uriOf(context, address)
  if (!uri) return false
  const start = address.uriStart + uri.hostStart
  if (value === null) context.host.log.warning('pv', 'To header URI domain cannot be deleted')
  else exchange(context, start, start + uri.host.length, value, '')
  return true
}

const writeDisplay: Write = (context, address, value) => {
  const start = address.displayStart
  if (start < 0) {
    if (value !== null) exchange(context, address.start, address.start, '', `${value} `)
    return true
  }
  const end = start + address.display.length
  const behind = value === null && context.message.text.charAt(end) === ' ' ? 1 : 0
  exchange(context, start, end + behind, value ?? '', '')
  return true
}

function setter(of: AddressOf, write: Write) {
  return (context: RouteContext, _state: PvState, value: PvValue): boolean => {
    const address = of(context)
    if (!address || !uriOf(context, address)) return false
    if (typeof value !== 'number') return write(context, address, value)
    context.host.log.error('pv', 'a text is needed to set a part of From or To')
    return false
  }
}

function parts(name: string, of: AddressOf) {
  const user = (context: RouteContext): string | undefined => {
    const address = of(context)
    const uri = address && uriOf(context, address)
    return uri && phoneUser(context, uri)
  }
  return {
    uri: variable<PvState>(`URI of ${name}.`, (context) => of(context)?.uri ?? null, { set: setter(of, writeUri) }),
    user: variable<PvState>(`User in ${name}.`, (context) => textOrNull(user(context)), { set: setter(of, writeUser) }),
    userLength: (context: RouteContext): PvValue => user(context)?.length ?? null,
    setUser: setter(of, writeUser),
    domain: variable<PvState>(
      `Host in ${name}.`,
      (context) => {
        const address = of(context)
        return textOrNull(address && uriOf(context, address)?.host)
      },
      { set: setter(of, writeDomain) },
    ),
    display: variable<PvState>(`Display name in ${name}, quotes included.`, (context) => textOrNull(of(context)?.display), {
      set: setter(of, writeDisplay),
    }),
    tag: variable<PvState>(`Tag of ${name}.`, (context) => textOrNull(unquoted(of(context)?.tag))),
  }
}

const fromOf = addressOf(HeaderType.from, 'From')
const toOf = addressOf(HeaderType.to, 'To')
const from = parts('From', fromOf)
const to = parts('To', toOf)

export const fromToVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  fu: from.uri,
  from: from.uri,
  ful: variable('Length of From\'s URI.', (context) => fromOf(context)?.uri.length ?? null),
  fU: from.user,
  'from.user': from.user,
  fUl: variable('Length of From\'s user.', from.userLength),
  fd: from.domain,
  'from.domain': from.domain,
  fn: from.display,
  ft: from.tag,
  tu: to.uri,
  to: to.uri,
  tU: to.user,
  'to.user': to.user,
  tUl: variable('Length of To\'s user; setting it sets the user, as in Kamailio.', to.userLength, { set: to.setUser }),
  td: to.domain,
  'to.domain': to.domain,
  tn: to.display,
  tt: to.tag,
}
