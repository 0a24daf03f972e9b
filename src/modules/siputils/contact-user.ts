/**
 * Contacts whose parts are packed into the user of another URI: `sip:bob:pw@10.0.0.1:5070;transport=tcp` becomes
 * `sip:PREFIX*bob*pw*10.0.0.1*5070*tcp@HOST`. Failures are the negative numbers that Kamailio gives.
 */
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam } from '../../sip/uri.ts'

/** The packed URI; all parameters but transport are lost. `sips` cannot be packed. */
export function packUri(uri: string, prefix: string, hostPart: string, separator: string, phone2tel: boolean): string | number {
  if (uri.length <= 1) return -1
  const colon = uri.indexOf(':')
  if (colon < 0) return -25
  if (colon < 3) return -26
  const parsed = parseUri(uri.slice(colon - 3))
  if (parsed instanceof ParseError) return -509
  const isPhone = phone2tel && uriParam(parsed, 'user') === 'phone'
  const semicolon = isPhone ? parsed.user.indexOf(';') : -1
  const user = semicolon < 0 ? parsed.user : parsed.user.slice(0, semicolon)
  const parts = [prefix, user, parsed.password, parsed.host, parsed.portText, uriParam(parsed, 'transport') ?? '']
  return `${uri.slice(0, colon + 1)}${parts.join(separator)}@${hostPart}`
}

/** The URI that was packed; what follows the host part (`;...`) stays. */
export function unpackUri(uri: string, separator: string): string | number {
  if (uri === '') return -1
  const colon = uri.indexOf(':')
  if (colon < 0) return -22
  const at = uri.indexOf('@', colon + 1)
  if (at < 0) return -23
  const parts = uri.slice(colon + 1, at).split(separator)
  if (parts.length > 6) return -24
  if (parts.length < 6) return -26
  const [, user = '', password = '', host = '', port = '', transport = ''] = parts
  if (host === '') return -2
  if (password !== '' && user === '') return -3
  let rest = at
  while (rest < uri.length && uri.charAt(rest) !== ';' && uri.charAt(rest) !== '>') rest++
  const userInfo = user === '' ? '' : password === '' ? `${user}@` : `${user}:${password}@`
  const hostPort = port === '' ? host : `${host}:${port}`
  return uri.slice(0, colon + 1) + userInfo + hostPort + (transport === '' ? '' : `;transport=${transport}`) + uri.slice(rest)
}
