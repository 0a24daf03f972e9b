/** Whether the credentials of a request are complete. */
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { isComplete, parseDigestCredentials } from '../../sip/headers/digest-credentials.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { headersReadable } from './readable.ts'
import { refuse, type Sanity } from './reply.ts'

/** Fields that may not be empty, and the reply when they are. */
const FILLED = [
  ['username', 'Auth Empty User'],
  ['nonce', 'Auth Empty Nonce'],
  ['response', 'Auth Empty Response'],
] as const

/** Looks at every Authorization, then at every Proxy-Authorization; the first of another scheme ends it. */
export function checkDigest(sanity: Sanity, context: RouteContext): 'passed' | 'failed' | 'other scheme' {
  const { message } = context
  const fail = (reason: string): 'failed' => {
    refuse(sanity, context, 400, reason)
    return 'failed'
  }
  if (!headersReadable(message)) {
    sanity.host.log.error('sanity', 'failed to parse headers')
    return fail('Bad Headers')
  }
  const headers = [...message.headersOf(HeaderType.authorization), ...message.headersOf(HeaderType.proxyAuthorization)]
  for (const header of headers) {
    const credentials = parseDigestCredentials(header.body)
    if (credentials === undefined) return 'other scheme'
    if (credentials instanceof ParseError) return fail('Bad Auth Header')
    if (!isComplete(credentials)) return fail('Bad Auth Credentials')
    for (const [name, reason] of FILLED) if (credentials[name] === '') return fail(reason)
  }
  return 'passed'
}
