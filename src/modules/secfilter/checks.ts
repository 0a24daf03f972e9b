/** What the functions look at, and what they answer: 1 in no list, above it allowed, below 0 blocked. */
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { isSuspicious } from './injection.ts'
import { fromName, partyOf, type PartyName } from './parties.ts'
import type { Secfilter } from './state.ts'

export function checkUserAgent({ lists, counters }: Secfilter, { message }: RouteContext): number {
  const agent = message.value(HeaderType.userAgent)
  return agent ? counters.count(lists.find('ua', agent), 'user-agent') : 1
}

export function checkSource({ lists, counters }: Secfilter, { message }: RouteContext): number {
  return counters.count(lists.find('ip', message.received.sourceAddress), 'IP address')
}

export function checkCountry({ lists, counters }: Secfilter, country: string): number {
  return country === '' ? 1 : counters.count(lists.find('country', country), 'country')
}

/** The name and the user are looked up among users, whitelist first; then the domain. */
export function checkParty({ lists, counters }: Secfilter, context: RouteContext, which: PartyName): number {
  const party = partyOf(context, which)
  if (party === undefined) return 1
  const { name, user, domain } = party
  const { allowed, blocked } = lists
  const isNamed = name !== ''
  if (isNamed && allowed.user.matches(name)) return 2 * counters.count(2, `${which} name`)
  if (allowed.user.matches(user)) return counters.count(2, `${which} user`)
  if (isNamed && blocked.user.matches(name)) return 2 * counters.count(-2, `${which} name`)
  if (blocked.user.matches(user)) return counters.count(-2, `${which} user`)
  const found = counters.count(lists.find('domain', domain), `${which} domain`)
  return found === 1 ? 1 : found + Math.sign(found)
}

export function checkDestination({ lists, counters, params }: Secfilter, number: string): number {
  const { destinations } = lists
  const isBlocked = params.dst_exact_match === 0 ? destinations.matches(number) : destinations.has(number)
  if (!isBlocked) return 1
  counters.destinations++
  return -2
}

export function checkText({ counters }: Secfilter, text: string): number {
  if (!isSuspicious(text)) return 1
  counters.injections++
  return -1
}

/** Looks at User-Agent, From, To and Contact; 0, which ends the script, where something is found. */
export function checkMessage({ host, counters }: Secfilter, context: RouteContext): number {
  for (const [what, text] of textsOf(context)) {
    if (!isSuspicious(text)) continue
    counters.injections++
    host.log.info('secfilter', `Possible SQL injection found in ${what} (${text})`)
    return 0
  }
  return 1
}

function* textsOf(context: RouteContext): Generator<readonly [what: string, text: string]> {
  yield ['User-agent', context.message.value(HeaderType.userAgent) ?? '']
  yield ['From name', fromName(context)]
  for (const [which, label] of PARTIES) {
    const party = partyOf(context, which)
    if (party === undefined) continue
    yield [`${label} name`, party.name]
    yield [`${label} user`, party.user]
    yield [`${label} domain`, party.domain]
  }
}

const PARTIES = [['from', 'From'], ['to', 'To'], ['contact', 'Contact']] as const
