import type { DbUrl } from './database.ts'

/**
 * Reads `scheme://user:password@host:port/database` (Kamailio's lib/srdb1): all but scheme and database may be left out, an IPv6
 * host stands in brackets, and the database of `text` and `sqlite` is a path. Undefined when it is no such URL.
 */
export function parseDbUrl(text: string): DbUrl | undefined {
  const match = /^([a-z][a-z0-9_]*):(?:\/\/)?(.+)$/is.exec(text)
  if (match === null) return undefined
  const scheme = (match[1] ?? '').toLowerCase()
  const rest = match[2] ?? ''
  const slash = pathStart(rest)
  const authority = slash < 0 ? '' : rest.slice(0, slash)
  const database = slash < 0 ? rest : rest.slice(slash + 1)
  const at = authority.lastIndexOf('@')
  const credentials = at < 0 ? '' : authority.slice(0, at)
  const colon = credentials.indexOf(':')
  const place = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(authority.slice(at + 1))
  if (place === null || database === '') return undefined
  return {
    text,
    scheme,
    user: colon < 0 ? credentials : credentials.slice(0, colon),
    password: colon < 0 ? '' : credentials.slice(colon + 1),
    host: (place[1] ?? '').replace(/^\[|\]$/g, ''),
    port: Number(place[2] ?? 0),
    database,
  }
}

/** The slash behind the host: a password may hold slashes, a host not. */
function pathStart(rest: string): number {
  const at = rest.lastIndexOf('@')
  return rest.indexOf('/', at + 1)
}

/** The URL as the log may show it. */
export function withoutPassword(url: DbUrl): string {
  return url.password === '' ? url.text : url.text.replace(`:${url.password}@`, ':***@')
}
