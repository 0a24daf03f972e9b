/** Whether the user of the credentials is the one that From, To and the Request-URI name. */
import type { RouteContext } from '../../runtime/context.ts'
import { fromUri, toUri } from '../../runtime/party-uri.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { SipUri } from '../../sip/uri.ts'
import { AuthResult } from './authenticate.ts'

export interface IdentityRules {
  readonly comparesHosts: boolean
  /** Leave the user of INVITE, BYE, PRACK, UPDATE and MESSAGE alone: they may come from a forwarding phone. */
  readonly skipsForwarded: boolean
}

const FORWARDED = ['INVITE', 'BYE', 'PRACK', 'UPDATE', 'MESSAGE']

/** REGISTER and PUBLISH: the user is To's, From is To, and a PUBLISH's Request-URI is From; others: the user is From's. */
export function checkIdentity(context: RouteContext, user: string, rules: IdentityRules): number {
  const { message } = context
  const from = fromUri(context)
  if (from === undefined) return AuthResult.error
  const isOwn = message.method === 'REGISTER' || message.method === 'PUBLISH'
  const to = isOwn ? toUri(context) : undefined
  if (isOwn && to === undefined) return AuthResult.error
  const isForwarded = rules.skipsForwarded && FORWARDED.includes(message.method)
  if (!isForwarded && user !== (to ?? from).user) return AuthResult.userMismatch
  if (to === undefined) return AuthResult.ok
  if (!isSame(from, to, rules)) return AuthResult.userMismatch
  if (message.method !== 'PUBLISH') return AuthResult.ok
  return checkRequestUri(message, from, rules)
}

function checkRequestUri(message: SipMessage, from: SipUri, rules: IdentityRules): number {
  const uri = message.parsedUri()
  if (uri instanceof ParseError) return AuthResult.error
  return isSame(from, uri, rules) ? AuthResult.ok : AuthResult.userMismatch
}

const isSame = (one: SipUri, other: SipUri, rules: IdentityRules): boolean =>
  one.user === other.user && (!rules.comparesHosts || one.host === other.host)
