/** How long a contact lives, and which is tried first. */
import type { RouteContext } from '../../runtime/context.ts'
import { ContextValue } from '../../runtime/context-value.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { contactParam, expiresHeader, wrapped } from './request.ts'
import type { Registrar } from './state.ts'

/** When the contact expires in seconds since 1970, 0 for one that is to go; `low` where it is refused for less than min_expires. */
export function contactExpires(
  registrar: Registrar, context: RouteContext, contact: NameAddr, isExact: boolean, now: number,
): number | 'low' {
  const { params } = registrar
  const fixed = registrar.numberOf(context, 'expires')
  const asked = fixed !== undefined && fixed >= 0 ? { seconds: fixed, range: 0 } : askedFor(registrar, context, contact)
  let { seconds } = asked
  if (seconds === 0) return 0
  // Compared without a sign: Kamailio takes what is beyond an int for a time of before.
  if (seconds >>> 0 < params.min_expires) {
    if (params.min_expires_mode !== 0) return 'low'
    seconds = params.min_expires
  }
  if (!isExact) seconds = shortened(registrar, seconds, asked.range)
  if (seconds >>> 0 < params.min_expires) seconds = params.min_expires
  if (params.max_expires !== 0 && seconds >>> 0 > params.max_expires) seconds = params.max_expires
  return (seconds + now) | 0
}

interface Asked {
  readonly seconds: number
  /** Percent. */
  readonly range: number
}

/** The contact's own parameter before the header, the default where neither says a number. */
function askedFor({ params }: Registrar, { message }: RouteContext, contact: NameAddr): Asked {
  const text = contactParam(contact, 'expires')
  const byDefault: Asked = { seconds: params.default_expires, range: params.default_expires_range }
  if (text === undefined || text === '') {
    const seconds = expiresHeader(message)
    return seconds < 0 ? byDefault : { seconds, range: params.expires_range }
  }
  const isNumber = /^[0-9]{1,10}$/.test(text) && Number(text) <= 0xffff_ffff
  return isNumber ? { seconds: wrapped(Number(text)), range: params.expires_range } : byDefault
}

/** RFC 3261 §10.3: a registrar may choose less than was asked for. */
function shortened({ host }: Registrar, seconds: number, range: number): number {
  if (range === 0) return seconds
  const least = Math.trunc(seconds - (range / 100) * seconds)
  return Math.trunc(least + (host.random.integer(100) / 100) * (seconds - least))
}

/** What KSR.registrar.set_q_override() gave: the q, in thousandths, of all contacts of a request. */
export const fixedQ = new ContextValue<number>()

const Q_VALUE = /^[ \t]*(?:0+|0*(1)(?:\.0+)?|0*\.([0-9]+))$/

/** A q as thousandths; undefined for what is none. */
export function parseQ(text: string): number | undefined {
  const found = Q_VALUE.exec(text)
  if (found === null) return undefined
  const [, one, digits] = found
  return one !== undefined ? 1000 : digits === undefined ? 0 : Number(digits.slice(0, 3).padEnd(3, '0'))
}

export function contactQ(registrar: Registrar, context: RouteContext, contact: NameAddr): number | undefined {
  const given = fixedQ.get(context)
  if (given !== undefined) return given
  const fixed = registrar.numberOf(context, 'q')
  if (fixed !== undefined) return fixed >= 0 && fixed <= 1000 ? fixed : undefined
  const text = contactParam(contact, 'q')
  return text === undefined || text === '' ? registrar.params.default_q : parseQ(text)
}
