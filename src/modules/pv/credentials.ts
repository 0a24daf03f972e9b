/** What a request says about who sends it (RFC 2617, RFC 7616): Proxy-Authorization, else Authorization. */
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { DigestCredentials, parseDigestCredentials } from '../../sip/headers/digest-credentials.ts'
import { ParseError } from '../../sip/parse-error.ts'

const METHOD_CANCEL = 2
const METHOD_ACK = 4

/** Undefined for messages without credentials, for ACK and for CANCEL; for unreadable ones, with a line in the log. */
export function readCredentials({ host, message }: RouteContext): DigestCredentials | undefined {
  if (message.methodId === METHOD_ACK || message.methodId === METHOD_CANCEL) return undefined
  const proxyHeader = message.header(HeaderType.proxyAuthorization)
  const header = proxyHeader ?? message.header(HeaderType.authorization)
  if (header === undefined) return undefined
  const credentials = parseDigestCredentials(header.body)
  // Of another scheme, but in front of credentials that were checked: Kamailio takes it for an empty one.
  const checked = proxyHeader === undefined ? message.checkedAuthorization : message.checkedProxyAuthorization
  if (credentials === undefined && checked !== undefined) return new DigestCredentials()
  if (credentials !== undefined && !(credentials instanceof ParseError)) return credentials
  host.log.error('pv', 'failed to parse credentials')
  return undefined
}
