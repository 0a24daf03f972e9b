/** Challenges: WWW-Authenticate and Proxy-Authenticate (RFC 7616 §3.3), sent at once, kept in an AVP or in a variable. */
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ownText } from '../../base/own-text.ts'
import type { SipMessage } from '../../sip/message.ts'
import { checksFor, withoutPrefix, type Side } from './credentials.ts'
import { makeNonce } from './nonce.ts'
import type { Auth } from './state.ts'

/** Flags of the challenge functions. */
const Flag = { qopAuth: 1, qopAuthInt: 2, noReplyOnError: 4, stale: 16 } as const

export interface ChallengeOptions {
  readonly side: Side
  readonly realm: string
  /** Empty for none. */
  readonly qop: string
  readonly isStale: boolean
}

/** A challenge as a whole header line. Without a message the nonce is bound to none. */
export function challengeLine(auth: Auth, context: RouteContext, options: ChallengeOptions, message?: SipMessage): string {
  const { params } = auth
  const name = options.side === 'proxy' ? params.proxy_challenge_header : params.www_challenge_header
  const nonce = nextNonce(auth, context, message)
  const qop = options.qop === '' ? '' : `, qop="${options.qop}"`
  const stale = options.isStale ? ', stale=true' : ''
  const algorithm = params.algorithm === '' ? '' : `, algorithm=${params.algorithm}`
  return `${name}: Digest realm="${withoutPrefix(auth, options.realm)}", nonce="${nonce}"${qop}${stale}${algorithm}\r\n`
}

export function nextNonce(auth: Auth, context: RouteContext, message: SipMessage | undefined): string {
  const checks = message === undefined ? 0 : checksFor(auth, message)
  return makeNonce(auth.nonces, Math.floor(auth.host.clock.now() / 1000), context.worker.index + 1, checks, message)
}

const qopOfFlags = (flags: number): string =>
  (flags & Flag.qopAuthInt) !== 0 ? 'auth-int' : (flags & Flag.qopAuth) !== 0 ? 'auth' : ''

function problemOf(realm: string | undefined, flags: number | undefined): string | undefined {
  if (realm === undefined) return 'failed to get realm value'
  if (realm === '') return 'invalid realm value - empty content'
  return flags === undefined ? 'invalid flags value' : undefined
}

/** Answers 401 or 407 with a challenge; 500 where the realm or the flags cannot be had. */
export function sendChallenge(
  auth: Auth, context: RouteContext, side: Side, realm: string | undefined, flags: number | undefined,
): number {
  const problem = problemOf(realm, flags)
  if (problem !== undefined || realm === undefined || flags === undefined) {
    auth.host.log.error('auth', problem ?? '')
    return reply(auth, context, 500, 'Internal Server Error') < 0 ? -4 : -1
  }
  const isStale = (flags & Flag.stale) !== 0
  context.message.addReplyHeader(ownText(challengeLine(auth, context, { side, realm, qop: qopOfFlags(flags), isStale }, context.message)))
  const sent = side === 'www'
    ? reply(auth, context, 401, 'Unauthorized')
    : reply(auth, context, 407, 'Proxy Authentication Required')
  return sent < 0 ? -3 : 1
}

function reply({ sl, params }: Auth, context: RouteContext, code: number, reason: string): number {
  if (sl === undefined) return -1
  return params.force_stateless_reply === 0 ? sl.replyInTransaction(context, code, reason) : sl.reply(context, code, reason)
}

/** Puts a challenge, with its name and line end, into a variable. */
export function challengeIntoVariable(
  auth: Auth, context: RouteContext, realm: string | undefined, flags: number | undefined, target: VariableHandle,
): number {
  const problem = problemOf(realm, flags)
  if (problem !== undefined || realm === undefined || flags === undefined) {
    auth.host.log.error('auth', problem ?? '')
    return -1
  }
  const isStale = (flags & Flag.stale) !== 0
  target.set(context, challengeLine(auth, context, { side: 'www', realm, qop: qopOfFlags(flags), isStale }))
  return 1
}

/** Puts a challenge into the AVP of `challenge_attr`. */
export function challengeIntoAvp(auth: Auth, context: RouteContext, options: ChallengeOptions): void {
  context.avps.add(auth.challengeAvp, ownText(challengeLine(auth, context, options, context.message)))
}
