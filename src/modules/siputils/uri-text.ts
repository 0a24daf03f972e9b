/** set_uri_user() and set_uri_host(): URIs changed as texts, without a look at their grammar. */

/** The URI with another user, or without one when it is empty; undefined when there is no colon. */
export function setUser(uri: string, user: string): string | undefined {
  const colon = uri.indexOf(':')
  if (colon < 0) return undefined
  const at = uri.indexOf('@')
  const behind = at < 0 ? colon + 1 : at + 1
  return uri.slice(0, colon + 1) + (user === '' ? '' : `${user}@`) + uri.slice(behind)
}

/** The URI with another host; undefined when there is no colon. */
export function setHost(uri: string, host: string): string | undefined {
  const colon = uri.indexOf(':')
  if (colon < 0) return undefined
  const start = Math.max(uri.indexOf('@', colon + 1), colon) + 1
  let end = start
  while (end < uri.length && !':;?'.includes(uri.charAt(end))) end++
  return uri.slice(0, start) + host + uri.slice(end)
}
