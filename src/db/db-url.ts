import type { DbUrl } from './database.ts'

/**
 * Reads `scheme://user:password@host:port/database` (Kamailio's lib/srdb1): all but scheme and database may be left out, an IPv6
 * host stands in brackets, a password may hold `/` and `@`, and what follows a `?` is left aside. The database of
 * `sqlite` is a path: `sqlite:////var/k.db` is absolute, `sqlite:///k.db` starts in the working directory. Undefined when it
 * is no such URL.
 */
export function parseDbUrl(text: string): DbUrl | undefined {
  const match = /^([^:]+):\/\/(.+)$/s.exec(text)
  const scheme = match?.[1] ?? ''
  const rest = match?.[2] ?? ''
  // Kamailio's db_text reads its URL itself: all of it is a path, and the third slash belongs to it.
  if (scheme === 'text') return { text, scheme, user: '', password: '', host: '', port: 0, database: rest }
  const hostStart = credentialsEnd(rest)
  const slash = rest.indexOf('/', hostStart)
  if (scheme === '' || slash < 0) return undefined
  const credentials = rest.slice(0, Math.max(0, hostStart - 1))
  const colon = credentials.indexOf(':')
  const place = /^(\[[^\]]*\][^:]*|[^:]*)(?::(\d{1,5}))?$/.exec(rest.slice(hostStart, slash))
  const [database = ''] = rest.slice(slash + 1).split('?', 1)
  if (place === null || database === '') return undefined
  return {
    text,
    scheme,
    user: colon < 0 ? credentials : credentials.slice(0, colon),
    password: colon < 0 ? '' : credentials.slice(colon + 1),
    host: hostName(place[1] ?? ''),
    port: Number(place[2] ?? 0),
    database,
  }
}

/** Where the host begins: behind the last `@`, unless a path begins first. */
function credentialsEnd(rest: string): number {
  const first = /[@:/[]/.exec(rest)?.[0]
  return first === '@' || first === ':' ? rest.lastIndexOf('@') + 1 : 0
}

/** Brackets belong to an IPv6 address; elsewhere they name a group of my.cnf. */
function hostName(text: string): string {
  return /^\[[0-9a-f:.]*\]$/i.test(text) ? text.slice(1, -1) : text
}

/** The URL as the log may show it. */
export function withoutPassword(url: DbUrl): string {
  return url.password === '' ? url.text : url.text.replace(`:${url.password}@`, () => ':***@')
}
