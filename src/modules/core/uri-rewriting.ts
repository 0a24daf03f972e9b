/** The Request-URI by its parts: what rewritehost(), strip() and their kin make of it. */
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'

export type UriChange =
  | { readonly part: 'host' | 'hostport' | 'hostporttrans' | 'port' | 'user' | 'userpass' | 'prefix'; readonly value: string }
  | { readonly part: 'strip' | 'strip_tail'; readonly count: number }

/** The URI with one part changed; an error when the URI that is there cannot be read. */
export function changeUri(text: string, change: UriChange): string | ParseError {
  const uri = parseUri(text)
  if (uri instanceof ParseError) return uri
  const parts = { user: uri.user, password: uri.password, hostPort: hostPortOf(uri), params: uri.params }
  switch (change.part) {
    case 'host':
      parts.hostPort = change.value + (uri.portText === '' ? '' : `:${uri.portText}`)
      break
    case 'hostport':
      parts.hostPort = change.value
      break
    case 'hostporttrans':
      parts.hostPort = change.value
      parts.params = withoutParam(uri.params, 'transport')
      break
    case 'port':
      parts.hostPort = uri.host + (change.value === '' ? '' : `:${change.value}`)
      break
    case 'user':
      parts.user = change.value
      if (change.value === '') parts.password = ''
      break
    case 'userpass':
      parts.user = change.value
      parts.password = ''
      break
    case 'prefix':
      parts.user = change.value + uri.user
      break
    case 'strip':
      parts.user = uri.user.slice(change.count)
      break
    case 'strip_tail':
      parts.user = uri.user.slice(0, Math.max(0, uri.user.length - change.count))
      break
  }
  const isTel = uri.scheme === 'tel' || uri.scheme === 'tels'
  const changesUserOnly = change.part === 'user' || change.part === 'userpass' || change.part === 'prefix' || change.part.startsWith('strip')
  if (isTel && changesUserOnly) return joinTel(uri, parts.user)
  return joinSip(isTel ? { ...uri, scheme: uri.scheme === 'tels' ? 'sips' : 'sip' } : uri, parts, isTel)
}

/** The same with `user=phone`, unless it is there. */
export function withUserPhone(text: string): string | ParseError {
  const uri = parseUri(text)
  if (uri instanceof ParseError) return uri
  if (uri.scheme === 'tel' || uri.scheme === 'tels') return text
  if (`;${uri.params};`.includes(';user=phone;')) return text
  const question = text.indexOf('?', uri.hostPortEnd)
  const end = question < 0 ? text.length : question
  return `${text.slice(0, end)};user=phone${text.slice(end)}`
}

function hostPortOf(uri: SipUri): string {
  return uri.portText === '' ? uri.host : `${uri.host}:${uri.portText}`
}

function joinTel(uri: SipUri, user: string): string {
  return `${uri.scheme}:${user}${uri.params === '' ? '' : `;${uri.params}`}`
}

function joinSip(
  uri: SipUri,
  parts: { readonly user: string; readonly password: string; readonly hostPort: string; readonly params: string },
  isFromTel: boolean,
): string {
  let text = `${uri.scheme}:`
  if (parts.user !== '') text += `${parts.user}${parts.password === '' ? '' : `:${parts.password}`}@`
  text += parts.hostPort
  if (parts.params !== '') text += `;${parts.params}`
  if (isFromTel) text += ';user=phone'
  if (uri.headers !== '') text += `?${uri.headers}`
  return text
}

function withoutParam(params: string, name: string): string {
  return params
    .split(';')
    .filter((param) => param.split('=')[0]?.toLowerCase() !== name)
    .join(';')
}
