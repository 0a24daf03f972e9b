/** Parts of a URI: `@ruri.user`, `@from.uri.params.transport`. */
import type { PvValue } from '../../../define/define.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import { ParseError } from '../../../sip/parse-error.ts'
import { paramIn, parseUri, type SipUri } from '../../../sip/uri.ts'
import { branches, filled, leaf, named, unquoted, type Resolver } from './path.ts'

interface Parts {
  readonly type: string
  readonly user: string
  readonly host: string
  /** What stands behind the number of a tel: URI, or of the user part when user=phone makes it one. */
  readonly params: string
  readonly lookedUp: string
  readonly uri: SipUri
}

function partsOf(text: PvValue): Parts | null {
  if (typeof text !== 'string') return null
  const uri = parseUri(text)
  if (uri instanceof ParseError) return null
  const { scheme, user, host, params } = uri
  if (scheme === 'urn') return { type: scheme, user, host, params: '', lookedUp: '', uri }
  const isPhone = (scheme === 'sip' || scheme === 'sips') && paramIn(params, 'user')?.toLowerCase() === 'phone'
  if (!isPhone) return { type: scheme, user, host, params, lookedUp: params, uri }
  const semicolon = user.indexOf(';')
  if (semicolon < 0) return { type: 'tel', user, host, params: '', lookedUp: params, uri }
  return { type: 'tel', user: user.slice(0, semicolon), host, params: user.slice(semicolon + 1), lookedUp: params, uri }
}

/** What makes a telephone number readable and means nothing (RFC 3966 §5.1.1). */
const VISUAL_SEPARATORS = /[-.()]/g

/** The number to route by (RFC 4694): the parameter rn of a telephone number, else the user. */
function routingNumber(parts: Parts): PvValue {
  const number = parts.type === 'tel' ? paramIn(parts.params, 'rn') : undefined
  return filled(number || parts.user)
}

const transportOf = (parts: Parts): string => paramIn(parts.lookedUp, 'transport') || (parts.type === 'sips' ? 'tls' : 'udp')

function hostAndPort(parts: Parts): PvValue {
  if (parts.host === '') return null
  const port = parts.uri.portText || (parts.type === 'sips' ? '5061' : '5060')
  return `${parts.host}:${port}`
}

/** The URI itself, or a part of it. */
export function uriSelect(textOf: (context: RouteContext) => PvValue): Resolver {
  const part = (read: (parts: Parts) => PvValue): Resolver =>
    leaf((context) => {
      const parts = partsOf(textOf(context))
      return parts && read(parts)
    })
  const byName = named((context, name) => {
    const parts = partsOf(textOf(context))
    return parts && unquoted(paramIn(parts.lookedUp, name.toLowerCase()))
  })
  const all = part((parts) => filled(parts.params))
  return branches(
    {
      type: part((parts) => parts.type),
      user: part((parts) => filled(parts.type === 'tel' ? parts.user.replace(VISUAL_SEPARATORS, '') : parts.user)),
      rn_user: part(routingNumber),
      pwd: part((parts) => filled(parts.uri.password)),
      host: part((parts) => parts.host),
      port: part((parts) => filled(parts.uri.portText)),
      hostport: part(hostAndPort),
      transport: part(transportOf),
      params: (rest) => (rest.length === 0 ? all(rest) : byName(rest)),
    },
    textOf,
  )
}
