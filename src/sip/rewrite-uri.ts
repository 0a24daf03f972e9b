/** Parts of a URI exchanged, the rest as written: what `$rU = ...` and the like do. */
import type { SipUri } from './uri.ts'

/** Longer URIs are refused (Kamailio's MAX_URI_SIZE). */
export const URI_BYTES_MAX = 1024

function compose(uri: SipUri, userInfo: string, host: string, port: string): string {
  const params = uri.params === '' ? '' : `;${uri.params}`
  const headers = uri.headers === '' ? '' : `?${uri.headers}`
  return `${uri.scheme}:${userInfo}${host}${port === '' ? '' : `:${port}`}${params}${headers}`
}

const isTelephone = (uri: SipUri): boolean => uri.scheme === 'tel'

function userInfo(uri: SipUri): string {
  if (!uri.hasUser) return ''
  return uri.password === '' ? `${uri.user}@` : `${uri.user}:${uri.password}@`
}

/** The URI with another user; an empty one takes user and password away. */
export function withUser(uri: SipUri, user: string): string {
  if (isTelephone(uri)) return compose(uri, user, '', '')
  const password = uri.password === '' ? '' : `:${uri.password}`
  return compose(uri, user === '' ? '' : `${user}${password}@`, uri.host, uri.portText)
}

/** The URI with another host; the port stays. A telephone URI becomes a SIP URI (RFC 3261 §19.1.6). */
export function withHost(uri: SipUri, host: string): string {
  if (!isTelephone(uri)) return compose(uri, userInfo(uri), host, uri.portText)
  const number = uri.params === '' ? uri.user : `${uri.user};${uri.params}`
  return `${uri.scheme === 'tel' ? 'sip' : 'sips'}:${number}@${host};user=phone`
}

/** The URI with another port; an empty text takes it away. A telephone URI has none and stays. */
export function withPort(uri: SipUri, port: string): string {
  return isTelephone(uri) ? uri.text : compose(uri, userInfo(uri), uri.host, port)
}
