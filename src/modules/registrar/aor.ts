/** The address of record that a URI is about: unescaped, without the domain where that does not count, in lower case. */
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import { Failures, type Failure } from './failure.ts'
import type { Registrar } from './state.ts'

const AOR_MAX = 256
const USER_MAX = 64
const DOMAIN_MAX = 128

export interface Aor {
  readonly text: string
  readonly uri: SipUri
}

/** `parsed` is the URI, where somebody has read it before. */
export function aorOf(registrar: Registrar, text: string, parsed?: SipUri): Aor | Failure {
  const { log } = registrar.host
  const uri = parsed ?? parseUri(text)
  if (uri instanceof ParseError) {
    log.error('registrar', `failed to parse AoR [${text}]`)
    return Failures.aor
  }
  const { user, host } = uri
  if (user.length + host.length + 1 > AOR_MAX || user.length > USER_MAX || host.length > DOMAIN_MAX) {
    log.error('registrar', 'Address Of Record too long')
    return Failures.aorLength
  }
  const name = user.includes('%') ? unescapeUser(user) : user
  if (name === undefined) {
    log.error('registrar', 'failed to unescape username')
    return Failures.unescape
  }
  return { text: withDomain(registrar, name, host), uri }
}

function withDomain({ params, usrloc }: Registrar, name: string, host: string): string {
  const domain = usrloc.usesDomain ? (name === '' ? '' : '@') + withoutPrefix(host, params.realm_prefix) : ''
  return params.case_sensitive !== 0 && name !== '' ? name + domain.toLowerCase() : (name + domain).toLowerCase()
}

function withoutPrefix(host: string, prefix: string): string {
  return prefix !== '' && prefix.length < host.length && host.startsWith(prefix) ? host.slice(prefix.length) : host
}

const ESCAPES = /%(..?)?/g

/** `%41` is `A`; undefined for an escape that is none, or is no printable ASCII. */
export function unescapeUser(text: string): string | undefined {
  let isFaulty = false
  const result = text.replace(ESCAPES, (whole, digits: string | undefined) => {
    const code = digits !== undefined && /^[0-9a-f]{2}$/i.test(digits) ? parseInt(digits, 16) : -1
    if (code >= 32 && code <= 126) return String.fromCharCode(code)
    isFaulty = true
    return whole
  })
  return isFaulty ? undefined : result
}
