/** Parts of a URI exchanged, the rest as written: what `$rU = ...`, rewritehost() and the like do. */
import type { SipUri } from './uri.ts'

/** Longer URIs are refused (Kamailio's MAX_URI_SIZE). */
export const URI_BYTES_MAX = 1024

/** A telephone URI that gets a host becomes a SIP URI. */
function hostScheme(uri: SipUri): string {
  return uri.scheme === 'tel' ? 'sip' : uri.scheme === 'tels' ? 'sips' : uri.scheme
}

function compose(scheme: string, uri: SipUri, userInfo: string, host: string, port: string): string {
  const params = uri.params === '' ? '' : `;${uri.params}`
  const headers = uri.headers === '' ? '' : `?${uri.headers}`
  return `${scheme}:${userInfo}${host}${port === '' ? '' : `:${port}`}${params}${headers}`
}

const isTelephone = (uri: SipUri): boolean => uri.scheme === 'tel' || uri.scheme === 'tels'

function userInfo(uri: SipUri): string {
  if (!uri.hasUser) return ''
  return uri.password === '' ? `${uri.user}@` : `${uri.user}:${uri.password}@`
}

/** The URI with another user; an empty one takes user and password away. */
export function withUser(uri: SipUri, user: string): string {
  if (isTelephone(uri)) return compose(uri.scheme, uri, user, '', '')
  const password = uri.password === '' ? '' : `:${uri.password}`
  return compose(uri.scheme, uri, user === '' ? '' : `${user}${password}@`, uri.host, uri.portText)
}

/** The URI with another host; the port stays. */
export function withHost(uri: SipUri, host: string): string {
  return compose(hostScheme(uri), uri, userInfo(uri), host, uri.portText)
}

/** The URI with another port; an empty text takes it away. */
export function withPort(uri: SipUri, port: string): string {
  return compose(hostScheme(uri), uri, userInfo(uri), uri.host, port)
}
