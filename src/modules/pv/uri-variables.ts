/** The Request-URI as it stands and as it came, the destination, and the next hop. */
import { variable, variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { URI_BYTES_MAX, withHost, withPort, withUser } from '../../sip/rewrite-uri.ts'
import { withoutBrackets } from '../../base/address.ts'
import { parseUri, uriParam, type SipUri } from '../../sip/uri.ts'
import { TRANSPORT_IDS } from './socket-text.ts'
import type { PvState } from './state.ts'
import { viaAttribute } from './via-variables.ts'

const textOrNull = (text: string): PvValue => (text === '' ? null : text)

const SCHEME_IDS: Readonly<Record<SipUri['scheme'], number>> = { sip: 1, sips: 2, tel: 3, urn: 5 }

function isKnownTransport(text: string): text is keyof typeof TRANSPORT_IDS {
  return Object.hasOwn(TRANSPORT_IDS, text)
}

/** The number of a transport by name in any case; 0 when it is unknown. */
export function transportId(name: string): number {
  const lower = name.toLowerCase()
  return isKnownTransport(lower) ? TRANSPORT_IDS[lower] : 0
}

/** Port of a URI as text: its own, or the default of its transport. */
function portText(uri: SipUri): string {
  if (uri.portText !== '') return uri.portText
  return uriParam(uri, 'transport')?.toLowerCase() === 'tls' ? '5061' : '5060'
}

/** As the URI says it; `UDP` where it says nothing. */
const transportText = (uri: SipUri): string => uriParam(uri, 'transport') || 'UDP'

/** Beside a text that is not there, there is no number either. */
const numberOf = (value: PvValue): number => (value === null ? Number.NaN : Number(value))
const transportNumberOf = (value: PvValue): number => (value === null ? Number.NaN : transportId(String(value)))

type UriOf = (context: RouteContext) => SipUri | undefined

function parsed(context: RouteContext, uri: SipUri | ParseError, what: string): SipUri | undefined {
  if (!(uri instanceof ParseError)) return uri
  context.host.log.error('pv', `failed to parse the ${what}: ${uri.reason}`)
  return undefined
}

const current: UriOf = (context) =>
  context.message.isRequest ? parsed(context, context.message.parsedUri(), 'R-URI') : undefined

const original: UriOf = (context) =>
  context.message.isRequest ? parsed(context, parseUri(context.message.requestUri), 'original R-URI') : undefined

const destination: UriOf = ({ message, host }) => {
  if (message.dstUri === undefined) return undefined
  const uri = parseUri(message.dstUri)
  if (!(uri instanceof ParseError)) return uri
  host.log.error('pv', `failed to parse the destination URI: ${uri.reason}`)
  return undefined
}

/** SIP URIs with `user=phone` count as telephone URIs: what follows a semicolon in the user is a parameter. */
function isPhone(context: RouteContext, uri: SipUri): boolean {
  if (uri.params === '' || (uri.scheme !== 'sip' && uri.scheme !== 'sips')) return false
  return context.host.settings.phone2tel === 1 && uriParam(uri, 'user') === 'phone'
}

/** The user of a URI; of a telephone number without its parameters. */
export function phoneUser(context: RouteContext, uri: SipUri): string {
  const semicolon = isPhone(context, uri) ? uri.user.indexOf(';') : -1
  return semicolon < 0 ? uri.user : uri.user.slice(0, semicolon)
}

const user =
  (of: UriOf) =>
  (context: RouteContext): PvValue => {
    const uri = of(context)
    return uri ? textOrNull(phoneUser(context, uri)) : null
  }
const host =
  (of: UriOf) =>
  (context: RouteContext): PvValue =>
    textOrNull(of(context)?.host ?? '')
const userLength =
  (of: UriOf) =>
  (context: RouteContext): PvValue => {
    const uri = of(context)
    return uri ? phoneUser(context, uri).length : null
  }

/** A port: text, with the number beside. */
function portVariable(summary: string, of: UriOf, set?: Setter): VariableDef<PvState> {
  const get = (context: RouteContext): PvValue => {
    const uri = of(context)
    return uri ? portText(uri) : null
  }
  return variable(summary, get, { set, int: (context) => numberOf(get(context)) })
}

function transportVariable(summary: string, of: UriOf): VariableDef<PvState> {
  const get = (context: RouteContext): PvValue => {
    const uri = of(context)
    return uri ? transportText(uri) : null
  }
  return variable(summary, get, { int: (context) => transportNumberOf(get(context)) })
}

type Setter = (context: RouteContext, state: PvState, value: PvValue) => boolean

function refuse(context: RouteContext, text: string): false {
  context.host.log.error('pv', `${text}`)
  return false
}

function setUri(context: RouteContext, _state: PvState, value: PvValue): boolean {
  if (typeof value !== 'string') return refuse(context, 'a text is needed to set the R-URI')
  if (value.length > URI_BYTES_MAX) return refuse(context, 'the URI is too long')
  context.message.setUri(value)
  return true
}

/** Sets one part of the Request-URI. */
function setPart(context: RouteContext, make: (uri: SipUri) => string): boolean {
  const uri = context.message.parsedUri()
  if (uri instanceof ParseError) {
    context.host.log.error('<core>', `bad uri <${context.message.uri}>, dropping packet`)
    return false
  }
  const changed = make(uri)
  if (changed.length > URI_BYTES_MAX) return refuse(context, 'the URI is too long')
  context.message.setUri(changed)
  return true
}

const setUser: Setter = (context, _state, value) =>
  typeof value === 'number'
    ? refuse(context, 'a text is needed to set the R-URI\'s user')
    : setPart(context, (uri) => withUser(uri, value ?? ''))

const setHost: Setter = (context, _state, value) =>
  typeof value === 'string'
    ? setPart(context, (uri) => withHost(uri, value))
    : refuse(context, 'a text is needed to set the R-URI\'s host')

const setPort: Setter = (context, _state, value) => setPart(context, (uri) => withPort(uri, String(value ?? '')))

const setDestination: Setter = (context, _state, value) => {
  if (typeof value === 'number') return refuse(context, 'a text is needed to set the destination')
  if (value === null || value === '') context.message.dstUri = undefined
  else context.message.setDestination(value)
  return true
}

const requestUri = variable<PvState>(
  'Request-URI as it stands; $null when it cannot be read.',
  (context) => current(context)?.text ?? null,
  { set: setUri },
)
const requestUser = variable<PvState>('User of the Request-URI.', user(current), { set: setUser })
const requestHost = variable<PvState>('Host of the Request-URI.', host(current), { set: setHost })
const originalUri = variable<PvState>('Request-URI as it came.', ({ message }) =>
  message.isRequest ? message.requestUri : null)
const destinationUri = variable<PvState>(
  'Where the request is sent instead of its Request-URI; $null for none.',
  ({ message }) => message.dstUri ?? null,
  { set: setDestination },
)

/** The URI that tells where a request goes next: the destination, else the Request-URI. */
const nextHop: UriOf = (context) =>
  parsed(context, parseUri(context.message.dstUri || context.message.uri), 'next hop\'s URI')

/** 4 or 6 for a numeric host, 0 for a name. */
export function hostFamily(text: string): number {
  if (/^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(text)) return 4
  return withoutBrackets(text).includes(':') ? 6 : 0
}

interface HopPart {
  readonly request: (context: RouteContext) => PvValue
  readonly reply: (context: RouteContext) => PvValue
  /** The number beside the text, of requests' parts. */
  readonly int?: (context: RouteContext) => number
}

const hopPort = (context: RouteContext): PvValue => {
  const uri = nextHop(context)
  return uri ? uri.portText || '5060' : null
}
const hopTransport = (context: RouteContext): PvValue => {
  const uri = nextHop(context)
  return uri ? transportText(uri) : null
}

const NEXT_HOP: Readonly<Record<string, HopPart>> = {
  u: { request: ({ message }) => message.dstUri || message.uri, reply: (context) => viaAttribute(context, 'duri') },
  U: { request: user(nextHop), reply: () => null },
  d: { request: host(nextHop), reply: (context) => viaAttribute(context, 'dhost') },
  p: { request: hopPort, reply: (context) => viaAttribute(context, 'dport'), int: (context) => numberOf(hopPort(context)) },
  P: {
    request: hopTransport,
    reply: (context) => viaAttribute(context, 'dproto'),
    int: (context) => transportNumberOf(hopTransport(context)),
  },
  i: {
    request: (context) => hostFamily(nextHop(context)?.host ?? ''),
    reply: (context) => hostFamily(String(viaAttribute(context, 'dhost') ?? '')),
  },
}

function scheme(context: RouteContext): SipUri['scheme'] | undefined {
  const uri = current(context)
  return uri && (isPhone(context, uri) ? 'tel' : uri.scheme)
}

const NAMED = { inner: 'required' } as const

export const uriVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  ru: requestUri,
  ruri: requestUri,
  rU: requestUser,
  'ruri.user': requestUser,
  rUl: variable('Length of the Request-URI\'s user.', userLength(current)),
  rul: variable('Length of the Request-URI.', ({ message }) => (message.isRequest ? message.uri.length : null)),
  rd: requestHost,
  'ruri.domain': requestHost,
  rp: portVariable('Port of the Request-URI.', current, setPort),
  rP: transportVariable('Transport of the Request-URI.', current),
  rz: variable('Scheme of the Request-URI; tel for those with user=phone.', (context) => scheme(context) ?? null, {
    int(context) {
      const name = scheme(context)
      return name ? SCHEME_IDS[name] : Number.NaN
    },
  }),
  ou: originalUri,
  ouri: originalUri,
  oU: variable('User of the Request-URI as it came.', user(original)),
  oUl: variable('Length of the original Request-URI\'s user.', userLength(original)),
  od: variable('Host of the Request-URI as it came.', host(original)),
  op: portVariable('Port of the Request-URI as it came.', original),
  oP: transportVariable('Transport of the Request-URI as it came.', original),
  du: destinationUri,
  duri: destinationUri,
  dd: variable('Host of the destination.', host(destination)),
  dp: portVariable('Port of the destination.', destination),
  dP: transportVariable('Transport of the destination.', destination),
  nh: variableFamily<PvState>('Next hop: URI, User, d (host), port, Protocol or ip family.', NAMED, (inner) => {
    const part = NEXT_HOP[inner ?? '']
    if (!part) return `$nh is one of ${Object.keys(NEXT_HOP).join(', ')}, not ${inner}`
    const { request, reply, int } = part
    const get = (context: RouteContext): PvValue => (context.message.isRequest ? request(context) : reply(context))
    if (!int) return { get }
    const replyPart = inner === 'p' ? 'dport' : 'dprotoid'
    return {
      get,
      int: (context) => (context.message.isRequest ? int(context) : numberOf(viaAttribute(context, replyPart))),
    }
  }),
}
