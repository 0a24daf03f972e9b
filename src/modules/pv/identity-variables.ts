/** Who calls, as headers beside From tell: P-Asserted-Identity, Diversion and the like, and credentials. */
import { variable, variableFamily, type PvIndex, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { indexValue } from '../../runtime/variable-spec.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { DigestCredentials } from '../../sip/headers/digest-credentials.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { unquoted } from './quoted-text.ts'
import { readCredentials } from './credentials.ts'
import type { PvState } from './state.ts'

const textOrNull = (text: string | undefined): PvValue => (text === undefined || text === '' ? null : text)

/** The first address of the first header of a type. */
function first(context: RouteContext, type: HeaderType): NameAddr | undefined {
  const addresses = context.message.addresses(type)
  return addresses instanceof ParseError ? undefined : addresses[0]
}

/** The address at an index over all headers of a type; negative indexes mean the first, as in Kamailio. */
function at(context: RouteContext, type: HeaderType, index: PvIndex): NameAddr | undefined {
  if (index.kind === 'all') return undefined
  const addresses = context.message.addresses(type)
  return addresses instanceof ParseError ? undefined : addresses[Math.max(indexValue(index, context), 0)]
}

function indexed(summary: string, type: HeaderType, read: (address: NameAddr) => PvValue): VariableDef<PvState> {
  return variableFamily<PvState>(summary, { inner: 'none', index: true }, (_inner, index) => ({
    get(context) {
      const address = at(context, type, index)
      return address ? read(address) : null
    },
  }))
}

const userOf = (address: NameAddr): PvValue => {
  const uri = address.parsedUri()
  return uri instanceof ParseError ? null : textOrNull(uri.user)
}
const hostOf = (address: NameAddr): PvValue => {
  const uri = address.parsedUri()
  return uri instanceof ParseError ? null : textOrNull(uri.host)
}

const diversionParam = (summary: string, name: string): VariableDef<PvState> =>
  variable(summary, (context) => unquoted(first(context, HeaderType.diversion)?.param(name)) ?? null)

const addressUri = (summary: string, type: HeaderType): VariableDef<PvState> =>
  variable(summary, (context) => first(context, type)?.uri ?? null)

/** A part of the credentials; `$null` without credentials, and in ACK and CANCEL. */
const credential = (summary: string, read: (credentials: DigestCredentials) => PvValue): VariableDef<PvState> =>
  variable(summary, (context) => {
    const credentials = readCredentials(context)
    return credentials ? read(credentials) : null
  })

/** Who is to be charged: the user of checked credentials, else user and host of From. */
function accountName(context: RouteContext, withHost: boolean): PvValue {
  const { checkedProxyAuthorization, checkedAuthorization } = context.message
  const checked = (checkedProxyAuthorization ?? checkedAuthorization)?.credentials
  if (checked !== undefined && checked.user !== '') {
    return withHost && checked.userRealm !== '' ? `${checked.user}@${checked.userRealm}` : checked.user
  }
  const from = context.message.from()
  const uri = from === undefined || from instanceof ParseError ? undefined : from.parsedUri()
  if (uri === undefined || uri instanceof ParseError) return null
  return withHost ? `${uri.user}@${uri.host}` : uri.user
}

const ppi = HeaderType.pPreferredIdentity

export const identityVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  ai: indexed('URI in P-Asserted-Identity.', HeaderType.pAssertedIdentity, (address) => textOrNull(address.uri)),
  pu: indexed('URI in P-Preferred-Identity.', ppi, (address) => textOrNull(address.uri)),
  pU: indexed('User in P-Preferred-Identity.', ppi, userOf),
  pd: indexed('Host in P-Preferred-Identity.', ppi, hostOf),
  pn: indexed('Display name in P-Preferred-Identity.', ppi, (address) => textOrNull(address.display)),
  di: addressUri('URI in Diversion.', HeaderType.diversion),
  dir: diversionParam('Reason in Diversion.', 'reason'),
  dip: diversionParam('Privacy in Diversion.', 'privacy'),
  dic: diversionParam('Counter in Diversion.', 'counter'),
  re: addressUri('URI in Remote-Party-ID.', HeaderType.remotePartyId),
  rt: addressUri('URI in Refer-To.', HeaderType.referTo),
  adu: credential('URI in the credentials.', (credentials) => textOrNull(credentials.uri)),
  ar: credential('Realm in the credentials.', (credentials) => credentials.realm ?? ''),
  au: credential('User in the credentials, without host.', (credentials) => credentials.user),
  ad: credential('Host of the user name in the credentials.', (credentials) => credentials.domain),
  aU: credential('User name in the credentials, as written.', (credentials) => credentials.username ?? ''),
  aa: credential('Algorithm in the credentials.', (credentials) => credentials.algorithm ?? ''),
  adn: credential('Nonce in the credentials.', (credentials) => credentials.nonce ?? ''),
  adc: credential('Cnonce in the credentials.', (credentials) => credentials.cnonce ?? ''),
  adr: credential('Response in the credentials.', (credentials) => credentials.response ?? ''),
  ado: credential('Opaque in the credentials.', (credentials) => credentials.opaque ?? ''),
  Au: variable('Who is charged, with host.', (context) => accountName(context, true)),
  AU: variable('Who is charged.', (context) => accountName(context, false)),
}
