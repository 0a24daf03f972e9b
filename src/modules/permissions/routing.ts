/** allow_routing(), allow_register(), allow_uri(): pairs of URIs looked up in the rules that allow and those that deny. */
import type { PvValue } from '../../define/value.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseContacts } from '../../sip/headers/contact.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { EXPRESSION_BYTES_MAX, hasRule } from './rule-file.ts'
import type { Permissions, RulePair } from './state.ts'

const isEmpty = ({ allow, deny }: RulePair): boolean => allow.length === 0 && deny.length === 0

/** From and Request-URI, and From and each further branch. 1 allowed, -1 denied. */
export function checkRouting(state: Permissions, context: RouteContext, pair: RulePair): number {
  if (isEmpty(pair)) return 1
  const from = partyUri(state, context.message.from(), 'From')
  const to = from === undefined ? undefined : requestUri(state, context)
  if (from === undefined || to === undefined) return -1
  const isAllowed = hasRule(pair.allow, from, to)
  if (!isAllowed && hasRule(pair.deny, from, to)) return -1
  if (state.params.check_all_branches === 0 || !context.hasBranches) return 1
  for (const { uri } of context.branches.list) {
    const plain = plainUri(state, uri)
    if (plain === undefined) return refuse(state, 'failed to extract plain URI')
    if (!hasRule(pair.allow, from, plain) && hasRule(pair.deny, from, plain)) return -1
  }
  return 1
}

/** To and each Contact of a REGISTER. */
export function checkRegister(state: Permissions, context: RouteContext, pair: RulePair): number {
  if (isEmpty(pair)) return 1
  const { message } = context
  const to = message.to()
  if (to === undefined || to instanceof ParseError) return refuse(state, 'To or Contact not found')
  const headers = message.headersOf(HeaderType.contact)
  const contacts: NameAddr[] = []
  for (const header of headers) {
    const found = parseContacts(message.text, header)
    if (found instanceof ParseError) return refuse(state, 'failed to parse Contact HF')
    contacts.push(...found)
  }
  if (contacts.length === 0 || contacts[0]?.isStar === true) return 1
  if (to.uri.length > EXPRESSION_BYTES_MAX) {
    return refuse(state, `To header field is too long: ${to.uri.length} chars`)
  }
  for (const { uri } of contacts) {
    const plain = plainUri(state, uri)
    if (plain === undefined) return refuse(state, "can't extract plain Contact URI")
    if (state.params.check_all_branches !== 0 && hasRule(pair.allow, to.uri, plain)) continue
    if (hasRule(pair.deny, to.uri, plain)) return -1
  }
  return 1
}

/** From and a URI from a variable. */
export function checkUri(state: Permissions, context: RouteContext, pair: RulePair, value: PvValue): number {
  if (isEmpty(pair)) return 1
  const from = partyUri(state, context.message.from(), 'From')
  if (from === undefined) return -1
  if (value === null) return refuse(state, 'pseudo variable value is not string')
  const uri = String(value)
  if (uri.length > EXPRESSION_BYTES_MAX) {
    return refuse(state, `pseudo variable value is too long: ${uri.length} chars`)
  }
  return isAllowed(pair, from, uri) ? 1 : -1
}

/** What no rule is about is allowed. */
export function isAllowed({ allow, deny }: RulePair, left: string, right: string): boolean {
  return hasRule(allow, left, right) || !hasRule(deny, left, right)
}

function partyUri(state: Permissions, party: NameAddr | ParseError | undefined, name: string): string | undefined {
  if (party === undefined || party instanceof ParseError) {
    refuse(state, party === undefined ? `${name.toUpperCase()} header field not found` : `failed to parse ${name} body`)
    return undefined
  }
  if (party.uri.length <= EXPRESSION_BYTES_MAX) return party.uri
  refuse(state, `${name} header field is too long: ${party.uri.length} chars`)
  return undefined
}

/** The Request-URI as `sip:user@host`, with the @ even where there is no user. */
function requestUri(state: Permissions, { message }: RouteContext): string | undefined {
  const uri = message.isRequest ? message.parsedUri() : undefined
  if (uri === undefined || uri instanceof ParseError) {
    refuse(state, 'uri parsing failed')
    return undefined
  }
  const plain = `sip:${uri.user}@${uri.host}`
  if (plain.length <= EXPRESSION_BYTES_MAX) return plain
  refuse(state, `Request URI is too long: ${plain.length} chars`)
  return undefined
}

/** A URI as `sip:user@host` or `sip:host`. */
function plainUri(state: Permissions, text: string): string | undefined {
  const uri = parseUri(text)
  if (uri instanceof ParseError) {
    refuse(state, 'failed to parse URI')
    return undefined
  }
  const plain = uri.user === '' ? `sip:${uri.host}` : `sip:${uri.user}@${uri.host}`
  if (plain.length <= EXPRESSION_BYTES_MAX) return plain
  refuse(state, `Request-URI is too long: ${plain.length} chars`)
  return undefined
}

function refuse(state: Permissions, reason: string): number {
  state.host.log.error('permissions', reason)
  return -1
}
