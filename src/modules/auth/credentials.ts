/** Credentials of a request: found by their realm, checked before anybody looks at a password, and taken out again. */
import type { RouteContext } from '../../runtime/context.ts'
import type { Header } from '../../sip/header.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { DigestCredentials, isComplete, parseDigestCredentials, type CheckedCredentials } from '../../sip/headers/digest-credentials.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { checkNonce } from './nonce.ts'
import type { Auth } from './state.ts'

/** Which header: of a registrar (401) or of a proxy (407). */
export type Side = 'www' | 'proxy'

/** What there is to say before a password is looked at; `credentials` go on to that. `ok` needs none (ACK, CANCEL, PRACK). */
export type Precheck = CheckedCredentials | 'ok' | 'error' | 'none' | 'stale' | 'reused'

const typeOf = (side: Side): HeaderType => (side === 'proxy' ? HeaderType.proxyAuthorization : HeaderType.authorization)

const checkedOf = (message: SipMessage, side: Side): CheckedCredentials | undefined =>
  side === 'proxy' ? message.checkedProxyAuthorization : message.checkedAuthorization

/** ACK and CANCEL have their request's CSeq and cannot be challenged; PRACK is not either. */
export const needsNoCredentials = (method: string): boolean => method === 'ACK' || method === 'CANCEL' || method === 'PRACK'

export function withoutPrefix(auth: Auth, realm: string): string {
  const { realm_prefix: prefix } = auth.params
  return prefix !== '' && realm.startsWith(prefix) ? realm.slice(prefix.length) : realm
}

/** Finds the credentials of a realm, in any case of letters; an error when one in front of them cannot be read. */
export function findCredentials(auth: Auth, message: SipMessage, realm: string, side: Side): CheckedCredentials | 'none' | 'error' {
  const wanted = realm.toLowerCase()
  let header: Header | undefined = message.header(typeOf(side))
  while (header !== undefined) {
    const credentials = parseDigestCredentials(header.body)
    if (credentials instanceof ParseError) {
      auth.host.log.error('<core>', 'error while parsing credentials')
      return 'error'
    }
    if (credentials?.realm?.toLowerCase() === wanted) {
      const before = checkedOf(message, side)
      return before?.header.start === header.start ? before : { header, credentials, isStale: false }
    }
    header = message.headerAfter(header)
  }
  if (message.error === undefined) return 'none'
  auth.host.log.error('<core>', 'error while parsing headers')
  return 'error'
}

/** The first credentials in Proxy-Authorization, else in Authorization, whatever their realm; those of another scheme are empty. */
export function firstCredentials(message: SipMessage): DigestCredentials | undefined {
  const header = message.header(HeaderType.proxyAuthorization) ?? message.header(HeaderType.authorization)
  if (header === undefined) return undefined
  const credentials = parseDigestCredentials(header.body)
  return credentials === undefined || credentials instanceof ParseError ? new DigestCredentials() : credentials
}

export function hasCredentials(auth: Auth, message: SipMessage, realm: string): number {
  const isThere = (side: Side): boolean => typeof findCredentials(auth, message, realm, side) !== 'string'
  return isThere('proxy') || isThere('www') ? 1 : -1
}

/** Finds credentials of the realm and judges all but their response. What is found counts as checked, right or wrong. */
export function precheck(auth: Auth, context: RouteContext, realm: string, side: Side): Precheck {
  const { message } = context
  if (needsNoCredentials(message.method)) return 'ok'
  const found = findCredentials(auth, message, withoutPrefix(auth, realm), side)
  if (found === 'error') auth.host.log.error('auth', 'Error while looking for credentials')
  if (typeof found === 'string') return found
  if (side === 'proxy') message.checkedProxyAuthorization = found
  else message.checkedAuthorization = found
  if (!isComplete(found.credentials)) {
    auth.host.log.error('auth', 'Credentials are not filled properly')
    return 'error'
  }
  return withGoodNonce(auth, message, found)
}

function withGoodNonce(auth: Auth, message: SipMessage, found: CheckedCredentials): Precheck {
  const { host } = auth
  const verdict = checkNonce(auth.nonces, found.credentials, {
    nowSeconds: Math.floor(host.clock.now() / 1000),
    startedSeconds: Math.floor(host.identity.startedAtMs / 1000),
    checks: checksFor(auth, message),
    message,
  })
  if (verdict === 'stale') found.isStale = true
  if (verdict === 'bad-nc') host.log.error('auth', `bad nc value ${found.credentials.nc ?? ''}`)
  if (verdict === 'good') return found
  return verdict === 'stale' || verdict === 'reused' ? verdict : 'error'
}

/** What must be the same in this request and the one that was challenged. */
export function checksFor(auth: Auth, message: SipMessage): number {
  const { params } = auth
  if (message.method === 'REGISTER') return params.auth_checks_register
  const to = message.to()
  const hasTag = to !== undefined && !(to instanceof ParseError) && (to.tag ?? '') !== ''
  return hasTag ? params.auth_checks_in_dlg : params.auth_checks_no_dlg
}

/** Takes the credentials that were checked out of the request: Authorization, else Proxy-Authorization. */
export function consumeCredentials(auth: Auth, message: SipMessage): number {
  if (needsNoCredentials(message.method)) return -1
  const checked = message.checkedAuthorization ?? message.checkedProxyAuthorization
  if (checked === undefined) {
    auth.host.log.error('auth', 'No authorized credentials found (error in scripts)')
    return -1
  }
  message.edits.remove(checked.header.start, checked.header.end)
  return 1
}
