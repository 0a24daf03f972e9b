/** `{uri....}`: the parts of a URI, each as written. */
import type { PvValue, TransformationDef } from '../../../define/define.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import { ParseError } from '../../../sip/parse-error.ts'
import { paramIn, parseUri, type SipUri } from '../../../sip/uri.ts'
import { ofFilledText, parameterMissing, withParameters } from './parameters.ts'
import { findParam, parseParamList } from './param-list.ts'

/** A URI as Kamailio's transformations see it: what differs for tel: and urn: is put right. */
interface Parts {
  readonly uri: SipUri
  readonly scheme: string
  readonly user: string
  readonly host: string
  /** Without a separator at the end; tel: has none. */
  readonly params: string
  readonly headers: string
  /** What well-known parameters are looked up in. */
  readonly known: string
}

function partsOf(text: string, context: RouteContext): Parts | null {
  const uri = parseUri(text)
  if (uri instanceof ParseError) {
    context.host.log.error('pv', `invalid uri [${text}]\n`)
    return null
  }
  const scheme = text.slice(0, text.indexOf(':'))
  const { user, host } = uri
  if (uri.scheme === 'urn') return { uri, scheme, user, host, params: '', headers: '', known: '' }
  if (uri.scheme === 'tel') return { uri, scheme, user, host, params: '', headers: uri.headers, known: uri.params }
  const params = uri.params.endsWith(';') ? uri.params.slice(0, -1) : uri.params
  return { uri, scheme, user, host, params, headers: uri.headers, known: uri.params }
}

function part(summary: string, read: (parts: Parts) => PvValue, number?: (text: string) => number): TransformationDef {
  return ofFilledText(
    summary,
    (text, context) => {
      const parts = partsOf(text, context)
      return parts && read(parts)
    },
    number,
  )
}

const known = (summary: string, name: string): TransformationDef => part(summary, (parts) => paramIn(parts.known, name) ?? '')

const SOCKET_TRANSPORTS = ['udp', 'tcp', 'tls', 'sctp', 'ws']

function socketOf(parts: Parts): string {
  const transport = paramIn(parts.known, 'transport')?.toLowerCase() ?? ''
  return SOCKET_TRANSPORTS.includes(transport) ? `${transport}:${parts.host}:${parts.uri.port || 5060}` : ''
}

const addressOf = ({ user, host }: Parts): string => (user === '' ? host : `${user}@${host}`)

/** Port and transport, where they are given. */
function destination(parts: Parts): string {
  const transport = paramIn(parts.known, 'transport') ?? ''
  const port = parts.uri.portText === '' ? '' : `:${parts.uri.portText}`
  return transport === '' ? port : `${port};transport=${transport}`
}

const host = (summary: string): TransformationDef => part(summary, (parts) => parts.host)

export const uriTransformations: Readonly<Record<string, TransformationDef>> = {
  'uri.scheme': part('The scheme as written.', (parts) => parts.scheme),
  'uri.user': part('The user.', (parts) => parts.user),
  'uri.passwd': part('The password.', (parts) => parts.uri.password),
  'uri.host': host('The host.'),
  'uri.domain': host('The host.'),
  'uri.port': part('The port; empty when it is not given, and 0 as a number.', (parts) => parts.uri.portText, Number),
  'uri.params': part('All parameters.', (parts) => parts.params),
  'uri.headers': part('The headers behind the question mark.', (parts) => parts.headers),
  'uri.transport': known('Value of the parameter transport.', 'transport'),
  'uri.ttl': known('Value of the parameter ttl.', 'ttl'),
  'uri.uparam': known('Value of the parameter user.', 'user'),
  'uri.maddr': known('Value of the parameter maddr.', 'maddr'),
  'uri.method': known('Value of the parameter method.', 'method'),
  'uri.lr': known('Value of the parameter lr.', 'lr'),
  'uri.r2': known('Value of the parameter r2.', 'r2'),
  'uri.tosocket': part('The socket that the URI names: transport:host:port.', socketOf),
  'uri.saor': part('The address of record: scheme, user and host.', (parts) => `${parts.scheme}:${addressOf(parts)}`),
  'uri.suri': part('The address with port and transport.', (parts) => `${parts.scheme}:${addressOf(parts)}${destination(parts)}`),
  'uri.duri': part('Scheme, host, port and transport.', (parts) => `${parts.scheme}:${parts.host}${destination(parts)}`),
  'uri.param': withParameters('Value of a parameter by name.', ['name'], (reader) => {
    const name = reader.text()
    return (text, context) => {
      const parts = text === '' ? null : partsOf(text, context)
      if (parts === null || parts.params === '') return parts && ''
      const wanted = name(context)
      if (wanted === null) return parameterMissing(context)
      const params = parseParamList(parts.params, ';')
      return params && (findParam(params, wanted)?.value ?? '')
    }
  }),
}
