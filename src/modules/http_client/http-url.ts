/** URLs as libcurl reads them: the path goes out as it is written, but for `.` and `..`. */

export interface HttpUrl {
  readonly scheme: 'http' | 'https'
  /** `user:password`, as written; empty for none. */
  readonly credentials: string
  /** With brackets for IPv6. */
  readonly host: string
  readonly port: number
  /** As it goes into Host and is shown: the port as written, not the usual one. */
  readonly hostPort: string
  /** With the query, without the fragment. */
  readonly path: string
}

const DEFAULT_PORT = { http: 80, https: 443 } as const

/** `scheme`: not http or https. */
export type UrlProblem = 'scheme' | 'malformed'

export function parseHttpUrl(text: string): HttpUrl | UrlProblem {
  if (text === '' || /[\x00-\x20\x7f]/.test(text)) return 'malformed'
  const start = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//.exec(text)
  const scheme = start?.[1]?.toLowerCase() ?? 'http'
  if (scheme !== 'http' && scheme !== 'https') return 'scheme'
  const rest = text.slice(start?.[0].length ?? 0)
  const end = rest.search(/[/?#]/)
  const authority = end < 0 ? rest : rest.slice(0, end)
  const at = authority.lastIndexOf('@')
  const place = /^(\[[0-9a-fA-F:.%]+\]|[^:[\]]+)(?::(\d*))?$/.exec(authority.slice(at + 1))
  const host = place?.[1] ?? ''
  const portText = place?.[2] ?? ''
  const port = portText === '' ? DEFAULT_PORT[scheme] : Number(portText)
  if (host === '' || port > 65535) return 'malformed'
  return {
    scheme, host, port, credentials: at < 0 ? '' : authority.slice(0, at),
    hostPort: port === DEFAULT_PORT[scheme] ? host : `${host}:${port}`,
    path: pathOf(end < 0 ? '' : rest.slice(end)),
  }
}

function pathOf(text: string): string {
  const [whole = ''] = text.split('#', 1)
  const query = whole.indexOf('?')
  const path = query < 0 ? whole : whole.slice(0, query)
  return withoutDots(path === '' ? '/' : path) + (query < 0 ? '' : whole.slice(query))
}

/** RFC 3986 §5.2.4. */
function withoutDots(path: string): string {
  if (!/\/\.\.?(?:\/|$)/.test(path)) return path
  const kept: string[] = []
  const parts = path.split('/').slice(1)
  parts.forEach((part, index) => {
    const isLast = index === parts.length - 1
    if (part === '..') kept.pop()
    if (part !== '.' && part !== '..') kept.push(part)
    else if (isLast) kept.push('')
  })
  return `/${kept.join('/')}`
}

export function urlText({ scheme, hostPort, path }: HttpUrl): string {
  return `${scheme}://${hostPort}${path}`
}

/** Where a redirection leads. */
export function redirected(from: HttpUrl, location: string): HttpUrl | UrlProblem {
  const text = location.trim().replaceAll(' ', '%20')
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(text)) return parseHttpUrl(text)
  const root = `${from.scheme}://${from.hostPort}`
  if (text.startsWith('//')) return parseHttpUrl(`${from.scheme}:${text}`)
  if (text.startsWith('/')) return parseHttpUrl(root + text)
  const [path = ''] = from.path.split('?', 1)
  if (text.startsWith('?')) return parseHttpUrl(root + path + text)
  return parseHttpUrl(`${root}${path.slice(0, path.lastIndexOf('/') + 1)}${text}`)
}
