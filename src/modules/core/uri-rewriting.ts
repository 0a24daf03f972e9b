/** The Request-URI by its parts: what rewritehost(), strip() and their kin make of it. */
import { ParseError } from '../../sip/parse-error.ts'
import { withHost, withPort, withUser } from '../../sip/rewrite-uri.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'

export type UriChange =
  | { readonly part: 'host' | 'hostport' | 'hostporttrans' | 'port' | 'user' | 'userpass' | 'prefix'; readonly value: string }
  | { readonly part: 'strip' | 'strip_tail'; readonly count: number }

/** The URI with one part changed; an error when the URI that is there cannot be read. */
export function changeUri(text: string, change: UriChange): string | ParseError {
  const uri = parseUri(text)
  if (uri instanceof ParseError) return uri
  switch (change.part) {
    case 'host':
      return withHost(uri, change.value)
    case 'hostport':
      return withHost(withoutPort(uri), change.value)
    case 'hostporttrans':
      return withHost({ ...withoutPort(uri), params: withoutParam(uri.params, 'transport') }, change.value)
    case 'port':
      return withPort(uri, change.value)
    case 'user':
      return withUser(uri, change.value)
    case 'userpass':
      return withUser({ ...uri, password: '' }, change.value)
    case 'prefix':
      return withUser(uri, change.value + uri.user)
    case 'strip':
      return withUser(uri, uri.user.slice(change.count))
    case 'strip_tail':
      return withUser(uri, uri.user.slice(0, Math.max(0, uri.user.length - change.count)))
  }
}

/** The same with `user=phone`, unless it is there. */
export function withUserPhone(text: string): string | ParseError {
  const uri = parseUri(text)
  if (uri instanceof ParseError) return uri
  if (uri.scheme === 'tel') return text
  if (`;${uri.params};`.includes(';user=phone;')) return text
  const question = text.indexOf('?', uri.hostPortEnd)
  const end = question < 0 ? text.length : question
  return `${text.slice(0, end)};user=phone${text.slice(end)}`
}

function withoutPort(uri: SipUri): SipUri {
  return { ...uri, portText: '', port: 0 }
}

function withoutParam(params: string, name: string): string {
  return params
    .split(';')
    .filter((param) => param.split('=')[0]?.toLowerCase() !== name)
    .join(';')
}
