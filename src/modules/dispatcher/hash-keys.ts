/** What the hashing algorithms hash; undefined, with a line in the log, when it is not there. */
import { coreHash } from '../../base/core-hash.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseDigestCredentials } from '../../sip/headers/digest-credentials.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { Option } from './params.ts'
import { fail, type Dispatcher } from './state.ts'

/** Kamailio's hash of two texts; never 0. */
export function hashOf(first: string, second = ''): number {
  return coreHash(first, second, 0) || 1
}

export function hashCallId(state: Dispatcher, { message }: RouteContext): number | undefined {
  const callId = message.callId()
  if (callId !== undefined) return hashOf(callId)
  fail(state, 'cannot parse Call-Id')
  return undefined
}

export function hashFrom(state: Dispatcher, context: RouteContext): number | undefined {
  return hashParty(state, context.message.from(), 'From')
}

export function hashTo(state: Dispatcher, context: RouteContext): number | undefined {
  return hashParty(state, context.message.to(), 'To')
}

function hashParty(state: Dispatcher, party: NameAddr | ParseError | undefined, name: string): number | undefined {
  if (party !== undefined && !(party instanceof ParseError)) return hashUri(state, party.uri)
  fail(state, `cannot parse ${name} hdr`)
  return undefined
}

export function hashRequestUri(state: Dispatcher, { message }: RouteContext): number | undefined {
  return hashUri(state, message.uri)
}

/** User and host, with the port where that is not the usual one; the user alone when `flags` says so. */
function hashUri(state: Dispatcher, text: string): number | undefined {
  const uri = parseUri(text)
  if (uri instanceof ParseError) {
    fail(state, `invalid uri ${text}`)
    return undefined
  }
  if (uri.host === '' && uri.scheme !== 'tel') {
    fail(state, `invalid uri, no host present: ${text}`)
    return undefined
  }
  if (uri.user === '') state.host.log.warning('dispatcher', `empty username in: ${text}`)
  if ((state.params.flags & Option.userOnly) !== 0) return hashOf(uri.user)
  const usual = uri.scheme === 'sips' ? 5061 : 5060
  const isUsual = uri.portText === '' || uri.port === 0 || uri.port === usual
  return hashOf(uri.user, isUsual ? uri.host : `${uri.host}:${uri.portText}`)
}

/** The user who authenticates; undefined when nobody does. */
export function hashAuthenticatedUser(state: Dispatcher, { message }: RouteContext): number | undefined {
  const header = message.header(HeaderType.proxyAuthorization) ?? message.header(HeaderType.authorization)
  const credentials = header === undefined ? undefined : parseDigestCredentials(header.body)
  if (credentials === undefined || credentials instanceof ParseError) return undefined
  if (credentials.user !== '') return hashOf(credentials.user)
  fail(state, 'No Authorization-Username or Credentials!')
  return undefined
}

/** The text of hash_pvar. */
export function hashVariables(state: Dispatcher, context: RouteContext): number | undefined {
  const text = state.hashText?.evaluate(context) ?? ''
  if (text !== '') return hashOf(text)
  if (state.hashText !== undefined) fail(state, 'String is empty!')
  return undefined
}
